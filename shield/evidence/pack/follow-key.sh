#!/bin/sh
# follow-key.sh ROTATIONS VKEY SIZE: prints the key that must have signed a head of SIZE, where VKEY is any key of the log.
# ROTATIONS are the log's records of kind `rotate`, one a line. A link holds by the signatures of the key before it,
# which is VKEY or follows from it, and of the new one.
set -eu
export LC_ALL=C
rotations=$1 vkey=$2 size=$3
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
member() { # NAME: of the record in $link
  printf '%s\n' "$link" | sed -n -E "s/^.*[{,]\"$1\":\"?([^\",}]+)[\",}].*\$/\1/p"
}
number() { # of other text some shells would make a number too, and run what is in it
  case $1 in
    0) ;;
    '' | 0* | *[!0-9]*) return 1 ;;
  esac
  test ${#1} -le 16
}
number "$size"
while IFS= read -r link; do
  old=$(member old_vkey) new=$(member new_vkey) index=$(member index)
  if [ "$old" != "$vkey" ]; then continue; fi
  number "$index"
  if [ "$index" -ge "$size" ]; then break; fi
  test "${new%%+*}" = "${vkey%%+*}"
  printf 'shield key rotation v1\n%s\n%s\n%s\n%s\n%s\n' \
    "${old%%+*}" "$old" "$new" "$(member size)" "$(member root)" > "$work/statement"
  sh "$here/signed-by.sh" "$old" "$work/statement" "$(member old_signature)"
  sh "$here/signed-by.sh" "$new" "$work/statement" "$(member new_signature)"
  vkey=$new
done < "$rotations"
printf '%s\n' "$vkey"
