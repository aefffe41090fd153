#!/bin/sh
# Print the Chromium the browser tests drive; install it where it is missing and that can be done.
# CHROMIUM=/path/to/chromium names one to use.
set -eu

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then return 0; fi
    done
    return 1
}

if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" && exit 0
    echo "CHROMIUM names $CHROMIUM, which cannot be run. Set it to a Chromium or Chrome program, or leave it unset." >&2
    exit 1
fi

find_chromium && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests (once) …" >&2
    export DEBIAN_FRONTEND=noninteractive
    # Noto carries every Vietnamese letter; without it a screenshot shows whatever face the machine happens to have.
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >&2 || true
    find_chromium && exit 0
fi
echo "The browser tests need Chromium. Install it (on Debian: apt-get install chromium fonts-noto-core) or set CHROMIUM=/path/to/chromium, then run make test again." >&2
exit 1
