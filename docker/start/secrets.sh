#!/bin/sh
# Make the secret files of a composition once: docker/secrets/<name>, readable by the containers' users.
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
