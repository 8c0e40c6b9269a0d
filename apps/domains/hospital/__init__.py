"""Hospitals, beds, theatres, staff and encounters."""
