#!/bin/sh
# The gateway that devices post their readings to; one process, so that commits are grouped.
. "$(dirname "$0")/env.sh"
exec uvicorn cityplatform.gateway:application --host "${BIND:-127.0.0.1}" --port "${GATEWAY_PORT:-8701}" \
    --no-proxy-headers --no-access-log --log-level warning --timeout-graceful-shutdown 10
