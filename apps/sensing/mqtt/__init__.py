"""The MQTT door: takes what devices publish, acknowledges after commit, publishes what is new."""
