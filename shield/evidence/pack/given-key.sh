#!/bin/sh
# given-key.sh NAME VKEY...: prints the one VKEY that is of NAME.
set -eu
name=$1
shift
fail() {
  printf 'NOT VERIFIED: %s\n' "$*" >&2
  exit 1
}
found=
for given in "$@"; do
  if [ "${given%%+*}" != "$name" ] || [ "$given" = "$found" ]; then continue; fi
  test -z "$found" || fail "two keys were given for $name: give one, follow-key.sh leads on to those after it"
  found=$given
done
test -n "$found" || fail "no key was given for $name; VERIFY.md says where to take it from"
printf '%s\n' "$found"
