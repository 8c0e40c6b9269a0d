"""Writes of the city domain."""
