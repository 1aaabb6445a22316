"""Tests of the video backends."""
