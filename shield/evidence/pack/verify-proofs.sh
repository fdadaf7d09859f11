#!/bin/sh
# verify-proofs.sh HEAD VKEY FOLDER: checks that VKEY signed the checkpoint HEAD, and that each record of FOLDER,
# INDEX.json, is in the tree under it at INDEX, by the proof beside it, INDEX.tlog-proof; prints how many there are.
# What verify-proof.sh does for one, done for all of them together, level by level of the tree: a program is started
# for a level, and not for each hash of each proof.
set -eu
export LC_ALL=C
head=$1 vkey=$2 folder=${3%/}
here=$(dirname "$0")
fail() {
  printf 'NOT VERIFIED: %s\n' "$*" >&2
  exit 1
}
number() { # of other text a shell may make a number too, and run what is in it
  case $1 in
    0) ;;
    '' | 0* | *[!0-9]*) return 1 ;;
  esac
  test ${#1} -le 16
}
hex() { # of hashes of 32 bytes in base64, a line each
  base64 -d | od -A n -v -t x1 | awk '{ gsub(/ /, ""); printf "%s%s", $0, NR % 2 ? "" : "\n" }'
}
digests() { # of the files of a folder, in the order of their names
  (cd "$1" && sha256sum ./*) > "$work/digested"
  cut -c 1-64 "$work/digested"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. The head: origin, size, root; a blank line; signatures. The key's is Ed25519 over the text before the blank line.
sed '/^$/,$d' "$head" > "$work/text"
{ read -r origin && read -r size && read -r root; } < "$work/text" || fail "$head is no checkpoint"
test "$origin" = "${vkey%%+*}" || fail "$head is of another log than the key"
signature=$(grep "^— $origin " "$head" | sed -n 1p | cut -d ' ' -f 3)
sh "$here/signed-by.sh" "$vkey" "$work/text" "$signature" || fail "the signature of $head does not hold"
number "$size" || fail "$head is no checkpoint"
printf '%s\n' "$root" | grep -q -x -E '[A-Za-z0-9+/]{43}=' || fail "$head is no checkpoint"
root=$(printf '%s\n' "$root" | hex)

# 2. Each record has a proof: a line that names the form, the record, its index, the path; a blank line; the checkpoint.
mkdir "$work/0"
count=0
ls -A "$folder" | sed -n 's/\.json$//p' > "$work/records"
while IFS= read -r index; do
  proof=$folder/$index.tlog-proof
  test -f "$proof" || fail "$folder/$index.json has no proof"
  number "$index" && test "$index" -lt "$size" || fail "$proof does not hold: there is no such record under its head"
  printf '%s\n%s\n' "$proof" "extra $(base64 -w 0 "$folder/$index.json")"
  { printf '\000' && cat "$folder/$index.json"; } > "$work/0/$((10000000 + count))"
  count=$((count + 1))
done < "$work/records" > "$work/expected"
head=$head paths=$work/paths awk '
  function refuse(why) { print why; exit 1 }
  function next_line() { if ((getline line < proof) <= 0) line = ""; return line "" }
  BEGIN { while ((getline line < ENVIRON["head"]) > 0) checkpoint = checkpoint line "\n" }
  NR % 2 { proof = $0; next }
  {
    index_of = proof
    sub(/\.tlog-proof$/, "", index_of)
    sub(/.*\//, "", index_of)
    next_line()
    extra = next_line()
    if (next_line() != "index " index_of) refuse(proof " is of another record")
    if (extra != $0 "") refuse("the record is not what " proof " proves")
    for (steps = 0; next_line() ~ /^[A-Za-z0-9+\/]+=$/ && length(line) == 44; steps++) print line > ENVIRON["paths"]
    rest = ""
    if (line == "") while ((getline line < proof) > 0) rest = rest line "\n"
    if (rest != checkpoint) refuse(proof " is under another checkpoint")
    close(proof)
    print index_of, steps
  }
' "$work/expected" > "$work/places" || fail "$(tail -n 1 "$work/places")"

# 3. The hash of a record is that of a zero byte and its bytes, that of a node of a byte 01 and the two below it.
# From the records up to the root, the path has the other of the two. A line of `rising` is a hash, its position, the
# last position of its level, and the rest of its path; hashes are compared as texts, also those of digits alone.
touch "$work/paths"
hex < "$work/paths" > "$work/hashes"
hashes=$work/hashes size=$size awk '{
  printf "%s %.0f", $1, ENVIRON["size"] - 1
  for (step = 0; step < $2; step++) { getline hash < ENVIRON["hashes"]; printf " %s", hash }
  print ""
}' "$work/places" > "$work/above"
level=0
while test -s "$work/above"; do
  digests "$work/$level" | paste -d ' ' - "$work/above" > "$work/rising"
  level=$((level + 1))
  mkdir "$work/$level"
  root=$root nodes=$work/nodes awk '
    function octal(hex,   place, text) {
      for (place = 1; place < length(hex); place += 2)
        text = text sprintf("\\%03o", 16 * value(substr(hex, place, 1)) + value(substr(hex, place + 1, 1)))
      return text
    }
    function value(digit) { return index("0123456789abcdef", digit) - 1 }
    BEGIN { printf "" > ENVIRON["nodes"] }
    NF == 3 {
      if ($3 != 0 || $1 "" != ENVIRON["root"] "") exit 1
      next
    }
    {
      if ($3 == 0) exit 1
      position = $2
      last = $3
      if (position % 2 == 1 || position == last) {
        node = $4 $1
        while (position % 2 == 0 && position > 0) { position /= 2; last = int(last / 2) }
      } else node = $1 $4
      print "\\001" octal(node) > ENVIRON["nodes"]
      printf "%.0f %.0f", int(position / 2), int(last / 2)
      for (place = 5; place <= NF; place++) printf " %s", $place
      print ""
    }
  ' "$work/rising" > "$work/above" || fail "a proof under $head does not hold"
  name=10000000
  while IFS= read -r node; do
    printf "$node" > "$work/$level/$name"
    name=$((name + 1))
  done < "$work/nodes"
done
echo "$count"
