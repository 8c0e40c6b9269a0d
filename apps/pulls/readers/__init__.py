"""One module for each language that sources speak; each turns an answer into rows for the door."""
