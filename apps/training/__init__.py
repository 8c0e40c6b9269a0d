"""Training runs, networks, model registry and forecasts."""
