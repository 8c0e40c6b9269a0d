#!/bin/sh
# A Celery worker for the queue named by the first argument: default, or gpu (one task at a time).
. "$(dirname "$0")/env.sh"
queue=${1:-default}
if [ "$queue" = gpu ]; then size=1; else size=${WORKER_PROCESSES:-2}; fi
exec celery -A cityplatform worker -Q "$queue" -n "$queue@%h" --concurrency "$size" --loglevel "${LOG_LEVEL:-INFO}" \
    --without-gossip --without-mingle
