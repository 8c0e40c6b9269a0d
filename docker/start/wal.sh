#!/bin/sh
# Receives the database's log all the time; together with a base backup it brings back every commit.
. "$(dirname "$0")/env.sh"
exec python manage.py wal_receive
