#!/bin/sh
# Installs the Debian packages of the browsers that `npm run test:engines` drives; says and does nothing when they are there.
set -eu
missing=
for package in chromium firefox-esr libwebkit2gtk-4.1-0 webkit2gtk-driver xvfb; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # one word a package
{ apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } >"$log" 2>&1 || {
  status=$?
  tail -n 20 "$log" >&2
  exit "$status"
}
