#!/bin/bash
# verify-proof.sh FILE.tlog-proof VKEY
set -euo pipefail
proof=$1 vkey=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hex() { basenc --base16 -w0; }
unhex() { basenc --base16 -d; }
sha() { sha256sum | cut -c1-64 | tr a-f A-F; }

# The parts of the proof.
sed -n 's/^extra //p;/^$/q' "$proof" | base64 -d > "$work/record"
index=$(sed -n 's/^index //p;/^$/q' "$proof")
sed '1,3d;/^$/q' "$proof" | sed '/^$/d' > "$work/path"
sed '1,/^$/d' "$proof" > "$work/checkpoint"
sed '/^$/,$d' "$work/checkpoint" > "$work/text"
origin=$(sed -n 1p "$work/text")
size=$(sed -n 2p "$work/text")
root=$(sed -n 3p "$work/text" | base64 -d | hex)

# Both are decimal numbers. Of other text bash would make a number too, and run what is in it.
for number in "$index" "$size"; do
  [[ $number =~ ^(0|[1-9][0-9]{0,15})$ ]]
done
((index < size))

# The signature: Ed25519 over the checkpoint's text.
test "$origin" = "${vkey%%+*}"
key=${vkey#*+}
printf '%s' "${key#*+}" | base64 -d | tail -c 32 > "$work/raw"
{ printf '302A300506032B6570032100' | unhex; cat "$work/raw"; } > "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
grep "^— $origin " "$work/checkpoint" | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/text" -sigfile "$work/signature" > /dev/null

# The audit path: from the record's hash up to the root.
hash=$({ printf '\000'; cat "$work/record"; } | sha)
position=$index
last=$((size - 1))
while read -r line; do
  ((last > 0))
  sibling=$(printf '%s' "$line" | base64 -d | hex)
  if ((position % 2 == 1 || position == last)); then
    hash=$(printf '01%s%s' "$sibling" "$hash" | unhex | sha)
    while ((position % 2 == 0 && position > 0)); do
      position=$((position / 2)) last=$((last / 2))
    done
  else
    hash=$(printf '01%s%s' "$hash" "$sibling" | unhex | sha)
  fi
  position=$((position / 2)) last=$((last / 2))
done < "$work/path"
test "$last" = 0
test "$hash" = "$root"
echo "record $index of $origin is under the checkpoint of size $size:"
if [ -t 1 ]; then cat -v "$work/record"; else cat "$work/record"; fi
