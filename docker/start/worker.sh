#!/bin/sh
# A Celery worker for the queues named by the first argument, separated by commas:
#   realtime, default  threads of one process: their tasks wait for the database and for other systems
#   long               processes, for the tasks keep processors busy: WORKER_PROCESSES at a time
#   train, infer       one task at a time in a thread: CUDA does not outlive a fork, and an idle parent costs 600 MB
# Threads answer a ping while a task runs. Several queues in one worker (a small machine, a test) are processes.
. "$(dirname "$0")/env.sh"
queues=${1:-default}
case "$queues" in
    realtime | default) pool=threads size=${WORKER_THREADS:-4} ;;
    train | infer | train,infer) pool=threads size=1 ;;
    *) pool=prefork size=${WORKER_PROCESSES:-2} ;;
esac
export WORKER_QUEUES="$queues"
# A person who runs everything as root on an own machine knows it.
export PYTHONWARNINGS="${PYTHONWARNINGS:+$PYTHONWARNINGS,}ignore:You're running the worker with superuser privileges"
exec celery --quiet -A cityplatform worker -Q "$queues" -n "$queues@%h" --pool "$pool" --concurrency "$size" \
    --loglevel "${LOG_LEVEL:-INFO}" --without-gossip --without-mingle
