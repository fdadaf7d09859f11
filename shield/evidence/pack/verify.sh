#!/bin/bash
# verify.sh SEED VKEY...: checks this pack with bash 4.4, coreutils and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere, one an origin.
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C
fail() {
  echo "NOT VERIFIED: $*" >&2
  exit 1
}
if (($# < 2)); then
  echo "usage: bash verify.sh SEED VKEY...; VERIFY.md says which keys, and where to take them from" >&2
  exit 2
fi
seed=$1
shift
sha256sum --quiet --strict --check SHA256SUMS || fail "a file differs from SHA256SUMS"
find . ! -type d ! -name SHA256SUMS | sort | cmp -s - <(cut -c67- SHA256SUMS | sort) ||
  fail "there are files that SHA256SUMS does not name"

# A deployment has keys of other logs than those that a sample is of: reports, registers, access logs.
logs=()
for given in "$@"; do
  case ${given%%+*} in
    */report | */register | */access) ;;
    *) logs+=("$given") ;;
  esac
done
count=$(bash verify-sample.sh "$seed" "${logs[@]}") || exit 1
echo "verified: $count records under signed checkpoints, $(sed 1d sample.csv | wc -l) of them chosen by the seed"
