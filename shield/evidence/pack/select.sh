#!/bin/bash
# select.sh SEED: prints the ids that the seed chooses from population.csv, by stratum and rank.
# How many are chosen is the number of rows of sample.csv; how they are shared out over the strata is worked out
# from the population, and strata.csv must say the same. Needs bash 4.4 and coreutils.
# Time and room grow with the population; a million requests take some minutes at most.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
seed=$1
work=$(mktemp -d)
ids=$(mktemp -d -p /dev/shm 2> /dev/null || mktemp -d) # in memory, where the system has a folder there
trap 'rm -rf "$work" "$ids"' EXIT

# A row begins with an id and a stratum, in which nothing needs quoting: what a shell reads is what a table shows.
request='^[^",[:cntrl:][:space:]]+#(0|[1-9][0-9]{0,15}),[A-Za-z0-9._:/|%-]+(,|$)'
others=$(sed 1d population.csv | grep -a -c -v -E "$request" || true)
if [ "$others" != 0 ]; then
  echo "population.csv has $others rows that are no request's" >&2
  exit 1
fi
whole=$(sed 1d population.csv | wc -l)
size=$(sed 1d sample.csv | wc -l)

# One each, the largest strata first while it lasts; the rest in proportion to what each has left, rounded down; what
# that leaves over to the largest remainders. Ties by name.
sed 1d population.csv | cut -d , -f 2 | sort | uniq -c | sort -k 1,1nr -k 2 > "$work/strata"
first=$(wc -l < "$work/strata")
if ((first > size)); then first=$size; fi
rest=$((size - first)) left=$((whole - first)) place=0
while read -r count stratum; do
  one=$((place < first ? 1 : 0)) place=$((place + 1))
  if ((size >= whole)); then
    printf '%s %s %s %s\n' 0 "$stratum" "$count" "$count"
  else
    share=$((rest * (count - one)))
    printf '%s %s %s %s\n' $((share % left)) "$stratum" "$count" $((one + share / left))
  fi
done < "$work/strata" | sort -k 1,1nr -k 2,2 > "$work/shares"
over=$size
while read -r _ _ _ share; do over=$((over - share)); done < "$work/shares"
while read -r _ stratum count share; do
  if ((over > 0 && size < whole)); then over=$((over - 1)) share=$((share + 1)); fi
  printf '%s,%s,%s\n' "$stratum" "$count" "$share"
done < "$work/shares" | sort -t , -k 1,1 > "$work/sizes"
sed 1d strata.csv | cmp -s - "$work/sizes" || {
  echo "strata.csv does not share $size out as the population does" >&2
  exit 1
}

# The rank of each request. sha256sum has no digest of a line, so each id is written to a file of its own: by the shell
# itself, a few thousand at a time, so that it takes no process for each and little room. The files are removed and not
# written over: what is written over some file systems bring to the disk at once.
batch=4096
names=() digests=0
for ((number = 0; number < batch; number++)); do names+=($((batch + number))); done
rank() { # the digests of as many files
  if (($1 > 0)); then
    (cd "$ids" && sha256sum "${names[@]:0:$1}" && rm -- "${names[@]:0:$1}") | cut -c 1-64 >> "$work/digests"
  fi
}
sed 1d population.csv | cut -d , -f 1 > "$work/requests"
: > "$work/digests"
while IFS= read -r id; do
  printf 'shield evidence sample v1\n%s\n%s' "$seed" "$id" > "$ids/${names[digests]}"
  digests=$((digests + 1))
  if ((digests == batch)); then rank "$digests" && digests=0; fi
done < "$work/requests"
rank "$digests"
sed 1d population.csv | cut -d , -f 2 | paste -d , - "$work/digests" "$work/requests" |
  sort -t , -k 1,1 -k 2,2 -k 3,3 > "$work/ranked"

# The lowest of each stratum: in the order of their names, as many rows of each as the population has.
before=0
while IFS=, read -r _ count size; do
  if ((size > 0)); then
    mapfile -t -s "$before" -n "$size" chosen <&3
    printf '%s\n' "${chosen[@]##*,}"
    before=0
  fi
  before=$((before + count - size))
done < "$work/sizes" 3< "$work/ranked"
