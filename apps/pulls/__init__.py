"""Readings fetched from outside systems on a schedule."""
