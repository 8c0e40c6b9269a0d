"""Schools, rooms, classes, courses and answers."""
