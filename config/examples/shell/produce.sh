#!/bin/sh
# Writes every line of standard input as one record; what stands before the first ':' of a line is its key.
#
#   printf 'a:{"n":1}\nb:{"n":2}\n' | ./produce.sh orders
#   BOOTSTRAP=broker:9092 ./produce.sh orders < lines.txt
#
# Needs kcat (Debian: kcat). Exit code: 0 every record was acknowledged, 1 an error, 2 wrong usage.
set -eu

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0"
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
    '' | -*) usage >&2; exit 2 ;;
esac
exec kcat -P -b "${BOOTSTRAP:-localhost:9092}" -t "$1" -K : -X acks=all
