#!/bin/sh
# Curves of the training runs. TensorBoard knows no logins: in a composition nginx asks the web process first;
# without one, start it by hand, and only where everybody on the machine may see the curves.
. "$(dirname "$0")/env.sh"
mkdir -p "${VAR_DIR:-var}/tensorboard" "${VAR_DIR:-var}/log"
exec tensorboard --logdir "${VAR_DIR:-var}/tensorboard" --host "${BIND:-127.0.0.1}" --port "${TENSORBOARD_PORT:-8706}" \
    --path_prefix /tensorboard --load_fast=false >>"${VAR_DIR:-var}/log/tensorboard.log" 2>&1
