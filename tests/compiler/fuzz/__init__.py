"""Searching for inputs that the compiler cannot take: `scripts/fuzz [--seconds N] [--seed S]`."""
