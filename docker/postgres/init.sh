#!/bin/sh
# Runs once, on an empty data volume: the application's role (no superuser), its database and PostGIS.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --set password="$(cat /run/secrets/postgres)" <<'SQL'
CREATE ROLE cityplatform LOGIN PASSWORD :'password';
CREATE DATABASE cityplatform OWNER cityplatform;
\connect cityplatform
CREATE EXTENSION IF NOT EXISTS postgis;
SQL
