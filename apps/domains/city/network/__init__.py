"""The demonstration city Haicheng: an invented street network, the same at every run."""
