"""Plants, lines, machines, orders and inspections."""
