#!/bin/sh
# Make the platform's account, which may make all others, then start the broker.
set -eu
accounts=/mosquitto/data/accounts.json
[ -e "$accounts" ] || mosquitto_ctrl dynsec init "$accounts" cityplatform "$(cat /run/secrets/mqtt)"
chown mosquitto:mosquitto "$accounts"
exec mosquitto -c /mosquitto/config/mosquitto.conf
