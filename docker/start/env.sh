# Read by every start script. In a container the passwords are files under /run/secrets; under
# "make run" the environment holds ready addresses already.
set -eu
secrets=${SECRETS_DIR:-/run/secrets}

if [ -z "${DATABASE_URL:-}" ] && [ -r "$secrets/postgres" ]; then
    export DATABASE_URL="postgresql://cityplatform:$(cat "$secrets/postgres")@${POSTGRES_HOST:-postgres}:5432/cityplatform"
fi
if [ -z "${BACKUP_DATABASE_URL:-}" ] && [ -r "$secrets/backup" ]; then
    export BACKUP_DATABASE_URL="postgresql://cityplatform_backup:$(cat "$secrets/backup")@${POSTGRES_HOST:-postgres}:5432/postgres"
fi
if [ -z "${ADMIN_DATABASE_URL:-}" ] && [ -r "$secrets/postgres_admin" ]; then
    export ADMIN_DATABASE_URL="postgresql://postgres:$(cat "$secrets/postgres_admin")@${POSTGRES_HOST:-postgres}:5432/cityplatform"
fi
if [ -z "${REDIS_URL:-}" ] && [ -r "$secrets/redis" ]; then
    export REDIS_URL="redis://:$(cat "$secrets/redis")@${REDIS_HOST:-redis}:6379/0"
fi
if [ -z "${MQTT_URL:-}" ] && [ -r "$secrets/mqtt" ]; then
    export MQTT_URL="mqtt://cityplatform:$(cat "$secrets/mqtt")@${MQTT_HOST:-mosquitto}:1883"
fi
if [ -z "${SECRET_KEY_FILE:-}" ] && [ -r "$secrets/secret_key" ]; then
    export SECRET_KEY_FILE="$secrets/secret_key"
fi
if [ -z "${KEYS_FILE:-}" ] && [ -r "$secrets/keys" ]; then
    export KEYS_FILE="$secrets/keys"
fi
export DJANGO_SETTINGS_MODULE=cityplatform.settings
