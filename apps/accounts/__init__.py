"""Who is this: users, departments, divisions, roles, API keys, sessions."""
