#!/bin/sh
# Print a Python between 3.11 and 3.13 that can make a virtual environment; PYTHON=… names one to try first.
set -eu

in_range='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
candidates="${PYTHON:-} python3 python3.13 python3.12 python3.11"

first_that_runs() {
    for name in $candidates; do
        if "$name" -c "$1" >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

first_that_runs "import ensurepip, venv; $in_range" && exit 0

if ! first_that_runs "$in_range" >/dev/null; then
    echo "No Python 3.11, 3.12 or 3.13 was found. Install one (on Debian 12: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2
    exit 1
fi

# Debian splits ensurepip off the interpreter.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv (once) …" >&2
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends python3-venv >&2
    first_that_runs "import ensurepip, venv; $in_range" && exit 0
fi
echo "Python was found, but it cannot make virtual environments. Install its venv module (on Debian: apt-get install python3-venv) and try again." >&2
exit 1
