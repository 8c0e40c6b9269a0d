"""One decision for every exit: grades, the policy kernel, masks."""
