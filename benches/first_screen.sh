#!/bin/bash
# Compare the terminal's first screen and memory with a browser in kiosk mode.
#
#   benches/first_screen.sh                          the terminal as built by cargo build --release
#   benches/first_screen.sh --runs 9 -- COMMAND…     any other program that fills a screen
#
# Installs nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=()
command -v python3 >/dev/null || missing+=(python3)
command -v Xvfb >/dev/null || missing+=(xvfb)
[[ " $* " == *" --alone "* ]] || command -v chromium >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
    echo "Missing: apt-get install ${missing[*]}" >&2
    exit 2
fi
if [[ " $* " != *" -- "* ]] && [ ! -x target/release/jinban ]; then
    echo "Missing: cargo build --release" >&2
    exit 2
fi
exec python3 benches/first_screen.py "$@"
