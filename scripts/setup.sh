# What ./demo.sh and ./test.sh need before they can start. Sourced by them, never run alone.
#
#   set_up demo    a compiler, Rust, and the libraries that a window opens at run time
#   set_up test    the same, and the independent tools that the tests compare with
#
# Installs only what is missing, says what it installs, and is silent when nothing is.
# shellcheck shell=bash

readonly RUST_NEEDED=1.95
# What rustup is asked for: the version whose lints the code is held to.
readonly RUST_TESTED=1.95.0
readonly ORACLES=target/oracles

# Programs and libraries without which nothing can be built or shown: "kind:what package".
# The X11 and Wayland libraries are opened while the program runs, so no compiler misses them.
readonly NEEDED='
command:cc build-essential
command:make build-essential
command:pkg-config pkg-config
file:/usr/include/libusb-1.0/libusb.h libusb-1.0-0-dev
command:curl curl
file:/etc/ssl/certs/ca-certificates.crt ca-certificates
library:libpcsclite.so libpcsclite-dev
library:libX11.so.6 libx11-6
library:libX11-xcb.so.1 libx11-xcb1
library:libXcursor.so.1 libxcursor1
library:libXi.so.6 libxi6
library:libXrandr.so.2 libxrandr2
library:libxkbcommon.so.0 libxkbcommon0
library:libxkbcommon-x11.so.0 libxkbcommon-x11-0
library:libwayland-client.so.0 libwayland-client0
file:/usr/share/X11/xkb/rules/evdev xkb-data
command:Xvfb xvfb
command:scanimage sane-utils
'

# Tools that only tests use. Without one of them its tests are skipped, and counted as skipped.
readonly NEEDED_BY_TESTS='
command:openssl openssl
command:zbarimg zbar-tools
command:python3 python3
python:ensurepip python3-venv
command:git git
command:espeak-ng espeak-ng
command:ippeveprinter cups-ipp-utils
command:avahi-daemon avahi-daemon
command:dbus-daemon dbus-daemon
command:qemu-system-x86_64 qemu-system-x86
command:busybox busybox-static
command:cpio cpio
command:modprobe kmod
file:/lib/systemd/systemd-udevd udev
command:pcscd pcscd
file:/usr/lib/pcsc/drivers/serial/libifdvpcd.so vsmartcard-vpcd
any:/usr/lib/postgresql/*/bin/postgres postgresql
command:setpriv util-linux
'

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

# Run a command, and show what it said only when it failed.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || tail -n 20 "$log" >&2
    rm -f "$log"
    return "$status"
}

newer_or_same() { # have, need
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

known_libraries() {
    PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null
}

# Print the packages of a table whose program, library or file is absent.
missing_from() {
    local libraries check package what
    libraries=$(known_libraries)
    while read -r check package; do
        [ -n "$check" ] || continue
        what=${check#*:}
        case $check in
            command:*) command -v "$what" >/dev/null || PATH="$PATH:/usr/sbin:/sbin" command -v "$what" >/dev/null ;;
            library:*) grep -qF "$what " <<<"$libraries" ;;
            file:*) [ -e "$what" ] ;;
            any:*) compgen -G "$what" >/dev/null ;;
            python:*) command -v python3 >/dev/null && python3 -c "import $what" 2>/dev/null ;;
        esac || printf '%s\n' "$package"
    done | sort -u
}

# Run a command with the rights of the administrator; fails when there is no way to get them.
as_administrator() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        return 1
    fi
}

apt_install() {
    command -v apt-get >/dev/null && as_administrator true || return 1
    say "Installing: $*"
    quietly as_administrator apt-get update || return 1
    quietly as_administrator env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@"
}

install_needed() {
    local packages
    mapfile -t packages < <(missing_from <<<"$NEEDED")
    [ ${#packages[@]} -eq 0 ] && return
    apt_install "${packages[@]}" && return
    stop "These packages are missing and could not be installed from here:" \
        $'\n'"    ${packages[*]}" \
        $'\n'"Ask the administrator of this machine to run:" \
        $'\n'"    apt-get install --no-install-recommends ${packages[*]}"
}

install_test_tools() {
    local packages
    mapfile -t packages < <(missing_from <<<"$NEEDED_BY_TESTS")
    [ ${#packages[@]} -eq 0 ] && return
    apt_install "${packages[@]}" ||
        say "Not installed, so the tests that use them will be skipped: ${packages[*]}"
}

# The version of the cargo that would run now, or nothing.
cargo_version() {
    cargo --version 2>/dev/null | cut -d' ' -f2 | cut -d- -f1
}

cargo_is_new_enough() {
    local version
    version=$(cargo_version)
    [ -n "$version" ] && newer_or_same "$version" "$RUST_NEEDED"
}

install_rust_from_rustup() {
    local installer address
    if command -v rustup >/dev/null; then
        say "Adding Rust $RUST_TESTED with rustup"
        quietly rustup toolchain install "$RUST_TESTED" --profile minimal -c rustfmt -c clippy || return 1
        export RUSTUP_TOOLCHAIN=$RUST_TESTED
        return
    fi
    installer=$(mktemp)
    for address in https://sh.rustup.rs https://static.rust-lang.org/rustup/rustup-init.sh; do
        if curl --proto '=https' --tlsv1.2 -fsSL --connect-timeout 10 -o "$installer" "$address" 2>/dev/null; then
            say "Installing Rust $RUST_TESTED with rustup, into ${CARGO_HOME:-$HOME/.cargo}"
            if quietly sh "$installer" -y --no-modify-path --profile minimal \
                --default-toolchain "$RUST_TESTED" -c rustfmt -c clippy; then
                rm -f "$installer"
                return
            fi
        fi
    done
    rm -f "$installer"
    return 1
}

# Debian 12 keeps a current compiler for its browsers, in packages that end in -web; it has no clippy.
install_rust_from_debian() {
    apt_install cargo-web rustc-web rustfmt-web
}

need_rust() {
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    export PATH
    cargo_is_new_enough && return
    install_rust_from_rustup && hash -r && cargo_is_new_enough && return
    # An older toolchain of rustup in front would hide Debian's.
    install_rust_from_debian && PATH="/usr/bin:$PATH" && hash -r && cargo_is_new_enough && return
    stop "Rust $RUST_NEEDED or newer is needed, and could be had neither from rustup nor from Debian." \
        $'\n'"Install it from https://rustup.rs and try again."
}

# Independent programs in Python that the tests compare with, in a folder of their own. Those in
# the second list ask for a newer Python than Debian's and for much that no test needs; the one file
# that is used of each runs here.
install_oracles() {
    local wanted=scripts/oracles.txt apart=scripts/oracles-apart.txt stamp=$ORACLES/installed.txt
    if ! cat "$wanted" "$apart" | cmp -s - "$stamp"; then
        command -v python3 >/dev/null || return 0
        say "Installing into $ORACLES: $(cat "$wanted" "$apart" | tr '\n' ' ')"
        if quietly python3 -m venv --clear "$ORACLES" &&
            quietly "$ORACLES/bin/pip" install -r "$wanted" &&
            quietly "$ORACLES/bin/pip" install --no-deps --ignore-requires-python -r "$apart"; then
            cat "$wanted" "$apart" >"$stamp"
        else
            rm -rf "$ORACLES"
            say "Not installed, so the tests that use them will be skipped: $(cat "$wanted" "$apart" | tr '\n' ' ')"
            return 0
        fi
    fi
    PATH="$PWD/$ORACLES/bin:$PATH"
    export PATH
}

set_up() {
    install_needed
    if [ "$1" = test ]; then
        install_test_tools
        install_oracles
    fi
    need_rust
}
