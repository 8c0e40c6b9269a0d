"""Questions about the access log and the history of changes."""
