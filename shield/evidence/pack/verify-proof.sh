#!/bin/sh
# verify-proof.sh FILE.tlog-proof VKEY
set -eu
proof=$1 vkey=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hex() { od -A n -v -t x1 | tr -d ' \n'; }
unhex() { # the bytes, which printf takes as octal numbers
  printf "$(awk '{
    for (place = 1; place < length($0); place += 2) {
      high = index("0123456789abcdef", substr($0, place, 1)) - 1
      printf "\\%03o", 16 * high + index("0123456789abcdef", substr($0, place + 1, 1)) - 1
    }
  }')"
}
sha() { sha256sum | cut -c 1-64; }

# The parts of the proof.
sed -n 's/^extra //p;/^$/q' "$proof" | base64 -d > "$work/record"
index=$(sed -n 's/^index //p;/^$/q' "$proof")
sed '1,3d;/^$/q' "$proof" | sed '/^$/d' > "$work/path"
sed '1,/^$/d' "$proof" > "$work/checkpoint"
sed '/^$/,$d' "$work/checkpoint" > "$work/text"
origin=$(sed -n 1p "$work/text")
size=$(sed -n 2p "$work/text")
root=$(sed -n 3p "$work/text" | base64 -d | hex)

# Both are decimal numbers. Of other text a shell may make a number too, and run what is in it.
for number in "$index" "$size"; do
  case $number in
    0) ;;
    '' | 0* | *[!0-9]*) exit 1 ;;
  esac
  test ${#number} -le 16
done
test "$index" -lt "$size"

# The signature: Ed25519 over the checkpoint's text.
test "$origin" = "${vkey%%+*}"
key=${vkey#*+}
{
  echo 302a300506032b6570032100 | unhex
  printf '%s' "${key#*+}" | base64 -d | tail -c 32
} > "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
grep "^— $origin " "$work/checkpoint" | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/text" -sigfile "$work/signature" > /dev/null

# The audit path: from the record's hash up to the root.
hash=$({ printf '\000'; cat "$work/record"; } | sha)
position=$index
last=$((size - 1))
while read -r line; do
  test "$last" -gt 0
  sibling=$(printf '%s\n' "$line" | base64 -d | hex)
  if [ $((position % 2)) = 1 ] || [ "$position" = "$last" ]; then
    hash=$(echo "01$sibling$hash" | unhex | sha)
    while [ $((position % 2)) = 0 ] && [ "$position" -gt 0 ]; do
      position=$((position / 2)) last=$((last / 2))
    done
  else
    hash=$(echo "01$hash$sibling" | unhex | sha)
  fi
  position=$((position / 2)) last=$((last / 2))
done < "$work/path"
test "$last" = 0
test "$hash" = "$root"
echo "record $index of $origin is under the checkpoint of size $size:"
if [ -t 1 ]; then cat -v "$work/record"; else cat "$work/record"; fi
