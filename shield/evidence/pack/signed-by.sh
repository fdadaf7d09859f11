#!/bin/sh
# signed-by.sh VKEY FILE SIGNATURE: whether VKEY signed the bytes of FILE (Ed25519). SIGNATURE is base64; its first
# 4 bytes are the id of the key.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key=${1#*+}
{
  printf '\060\052\060\005\006\003\053\145\160\003\041\000' # the head of an Ed25519 key (RFC 8410)
  printf '%s' "${key#*+}" | base64 -d | tail -c 32
} > "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
printf '%s' "$3" | base64 -d | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$2" -sigfile "$work/signature" > /dev/null
