#!/bin/bash
# verify-sample.sh SEED VKEY...: checks a pack's documents, what the seed chose of its population, and the
# records, and prints how many records there are. Each VKEY is of one log. verify.sh runs it, after it has
# checked that the files are those of the pack.
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

# A document is named after its digest, which the records name.
for file in documents/*.json; do
  if [ -f "$file" ]; then
    digest=$(sha256sum < "$file")
    test "$(basename "$file" .json)" = "${digest%% *}" || fail "$file does not have the digest of its name"
  fi
done

# The seed chooses these requests and no others.
test -z "$(cut -d , -f 1 population.csv | sort | uniq -d | head -n 1)" || fail "population.csv has a request twice"
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
  vkey=$(bash given-key.sh "$origin" "$@") || exit 1
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
  for given in "$@"; do tr / + <<< "${given%%+*}"; done
} > "$work/logs"
while IFS= read -r log; do
  test -f "checkpoints/$log.checkpoint" || fail "there is no head of the log $log"
done < "$work/logs"

# The record of each chosen request is among them, and its leaf hash is that of the population.
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
echo "$count"
