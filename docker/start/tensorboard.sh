#!/bin/sh
# Curves of the training runs, for analysts on this machine.
. "$(dirname "$0")/env.sh"
mkdir -p "${VAR_DIR:-var}/tensorboard"
exec tensorboard --logdir "${VAR_DIR:-var}/tensorboard" --host "${BIND:-127.0.0.1}" --port "${TENSORBOARD_PORT:-8706}"
