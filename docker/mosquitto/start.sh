#!/bin/sh
# Hash the platform's password, then start the broker.
set -eu
mosquitto_passwd -c -b /mosquitto/data/passwords cityplatform "$(cat /run/secrets/mqtt)"
chown mosquitto:mosquitto /mosquitto/data/passwords
exec mosquitto -c /mosquitto/config/mosquitto.conf
