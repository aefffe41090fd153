#!/bin/sh
# Make .venv where it is missing and install one lock file into it, every file checked against its hash.
#   bin/install.sh requirements.txt
# A copy of the lock is kept in .venv as the stamp: while it equals the lock there is nothing to do.
set -eu
cd "$(dirname "$0")/.."

lock=$1
stamp=.venv/installed-$lock

is_installed() { cmp -s "$lock" "$stamp" && .venv/bin/python -c "" 2>/dev/null; }

is_installed && exit 0

# Two makes started at the same moment take turns; the second finds the work done.
exec 9<"$lock"
if command -v flock >/dev/null; then flock 9; fi
is_installed && exit 0

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(bin/find_python.sh)
    echo "Making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi

echo "Installing $lock into .venv (about half a minute, once) …"
# Twice quiet: of pip's words only its errors help a reader.
if ! .venv/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check \
    --require-hashes --only-binary :all: -r "$lock"; then
    echo "Could not install $lock. Check that this machine reaches its package index, then run the same command again." >&2
    exit 1
fi
cp "$lock" "$stamp"
