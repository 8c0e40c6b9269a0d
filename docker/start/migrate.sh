#!/bin/sh
# Runs once before the others in a composition: schema, and the demonstration city where SEED_DEMO=yes.
. "$(dirname "$0")/env.sh"
python manage.py migrate --no-input
if [ "${SEED_DEMO:-no}" = yes ] && [ ! -e "${VAR_DIR:-var}/demo" ]; then
    python manage.py seed_demo
    touch "${VAR_DIR:-var}/demo"
fi
