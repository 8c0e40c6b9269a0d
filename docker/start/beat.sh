#!/bin/sh
# Sends the tasks that are due by the clock; exactly one may run.
. "$(dirname "$0")/env.sh"
exec celery --quiet -A cityplatform beat --loglevel "${LOG_LEVEL:-INFO}" --pidfile= --schedule "${VAR_DIR:-var}/beat"
