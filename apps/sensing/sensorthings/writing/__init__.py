"""Creating, changing and retiring entities (18-088 section 10)."""
