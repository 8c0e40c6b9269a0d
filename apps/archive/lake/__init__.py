"""Files of the lake: where they lie, how rows get into them and out of them, how they are compared."""
