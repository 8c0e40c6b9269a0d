#!/bin/sh
# Runs once, on an empty data volume: the application's role (no superuser), its database and PostGIS, and
# the role that makes backups, which may log in for them from the other containers.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --set password="$(cat /run/secrets/postgres)" \
    --set backup="$(cat /run/secrets/backup)" <<'SQL'
CREATE ROLE cityplatform LOGIN PASSWORD :'password';
CREATE ROLE cityplatform_backup LOGIN REPLICATION PASSWORD :'backup';
CREATE DATABASE cityplatform OWNER cityplatform;
\connect cityplatform
CREATE EXTENSION IF NOT EXISTS postgis;
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
SQL
echo "host replication cityplatform_backup all scram-sha-256" >>"$PGDATA/pg_hba.conf"
