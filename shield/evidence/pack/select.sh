#!/bin/bash
# select.sh SEED: prints the ids that the seed chooses from population.csv, by stratum and rank.
# How many are chosen is the number of rows of sample.csv; how they are shared out over the strata is worked out
# from the population, and strata.csv must say the same. Needs bash and coreutils.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
seed=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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

# The lowest ranks of each.
sed 1d population.csv | cut -d , -f 1,2 | while IFS=, read -r id stratum; do
  digest=$(printf 'shield evidence sample v1\n%s\n%s' "$seed" "$id" | sha256sum)
  printf '%s %s %s\n' "$stratum" "${digest%% *}" "$id"
done | sort > "$work/ranked"
while IFS=, read -r stratum _ size; do
  { grep -F -- "$stratum " "$work/ranked" || true; } | while read -r of rest; do
    if [ "$of" = "$stratum" ]; then printf '%s\n' "$rest"; fi
  done | sed "$((size + 1)),\$d" | cut -d ' ' -f 2
done < "$work/sizes"
