#!/bin/bash
# Try the first hour of a new user: a Debian 12 with nothing installed, this checkout, one command.
#
#   scripts/bare-debian.sh FOLDER [command…]      default command: ./test.sh
#
# Needs root and debootstrap. FOLDER is made when absent, and used again when it holds a system.
# The machine's own package sources, certificates, name resolution and proxy settings are lent to the
# new system. At the end the packages that the command had to install are listed.
# BARE_USER=1 runs the command as an ordinary user without administrator's rights.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "debootstrap and chroot need root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "missing: apt-get install debootstrap" >&2; exit 1; }

here=$(cd "$(dirname "$0")/.." && pwd)
root=$(realpath -m "$1")
shift
[ $# -gt 0 ] || set -- ./test.sh

# The first address that apt on this machine fetches Debian 12 from.
mirror() {
    { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | grep -E '^deb ' |
        sed -E 's/\[[^]]*\]//' | awk '{print $2}'
      awk '/^URIs:/ {print $2}' /etc/apt/sources.list.d/*.sources 2>/dev/null; } |
        grep -v security | head -n 1
}

if [ ! -e "$root/etc/debian_version" ]; then
    address=$(mirror)
    debootstrap --variant=minbase bookworm "$root" "${address:-http://deb.debian.org/debian}"
fi

# What this machine needs to reach its network, and nothing else of it.
lend() {
    rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
    cp -a /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || true
    cp -a /etc/apt/sources.list.d "$root/etc/apt/" 2>/dev/null || true
    cp -a /usr/share/keyrings/. "$root/usr/share/keyrings/"
    grep -lsE '^ *Acquire::' /etc/apt/apt.conf.d/* | xargs -r cp -t "$root/etc/apt/apt.conf.d/" || true
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    # Certificates stay apart from where ca-certificates would put its own.
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/lent-certificates.crt"
    local file
    for file in /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.cargo/config.toml"; do
        [ -e "$file" ] || continue
        case $file in
            /etc/*) install -D "$file" "$root$file" ;;
            *) install -D "$file" "$root/root/${file#"$HOME/"}" ;;
        esac
    done
}

mount_system() {
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --make-rslave "$root/dev"
}

# shellcheck disable=SC2317  # called by the trap
unmount_system() {
    umount "$root/proc" 2>/dev/null || true
    umount -R "$root/dev" 2>/dev/null || true
}

copy_checkout() {
    mkdir -p "$root/jinban"
    # Tracked files as they are now, and nothing of an earlier try but its target/.
    find "$root/jinban" -mindepth 1 -maxdepth 1 ! -name target -exec rm -rf {} +
    (cd "$here" && git ls-files -z | xargs -0 tar cf -) | tar xf - -C "$root/jinban"
}

# shellcheck disable=SC2016  # the format is for dpkg-query
packages() { chroot "$root" dpkg-query -W -f '${Package}\n' | sort; }

# Settings of the network that programs take from their environment.
settings=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "TERM=${TERM:-dumb}")
while IFS= read -r -d '' entry; do
    case ${entry%%=*} in
        http_proxy | https_proxy | no_proxy | all_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY | ALL_PROXY | \
            PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_TRUSTED_HOST | \
            CARGO_HTTP_* | CARGO_NET_* | CARGO_REGISTRIES_* | CARGO_SOURCE_* | RUSTUP_DIST_SERVER | RUSTUP_UPDATE_ROOT)
            settings+=("$entry") ;;
    esac
done </proc/self/environ
# Set last: a path of this machine means nothing inside.
for variable in CURL_CA_BUNDLE SSL_CERT_FILE PIP_CERT CARGO_HTTP_CAINFO; do
    settings+=("$variable=/etc/lent-certificates.crt")
done

lend
copy_checkout
trap unmount_system EXIT
mount_system
packages >"$root/packages.before"

run=(env -i "${settings[@]}")
if [ -n "${BARE_USER:-}" ]; then
    chroot "$root" id visitor >/dev/null 2>&1 || chroot "$root" useradd -m visitor
    chroot "$root" chown -R visitor: /jinban
    run=(setpriv --reuid=visitor --regid=visitor --init-groups "${run[@]}" HOME=/home/visitor)
else
    run+=(HOME=/root)
fi

started=$SECONDS
status=0
# shellcheck disable=SC2016  # expanded inside the new system
chroot "$root" "${run[@]}" /bin/bash -c 'cd /jinban && "$@"' bare "$@" || status=$?

packages >"$root/packages.after"
added=$(comm -13 "$root/packages.before" "$root/packages.after")
printf '\n%s: exit %d after %d s; %d packages were added\n' "$*" "$status" $((SECONDS - started)) \
    "$(grep -c . <<<"$added" || true)"
tr '\n' ' ' <<<"$added" | fold -s -w 100
echo
exit "$status"
