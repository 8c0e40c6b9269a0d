"""Append-only, hash-chained log of who did and saw what."""
