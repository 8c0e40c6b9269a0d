"""Writes of the archive."""
