"""Throughline killed with SIGKILL, at every step and at random moments, and what is left of it when it comes back."""
