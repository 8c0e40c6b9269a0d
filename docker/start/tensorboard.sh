#!/bin/sh
# Curves of the training runs, for analysts on this machine.
. "$(dirname "$0")/env.sh"
mkdir -p "${VAR_DIR:-var}/tensorboard" "${VAR_DIR:-var}/log"
exec tensorboard --logdir "${VAR_DIR:-var}/tensorboard" --host "${BIND:-127.0.0.1}" --port "${TENSORBOARD_PORT:-8706}" \
    --load_fast=false >>"${VAR_DIR:-var}/log/tensorboard.log" 2>&1
