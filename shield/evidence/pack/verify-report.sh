#!/bin/sh
# verify.sh SEED VKEY...: checks this pack with a POSIX shell and its tools, sha256sum, base64 and openssl (3.0 or later).
# SEED is the one that you chose; each VKEY must have come to you from elsewhere: one an origin, and that of
# the report (its name ends in /report).
set -eu
cd "$(dirname "$0")"
export LC_ALL=C
fail() {
  printf 'NOT VERIFIED: %s\n' "$*" >&2
  exit 1
}
if [ $# -lt 2 ]; then
  echo "usage: sh verify.sh SEED VKEY...; VERIFY.md says which keys, and where to take them from" >&2
  exit 2
fi
seed=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. The manifest is signed: Ed25519 over its bytes.
read -r _ name signature < MANIFEST.sig || fail "MANIFEST.sig is no signature"
case $name in
  */report) ;;
  *) fail "MANIFEST is signed by $name, which is no report's key" ;;
esac
vkey=$(sh given-key.sh "$name" "$@") || exit 1
sh signed-by.sh "$vkey" MANIFEST "$signature" || fail "the signature of MANIFEST does not hold"

# 2. Every file is as the manifest has it, and there is no other.
sh files-named.sh MANIFEST MANIFEST.sig

# 3. The population is as large as the sums say, in all and by kind and stratum.
sed 1d population.csv > "$work/population"
sed 1d counts.csv > "$work/counts"
different=$(awk -F , '
  FILENAME == ARGV[1] {
    counted["all,"]++
    counted["stratum," $2]++
    counted["kind," $4]++
    next
  }
  $1 != "all" && $1 != "kind" && $1 != "stratum" {
    print "counts.csv has a column that this script does not know: " $1
    exit
  }
  counted[$1 "," $2] + 0 != $3 || $3 !~ /^[0-9]+$/ {
    print "population.csv has " counted[$1 "," $2] + 0 " rows of " $1 " " $2 ", counts.csv says " $3
    exit
  }
' "$work/population" "$work/counts")
test -z "$different" || fail "$different"

# 4. The documents, the choice, and the records. The report's key is of no log.
for given in "$@"; do
  shift
  case ${given%%+*} in
    */report) ;;
    *) set -- "$@" "$given" ;;
  esac
done
count=$(sh verify-sample.sh "$seed" "$@") || exit 1
files=$(wc -l < MANIFEST) chosen=$(sed 1d sample.csv | wc -l)
echo "verified: $((files)) files under a signed manifest, $count records under signed heads, $((chosen)) of them chosen by the seed"
