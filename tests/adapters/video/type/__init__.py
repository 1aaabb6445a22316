"""Tests of type."""
