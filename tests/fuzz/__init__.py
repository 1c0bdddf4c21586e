"""Mutation fuzz: golden inputs, broken by seed, through every parser at the border; `make fuzz SECONDS=60`."""
