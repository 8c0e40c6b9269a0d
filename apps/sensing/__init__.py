"""Things, datastreams and observations; doors, quality, roll-ups."""
