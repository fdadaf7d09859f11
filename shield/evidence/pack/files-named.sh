#!/bin/sh
# files-named.sh LIST [FILE]: checks that the files of this folder are as LIST has them (`sha256sum`), and that there
# are no others but LIST and FILE, which is its signature.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C
list=$1 signature=${2-$1}
fail() {
  printf 'NOT VERIFIED: %s\n' "$*" >&2
  exit 1
}
if grep -a -q -v -E '^[0-9a-f]{64}  \./.' "$list"; then fail "$list has a line that is no file's"; fi
test -z "$(find . ! -type d ! -type f)" || fail "there is a link, or what else is no file"
checked=$(sha256sum -c "$list") || {
  printf '%s\n' "$checked" | grep -v ': OK$'
  fail "a file differs from $list"
}
named=$(cut -c 67- "$list" | sort | sha256sum)
there=$(find . -type f ! -path "./$list" ! -path "./$signature" | sort | sha256sum)
test "$there" = "$named" || fail "there are files that $list does not name"
