#!/bin/bash
# Build the terminal with its simulated devices and start the whole of it on this machine.
# Options are handed on: ./demo.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/setup.sh
set_up demo
cargo build --release --locked --quiet -p jinban -p jinban-simulators
exec target/release/jinban demo "$@"
