"""Tests of the fakes themselves: what a stage forgives, the house forgives."""
