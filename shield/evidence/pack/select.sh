#!/bin/sh
# select.sh SEED: prints the ids that the seed chooses from population.csv, by stratum and rank.
# How many are chosen is the number of rows of sample.csv; how they are shared out over the strata is worked out
# from the population, and strata.csv must say the same.
# Time and room grow with the population; a million requests take some minutes at most.
set -eu
export LC_ALL=C
cd "$(dirname "$0")"
seed=$1
export seed
work=$(mktemp -d)
ids=$(mktemp -d -p /dev/shm 2> /dev/null || mktemp -d) # in memory, where the system has a folder there
export ids
trap 'rm -rf "$work" "$ids"' EXIT
sed 1d population.csv > "$work/population"
sed 1d sample.csv > "$work/sample"
sed 1d strata.csv > "$work/said"

# A row begins with an id and a stratum, in which nothing needs quoting: what a shell reads is what a table shows.
request='^[^",[:cntrl:][:space:]]+#(0|[1-9][0-9]{0,15}),[A-Za-z0-9._:/|%-]+(,|$)'
others=$(grep -a -c -v -E "$request" "$work/population" || true)
if [ "$others" != 0 ]; then
  echo "population.csv has $others rows that are no request's" >&2
  exit 1
fi
whole=$(wc -l < "$work/population")
size=$(wc -l < "$work/sample")

# One each, the largest strata first while it lasts; the rest in proportion to what each has left, rounded down; what
# that leaves over to the largest remainders. Ties by name.
cut -d , -f 2 "$work/population" | sort | uniq -c | sort -k 1,1nr -k 2 > "$work/strata"
first=$(wc -l < "$work/strata")
if [ "$first" -gt "$size" ]; then first=$size; fi
rest=$((size - first)) left=$((whole - first)) place=0
while read -r count stratum; do
  one=0
  if [ "$place" -lt "$first" ]; then one=1; fi
  place=$((place + 1))
  if [ "$size" -ge "$whole" ]; then
    printf '%s %s %s %s\n' 0 "$stratum" "$count" "$count"
  else
    share=$((rest * (count - one)))
    printf '%s %s %s %s\n' $((share % left)) "$stratum" "$count" $((one + share / left))
  fi
done < "$work/strata" > "$work/rounded"
sort -k 1,1nr -k 2,2 "$work/rounded" > "$work/shares"
over=$size
while read -r _ _ _ share; do over=$((over - share)); done < "$work/shares"
while read -r _ stratum count share; do
  if [ "$over" -gt 0 ] && [ "$size" -lt "$whole" ]; then over=$((over - 1)) share=$((share + 1)); fi
  printf '%s,%s,%s\n' "$stratum" "$count" "$share"
done < "$work/shares" > "$work/shared"
sort -t , -k 1,1 "$work/shared" > "$work/sizes"
cmp -s "$work/said" "$work/sizes" || {
  echo "strata.csv does not share $size out as the population does" >&2
  exit 1
}

# The rank of each request. sha256sum has no digest of a line, so each id is written to a file of its own, a few
# thousand at a time: no process for each, and little room. The files are removed and not written over: what is
# written over some file systems bring to the disk at once.
cut -d , -f 1 "$work/population" > "$work/requests"
mkdir "$work/batches"
folder=$work/batches awk '
  NR % 4096 == 1 { close(file); file = ENVIRON["folder"] "/" int(100000 + NR / 4096) }
  { print > file }
' "$work/requests"
: > "$work/digests"
for batch in "$work/batches"/*; do
  if [ ! -f "$batch" ]; then continue; fi # no request at all
  awk '{
    file = ENVIRON["ids"] "/" (10000 + NR)
    printf "shield evidence sample v1\n%s\n%s", ENVIRON["seed"], $0 > file
    close(file)
  }' "$batch"
  (cd "$ids" && sha256sum ./* && rm ./*) > "$work/digested"
  cut -c 1-64 "$work/digested" >> "$work/digests"
done
cut -d , -f 2 "$work/population" | paste -d , - "$work/digests" "$work/requests" |
  sort -t , -k 1,1 -k 2,2 -k 3,3 > "$work/ranked"

# The lowest of each stratum, in the order of their names.
awk -F , 'FILENAME == ARGV[1] { size[$1] = $3; next } taken[$1]++ < size[$1] { print $3 }' \
  "$work/sizes" "$work/ranked"
