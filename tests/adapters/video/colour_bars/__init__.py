"""Tests of the parts of the test signal."""
