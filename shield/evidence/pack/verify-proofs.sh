#!/bin/bash
# verify-proofs.sh HEAD VKEY FOLDER: checks that VKEY signed the checkpoint HEAD, and that each record of FOLDER,
# INDEX.json, is in the tree under it at INDEX, by the proof beside it, INDEX.tlog-proof; prints how many there are.
# What verify-proof.sh does for one, done for all of them together, level by level of the tree: a program is started
# for a level, and not for each hash of each proof. Needs bash 4.4, coreutils and openssl (3.0 or later).
set -euo pipefail
export LC_ALL=C
IFS=$'\n'
head=$1 vkey=$2 folder=${3%/}
fail() {
  echo "NOT VERIFIED: $*" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. The head: origin, size, root; a blank line; signatures. The key's is Ed25519 over the text before the blank line.
sed '/^$/,$d' "$head" > "$work/text"
{ read -r origin && read -r size && read -r root; } < "$work/text" || fail "$head is no checkpoint"
test "$origin" = "${vkey%%+*}" || fail "$head is of another log than the key"
key=${vkey#*+}
{
  printf '302A300506032B6570032100' | basenc --base16 -d
  printf '%s' "${key#*+}" | base64 -d | tail -c 32
} > "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"
grep "^— $origin " "$head" | sed -n 1p | cut -d ' ' -f 3 | base64 -d | tail -c 64 > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/text" -sigfile "$work/signature" > /dev/null ||
  fail "the signature of $head does not hold"
# Of other text than a decimal number bash would make a number too, and run what is in it.
number='^(0|[1-9][0-9]{0,15})$' digest='^[A-Za-z0-9+/]{43}=$'
[[ $size =~ $number && $root =~ $digest ]] || fail "$head is no checkpoint"
root=$(printf '%s' "$root" | base64 -d | basenc --base16 -w0)

# 2. Each record has a proof: a line that names the form, the record, its index, the path; a blank line; the checkpoint.
mapfile -t checkpoint < "$head"
names=() position=() last=() at=() end=() path=()
mkdir "$work/0"
for record in "$folder"/*.json; do
  name=$(printf '%07d' "${#names[@]}") proof=${record%.json}.tlog-proof index=$(basename "$record" .json)
  test -f "$proof" || fail "$record has no proof"
  mapfile -t line < "$proof"
  test "${line[2]-}" = "index $index" || fail "$proof is of another record"
  [[ $index =~ $number ]] && ((index < size)) || fail "$proof does not hold: there is no such record under its head"
  test "${line[1]-}" = "extra $(base64 -w0 "$record")" || fail "$record is not what $proof proves"
  at+=("${#path[@]}") row=3
  while [[ ${line[row]-} =~ $digest ]]; do path+=("${line[row]}") row=$((row + 1)); done
  end+=("${#path[@]}")
  [ "${line[*]:row}" = $'\n'"${checkpoint[*]}" ] || fail "$proof is under another checkpoint"
  { printf '\000' && cat "$record"; } > "$work/0/$name"
  names+=("$name") position+=("$index") last+=("$((size - 1))")
done

# 3. The hash of a record is that of a zero byte and its bytes, that of a node of a byte 01 and the two below it.
# From the records up to the root, the path has the other of the two.
mapfile -t path < <(printf '%s\n' "${path[@]}" | base64 -d | basenc --base16 -w64)
mapfile -t hash < <(cd "$work/0" && sha256sum -- * | cut -c 1-64 | tr a-f A-F)
rising=("${!names[@]}")
for ((level = 1; ${#rising[@]} > 0; level++)); do
  nodes=() still=()
  for one in "${rising[@]}"; do
    if ((at[one] == end[one])); then
      [[ ${last[one]} = 0 && ${hash[one]} = "$root" ]] || fail "the proof of record ${position[one]} does not hold"
      continue
    fi
    ((last[one] > 0)) || fail "a proof under $head does not hold: its path is too long"
    sibling=${path[at[one]]} at[one]=$((at[one] + 1))
    if ((position[one] % 2 == 1 || position[one] == last[one])); then
      nodes+=("01$sibling${hash[one]}")
      while ((position[one] % 2 == 0 && position[one] > 0)); do
        position[one]=$((position[one] / 2)) last[one]=$((last[one] / 2))
      done
    else
      nodes+=("01${hash[one]}$sibling")
    fi
    position[one]=$((position[one] / 2)) last[one]=$((last[one] / 2))
    still+=("$one")
  done
  rising=("${still[@]}")
  if ((${#nodes[@]} == 0)); then break; fi
  mkdir "$work/$level"
  mapfile -t hashed < <(
    cd "$work/$level" && printf '%s' "${nodes[@]}" | basenc --base16 -d | split -a 7 -d -b 65 &&
      sha256sum -- * | cut -c 1-64 | tr a-f A-F
  )
  for node in "${!still[@]}"; do hash[still[node]]=${hashed[node]}; done
done
echo "${#names[@]}"
