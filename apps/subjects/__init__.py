"""The rights of the people that the data speak of, and what is done when data have leaked."""
