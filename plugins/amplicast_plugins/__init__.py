"""First-party plugins: one per file, each found by its entry point as a stranger's is."""
