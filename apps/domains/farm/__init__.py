"""Farms, fields, irrigation zones and crops."""
