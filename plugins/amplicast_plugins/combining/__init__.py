"""Rules for the joint gain of several techniques."""
