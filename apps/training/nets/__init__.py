"""Networks, metrics and intervals: numpy and torch only, no Django."""
