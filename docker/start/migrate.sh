#!/bin/sh
# Runs once before the others in a composition: schema, and the demonstration city where SEED_DEMO=yes.
. "$(dirname "$0")/env.sh"
# The access log belongs to a role under which nobody logs in, except while the schema changes.
[ -z "${ADMIN_DATABASE_URL:-}" ] || python -m apps.audit.keeper open
python manage.py migrate --no-input
[ -z "${ADMIN_DATABASE_URL:-}" ] || python -m apps.audit.keeper close
if [ "${SEED_DEMO:-no}" = yes ] && [ ! -e "${VAR_DIR:-var}/demo" ]; then
    python manage.py seed_demo
    touch "${VAR_DIR:-var}/demo"
fi
