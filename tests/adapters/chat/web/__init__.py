"""Tests of the local studio."""
