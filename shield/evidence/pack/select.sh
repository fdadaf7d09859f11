#!/bin/bash
# select.sh SEED: prints the ids that the seed chooses from population.csv by strata.csv, by stratum and rank.
# Needs bash and coreutils.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
seed=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 1d population.csv | cut -d , -f 1,2 | while IFS=, read -r id stratum; do
  digest=$(printf 'shield evidence sample v1\n%s\n%s' "$seed" "$id" | sha256sum)
  printf '%s %s %s\n' "$stratum" "${digest%% *}" "$id"
done | sort > "$work/ranked"
sed 1d strata.csv | while IFS=, read -r stratum _ size; do
  grep -F "$stratum " "$work/ranked" | while read -r of rest; do
    if [ "$of" = "$stratum" ]; then printf '%s\n' "$rest"; fi
  done | sed -n "1,${size}p" | cut -d ' ' -f 2
done
