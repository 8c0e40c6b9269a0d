"""Cleaning rules as pure functions over columns: the same code at the edge and at every door."""
