"""OGC SensorThings API 1.1 (OGC 18-088): query language, entities, reading and writing."""
