"""Scenarios that ship with amplicast: one folder each."""
