"""Tests of the animatic."""
