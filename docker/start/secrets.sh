#!/bin/sh
# Make the secret files of a composition once: docker/secrets/<name>, readable by the containers' users.
# "secrets.sh new-key" adds a version to the root keys of encrypted fields (then: manage.py keys_rotate).
set -eu
folder=$(dirname "$0")/../secrets
mkdir -p "$folder"
chmod 700 "$folder"
for name in secret_key postgres_admin postgres backup redis mqtt; do
    [ -e "$folder/$name" ] && continue
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/$name"
    chmod 444 "$folder/$name"  # the folder is closed on this machine; in a container another user reads the file
    echo "Made $folder/$name"
done

keys=$folder/keys
key() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
if [ ! -e "$keys" ]; then
    echo "1 $(key)" >"$keys"
    chmod 444 "$keys"
    echo "Made $keys. Keep a copy apart from the backups: without it encrypted fields are lost."
elif [ "${1:-}" = new-key ]; then
    version=$(awk '!/^#/ && NF { if ($1 > most) most = $1 } END { print most + 1 }' "$keys")
    chmod 644 "$keys"
    echo "$version $(key)" >>"$keys"  # the same file, so that running containers see it
    chmod 444 "$keys"
    echo "Version $version of the root key is active. Copy $keys, then run: manage.py keys_rotate"
fi
