#!/bin/sh
# The MQTT door: stores what devices publish, acknowledges to the broker after commit.
. "$(dirname "$0")/env.sh"
exec python -m cityplatform.mqtt
