"""The world, and nothing else."""
