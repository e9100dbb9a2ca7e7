"""Pools of compute by year: the world's chips, and the fleet of the leading lab."""
