"""Copydesk's own troubles: checked before it starts, watched while it runs, told to the operator."""
