#!/bin/bash
# verify.sh SEED VKEY...: checks this pack with bash 4.4, coreutils and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere: one an origin, and that of
# the report (its name ends in /report).
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C
shopt -s dotglob
seed=$1
shift
fail() {
  echo "NOT VERIFIED: $*" >&2
  exit 1
}
key_of() { # VKEY...: the one of them that is of $name
  local found=
  for given in "$@"; do
    if [ "${given%%+*}" != "$name" ] || [ "$given" = "$found" ]; then continue; fi
    test -z "$found" || fail "two keys were given for $name: give one, follow-key.sh leads on to those after it"
    found=$given
  done
  test -n "$found" || fail "no key was given for $name"
  printf '%s' "$found"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. The manifest is signed: Ed25519 over its bytes.
read -r _ name signature < MANIFEST.sig
[[ $name == */report ]] || fail "MANIFEST is signed by $name, which is no report's key"
vkey=$(key_of "$@")
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

test -z "$(cut -d , -f 1 population.csv | sort | uniq -d | head -n 1)" || fail "population.csv has a request twice"

# 4. A document is named after its digest, which the records name.
for file in documents/*.json; do
  if [ -f "$file" ]; then
    digest=$(sha256sum < "$file")
    test "$(basename "$file" .json)" = "${digest%% *}" || fail "$file does not have the digest of its name"
  fi
done

# 5. The seed chooses these requests and no others.
bash select.sh "$seed" > "$work/selected" || fail "strata.csv or population.csv is not what a sample is drawn by"
cmp -s "$work/selected" <(sed 1d sample.csv | cut -d , -f 1) || fail "the seed chooses other requests"

# 6. Each record is under the checkpoint of this pack, which the given key signed.
count=0
for head in checkpoints/*.checkpoint; do
  log=$(basename "$head" .checkpoint)
  folder=records/$log/
  test -d "$folder" || fail "there is no record under $head"
  name=$(sed -n 1p "$head")
  test "$log" = "${name//\//+}" || fail "$head is the head of $name"
  vkey=$(key_of "$@")
  if [ -f "keys/$log.rotations" ]; then
    vkey=$(bash follow-key.sh "keys/$log.rotations" "$vkey" "$(sed -n 2p "$head")") ||
      fail "keys/$log.rotations does not lead on from the key that was given"
  fi
  proved=$(bash verify-proofs.sh "$head" "$vkey" "$folder") || exit 1
  count=$((count + proved))
done

# 7. There is no other log: none in the tables, among the records, or of a key that was given.
{
  for folder in records/*; do basename "$folder"; done
  sed 1d population.csv | cut -d , -f 1 | sed -E 's/#[0-9]+$//' | sort -u | tr / +
  for given in "$@"; do
    case ${given%%+*} in
      */report) ;;
      *) tr / + <<< "${given%%+*}" ;;
    esac
  done
} > "$work/logs"
while IFS= read -r log; do
  test -f "checkpoints/$log.checkpoint" || fail "there is no head of the log $log"
done < "$work/logs"

# 8. The record of each chosen request is among them, and its leaf hash is that of the population.
sed 1d sample.csv | while IFS=, read -r id stratum _ file; do
  origin=${id%#*}
  test "$file" = "records/${origin//\//+}/${id##*#}.json" || fail "$file is not the record of $id"
  test -f "$file" || fail "the record of $id is missing"
  leaf=$({ printf '\000'; cat "$file"; } | sha256sum)
  printf '%s,%s,%s\n' "$id" "$stratum" "${leaf%% *}"
done | sort > "$work/expected"
sed 1d population.csv | sed -n -E 's/^([^,]*,[^,]*),.*,([^,]*)$/\1,\2/p' | sort > "$work/requests"
other=$(comm -23 "$work/expected" "$work/requests" | sed -n 1p)
test -z "$other" || fail "${other%%,*} is another record in population.csv"
echo "verified: $(wc -l < MANIFEST) files under a signed manifest, $count records under signed heads, $(sed 1d sample.csv | wc -l) of them chosen by the seed"
