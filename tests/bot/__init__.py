"""Tests of the film, the members' wishes and the work."""
