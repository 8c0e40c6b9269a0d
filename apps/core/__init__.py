"""The bottom layer: domain registry, jobs, errors, paging, units, logs."""
