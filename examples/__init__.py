"""Examples: a script and notebooks."""
