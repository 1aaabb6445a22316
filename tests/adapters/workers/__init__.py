"""Tests of the worker processes, with a worker that misbehaves."""
