"""Techniques: what inference compute buys in training-equivalent compute, one per file."""
