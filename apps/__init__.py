"""Every Django app of the platform; see docs/architecture.md for the layers."""
