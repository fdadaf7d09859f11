#!/bin/bash
# follow-key.sh ROTATIONS VKEY SIZE: prints the key that must have signed a head of SIZE, where VKEY is any key of the log.
# ROTATIONS are the log's records of kind `rotate`, one a line. A link holds by the signatures of the key before it,
# which is VKEY or follows from it, and of the new one. Needs bash, coreutils and openssl.
set -euo pipefail
export LC_ALL=C
rotations=$1 vkey=$2 size=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
member() { # NAME: of the record in $link
  sed -n -E "s/^.*[{,]\"$1\":\"?([^\",}]+)[\",}].*\$/\1/p" <<< "$link"
}
signed_by() { # VKEY SIGNATURE: whether the key signed the statement; the first 4 bytes are its id
  local key=${1#*+}
  {
    printf '302A300506032B6570032100' | basenc --base16 -d
    printf '%s' "${key#*+}" | base64 -d | tail -c 32
  } > "$work/key.der"
  openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
  printf '%s' "$2" | base64 -d | tail -c 64 > "$work/signature"
  openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/statement" -sigfile "$work/signature" > /dev/null
}
[[ $size =~ ^(0|[1-9][0-9]{0,15})$ ]]
while IFS= read -r link; do
  old=$(member old_vkey) new=$(member new_vkey) index=$(member index)
  if [ "$old" != "$vkey" ]; then continue; fi
  [[ $index =~ ^(0|[1-9][0-9]{0,15})$ ]]
  if ((index >= size)); then break; fi
  test "${new%%+*}" = "${vkey%%+*}"
  printf 'shield key rotation v1\n%s\n%s\n%s\n%s\n%s\n' \
    "${old%%+*}" "$old" "$new" "$(member size)" "$(member root)" > "$work/statement"
  signed_by "$old" "$(member old_signature)"
  signed_by "$new" "$(member new_signature)"
  vkey=$new
done < "$rotations"
printf '%s\n' "$vkey"
