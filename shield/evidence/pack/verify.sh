#!/bin/bash
# verify.sh SEED VKEY...: checks this pack with bash 4.4, coreutils and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere, one an origin.
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
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sha256sum --quiet --strict --check SHA256SUMS || fail "a file differs from SHA256SUMS"
find . ! -type d ! -name SHA256SUMS | sort | cmp -s - <(cut -c67- SHA256SUMS | sort) ||
  fail "there are files that SHA256SUMS does not name"

test -z "$(cut -d , -f 1 population.csv | sort | uniq -d | head -n 1)" || fail "population.csv has a request twice"

# The seed chooses these requests and no others.
bash select.sh "$seed" > "$work/selected" || fail "strata.csv or population.csv is not what a sample is drawn by"
cmp -s "$work/selected" <(sed 1d sample.csv | cut -d , -f 1) || fail "the seed chooses other requests"

# Each record is under the checkpoint of this pack, which the given key signed.
count=0
for head in checkpoints/*.checkpoint; do
  name=$(basename "$head" .checkpoint)
  folder=records/$name/
  test -d "$folder" || fail "there is no record under $head"
  origin=$(sed -n 1p "$head")
  test "$name" = "${origin//\//+}" || fail "$head is the head of $origin"
  vkey=
  for given in "$@"; do
    if [ "${given%%+*}" != "$origin" ] || [ "$given" = "$vkey" ]; then continue; fi
    test -z "$vkey" || fail "two keys were given for $origin: give one, follow-key.sh leads on to those after it"
    vkey=$given
  done
  test -n "$vkey" || fail "no key was given for $origin"
  if [ -f "keys/$name.rotations" ]; then
    vkey=$(bash follow-key.sh "keys/$name.rotations" "$vkey" "$(sed -n 2p "$head")") ||
      fail "keys/$name.rotations does not lead on from the key that was given"
  fi
  proved=$(bash verify-proofs.sh "$head" "$vkey" "$folder") || exit 1
  count=$((count + proved))
done

# There is no other log: none in the tables, among the records, or of a key that was given.
{
  for folder in records/*; do basename "$folder"; done
  sed 1d population.csv | cut -d , -f 1 | sed -E 's/#[0-9]+$//' | sort -u | tr / +
  for given in "$@"; do
    case ${given%%+*} in
      */report | */register | */access) ;;
      *) tr / + <<< "${given%%+*}" ;;
    esac
  done
} > "$work/logs"
while IFS= read -r log; do
  test -f "checkpoints/$log.checkpoint" || fail "there is no head of the log $log"
done < "$work/logs"

# A document is named after its digest, which the records name.
for file in documents/*.json; do
  if [ -f "$file" ]; then
    digest=$(sha256sum < "$file")
    test "$(basename "$file" .json)" = "${digest%% *}" || fail "$file does not have the digest of its name"
  fi
done

# The record of each chosen request is among them, and its leaf hash is that of the population.
sed 1d sample.csv | while IFS=, read -r id stratum digest file; do
  origin=${id%#*}
  test "$file" = "records/${origin//\//+}/${id##*#}.json" || fail "$file is not the record of $id"
  test -f "$file" || fail "the record of $id is missing"
  leaf=$({ printf '\000'; cat "$file"; } | sha256sum)
  printf '%s,%s,%s\n' "$id" "$stratum" "${leaf%% *}"
done | sort > "$work/expected"
sed 1d population.csv | sed -n -E 's/^([^,]*,[^,]*),.*,([^,]*)$/\1,\2/p' | sort > "$work/requests"
other=$(comm -23 "$work/expected" "$work/requests" | sed -n 1p)
test -z "$other" || fail "${other%%,*} is another record in population.csv"
echo "verified: $count records under signed checkpoints, $(sed 1d sample.csv | wc -l) of them chosen by the seed"
