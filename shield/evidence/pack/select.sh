#!/bin/bash
# select.sh SEED: prints the ids that the seed chooses from population.csv by strata.csv, by stratum and rank.
# Needs bash and coreutils.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
seed=$1
sed 1d strata.csv | while IFS=, read -r stratum _ size; do
  sed 1d population.csv | while IFS=, read -r id of _; do
    if [ "$of" = "$stratum" ]; then
      digest=$(printf 'shield evidence sample v1\n%s\n%s' "$seed" "$id" | sha256sum)
      printf '%s %s\n' "${digest%% *}" "$id"
    fi
  done | sort | sed -n "1,${size}p" | cut -d ' ' -f 2
done
