#!/bin/sh
# The web process: portal, API, tiles and websockets.
. "$(dirname "$0")/env.sh"
export DATABASE_POOL="${DATABASE_POOL:-10}"
exec uvicorn --factory cityplatform.asgi:serve --host "${BIND:-127.0.0.1}" --port "${WEB_PORT:-8700}" \
    --workers "${WEB_WORKERS:-1}" --lifespan off --no-proxy-headers --no-access-log --log-level warning --timeout-graceful-shutdown 5
