"""The fake Discord's own rules, one small test each; what it is for stands in `tests.fakes.discord`."""
