"""Questions that the privacy app answers about its own rows; import from the modules."""
