#!/bin/sh
# Fetch the icons listed in names.txt from lucide-static and keep them as bare single-colour strokes.
set -eu
version=1.62.0
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "lucide-static@$version" >/dev/null && tar xzf ./*.tgz)
while read -r name; do
    # The class and the comment serve web pages only; `currentColor` stays, so that a theme can tint.
    sed -e '/^<!--/d' -e '/^  class=/d' "$work/package/icons/$name.svg" >"$here/$name.svg"
done <"$here/names.txt"
cp "$work/package/LICENSE" "$here/LICENSE"
