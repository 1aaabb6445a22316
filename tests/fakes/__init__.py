"""Fakes that implement the ports in memory, for tests that need no world around them."""
