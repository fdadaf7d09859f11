#!/bin/sh
# verify-sample.sh SEED VKEY...: checks a pack's documents, what the seed chose of its population, and the
# records, and prints how many records there are. Each VKEY is of one log. verify.sh runs it, after it has
# checked that the files are those of the pack.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C
seed=$1
shift
fail() {
  printf 'NOT VERIFIED: %s\n' "$*" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 1d population.csv > "$work/population"
sed 1d sample.csv > "$work/sample" || fail "sample.csv is not what a sample is drawn by"

# A document is named after its digest, which the records name.
for file in documents/*.json documents/.*.json; do
  if [ -f "$file" ]; then
    digest=$(sha256sum < "$file")
    test "$file" = "documents/${digest%% *}.json" || fail "$file does not have the digest of its name"
  fi
done

# The seed chooses these requests and no others.
test -z "$(cut -d , -f 1 population.csv | sort | uniq -d | head -n 1)" || fail "population.csv has a request twice"
sh select.sh "$seed" > "$work/selected" || fail "strata.csv or population.csv is not what a sample is drawn by"
cut -d , -f 1 "$work/sample" | cmp -s "$work/selected" - || fail "the seed chooses other requests"

# Each record is under the checkpoint of this pack, which the given key signed.
count=0
ls -A checkpoints > "$work/heads"
while IFS= read -r head; do
  name=${head%.checkpoint} head=checkpoints/$head
  folder=records/$name/
  test -d "$folder" || fail "there is no record under $head"
  origin=$(sed -n 1p "$head")
  test "$head" = "checkpoints/$(printf '%s' "$origin" | tr / +).checkpoint" || fail "$head is the head of $origin"
  vkey=$(sh given-key.sh "$origin" "$@") || exit 1
  if [ -f "keys/$name.rotations" ]; then
    vkey=$(sh follow-key.sh "keys/$name.rotations" "$vkey" "$(sed -n 2p "$head")") ||
      fail "keys/$name.rotations does not lead on from the key that was given"
  fi
  proved=$(sh verify-proofs.sh "$head" "$vkey" "$folder") || exit 1
  count=$((count + proved))
done < "$work/heads"

# There is no other log: none in the tables, among the records, or of a key that was given.
{
  ls -A records
  cut -d , -f 1 "$work/population" | sed -E 's/#[0-9]+$//' | sort -u | tr / +
  for given in "$@"; do printf '%s\n' "${given%%+*}" | tr / +; done
} > "$work/logs"
while IFS= read -r log; do
  test -f "checkpoints/$log.checkpoint" || fail "there is no head of the log $log"
done < "$work/logs"

# The record of each chosen request is among them, and its leaf hash is that of the population.
while IFS=, read -r id stratum _ file; do
  origin=${id%#*}
  test "$file" = "records/$(printf '%s' "$origin" | tr / +)/${id##*#}.json" || fail "$file is not the record of $id"
  test -f "$file" || fail "the record of $id is missing"
  leaf=$({ printf '\000' && cat "$file"; } | sha256sum)
  printf '%s,%s,%s\n' "$id" "$stratum" "${leaf%% *}"
done < "$work/sample" > "$work/expected"
sed -n -E 's/^([^,]*,[^,]*),.*,([^,]*)$/\1,\2/p' "$work/population" > "$work/requests"
other=$(awk '
  FILENAME == ARGV[1] { expected[$0]; next }
  { delete expected[$0] }
  END { for (one in expected) { print one; exit } }
' "$work/expected" "$work/requests")
test -z "$other" || fail "${other%%,*} is another record in population.csv"
echo "$count"
