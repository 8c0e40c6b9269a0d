"""Statistics as pure functions over small arrays: no Django, no database, no engine."""
