"""The data domains: each folder declares one, and none knows another."""
