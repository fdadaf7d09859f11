#!/bin/sh
# verify.sh SEED VKEY...: checks this pack with a POSIX shell and its tools, sha256sum, base64 and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere, one an origin.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C
if [ $# -lt 2 ]; then
  echo "usage: sh verify.sh SEED VKEY...; VERIFY.md says which keys, and where to take them from" >&2
  exit 2
fi
seed=$1
shift
sh files-named.sh SHA256SUMS

# A deployment has keys of other logs than those that a sample is of: reports, registers, access logs.
for given in "$@"; do
  shift
  case ${given%%+*} in
    */report | */register | */access) ;;
    *) set -- "$@" "$given" ;;
  esac
done
count=$(sh verify-sample.sh "$seed" "$@") || exit 1
chosen=$(sed 1d sample.csv | wc -l)
echo "verified: $count records under signed checkpoints, $((chosen)) of them chosen by the seed"
