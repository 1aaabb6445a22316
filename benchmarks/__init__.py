"""What is measured, with one command: `make bench` runs `__main__.py` and prints the numbers as a table."""
