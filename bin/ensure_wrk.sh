#!/bin/sh
# Print the wrk that `make bench` drives load with; install it where it is missing and that can be done.
# WRK=/path/to/wrk names one to use.
set -eu

if [ -n "${WRK:-}" ]; then
    command -v "$WRK" && exit 0
    echo "WRK names $WRK, which cannot be run. Set it to a wrk program, or leave it unset." >&2
    exit 1
fi

command -v wrk && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing wrk, which makes the load (once) …" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends wrk >&2 || true
    command -v wrk && exit 0
fi
echo "The bench needs the load generator wrk. Install it (on Debian: apt-get install wrk) or set WRK=/path/to/wrk, then run make bench again." >&2
exit 1
