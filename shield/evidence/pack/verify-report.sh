#!/bin/bash
# verify.sh SEED VKEY...: checks this pack with bash 4.4, coreutils and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere: one an origin, and that of
# the report (its name ends in /report).
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
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. The manifest is signed: Ed25519 over its bytes.
read -r _ name signature < MANIFEST.sig
[[ $name == */report ]] || fail "MANIFEST is signed by $name, which is no report's key"
vkey=$(bash given-key.sh "$name" "$@") || exit 1
key=${vkey#*+}
{
  printf '302A300506032B6570032100' | basenc --base16 -d
  printf '%s' "${key#*+}" | base64 -d | tail -c 32
} > "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
printf '%s' "$signature" | base64 -d | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in MANIFEST -sigfile "$work/signature" > /dev/null ||
  fail "the signature of MANIFEST does not hold"

# 2. Every file is as the manifest has it, and there is no other.
sha256sum --quiet --strict --check MANIFEST || fail "a file differs from MANIFEST"
find . ! -type d ! -name MANIFEST ! -name MANIFEST.sig | sort | cmp -s - <(cut -c67- MANIFEST | sort) ||
  fail "there are files that MANIFEST does not name"

# 3. The population is as large as the sums say, in all and by kind and stratum.
declare -A counted=(["all,"]=$(sed 1d population.csv | wc -l))
for column in 2:stratum 4:kind; do
  while IFS=, read -r rows value; do
    counted["${column#*:},$value"]=$rows
  done < <(sed 1d population.csv | cut -d , -f "${column%:*}" | sort | uniq -c | sed -E 's/^ *([0-9]+) /\1,/')
done
sed 1d counts.csv | while IFS=, read -r column value rows; do
  case $column in
    all | kind | stratum) ;;
    *) fail "counts.csv has a column that this script does not know: $column" ;;
  esac
  found=${counted["$column,$value"]-0}
  test "$found" = "$rows" || fail "population.csv has $found rows of $column $value, counts.csv says $rows"
done

# 4. The documents, the choice, and the records. The report's key is of no log.
logs=()
for given in "$@"; do
  case ${given%%+*} in
    */report) ;;
    *) logs+=("$given") ;;
  esac
done
count=$(bash verify-sample.sh "$seed" "${logs[@]}") || exit 1
echo "verified: $(wc -l < MANIFEST) files under a signed manifest, $count records under signed heads, $(sed 1d sample.csv | wc -l) of them chosen by the seed"
