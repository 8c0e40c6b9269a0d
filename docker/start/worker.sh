#!/bin/sh
# A Celery worker for the queue named by the first argument: default, or gpu (one task at a time).
. "$(dirname "$0")/env.sh"
queue=${1:-default}
if [ "$queue" = gpu ]; then size=1; else size=${WORKER_PROCESSES:-2}; fi
# A person who runs everything as root on an own machine knows it.
export PYTHONWARNINGS="${PYTHONWARNINGS:+$PYTHONWARNINGS,}ignore:You're running the worker with superuser privileges"
exec celery --quiet -A cityplatform worker -Q "$queue" -n "$queue@%h" --concurrency "$size" --loglevel "${LOG_LEVEL:-INFO}" \
    --without-gossip --without-mingle
