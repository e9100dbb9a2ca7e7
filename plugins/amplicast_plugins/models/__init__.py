"""Model lines: the frontier model by year."""
