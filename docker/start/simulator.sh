#!/bin/sh
# The demonstration city's devices, which post to the gateway like any other.
. "$(dirname "$0")/env.sh"
exec python manage.py simulate
