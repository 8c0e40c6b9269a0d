#!/bin/sh
# Does the worker of this container answer for the queue named by the first argument?
. "$(dirname "$0")/env.sh"
exec celery --quiet -A cityplatform inspect ping --destination "${1:-default}@$(hostname)" --timeout 10
