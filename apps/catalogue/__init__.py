"""Described datasets, requests with a purpose, expiring grants, programs with tokens, recall."""
