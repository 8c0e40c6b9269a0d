"""Statistics over the lake, on one machine or on a cluster."""
