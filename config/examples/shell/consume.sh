#!/bin/sh
# Prints the records of all partitions of a topic from the beginning, then ends; -f follows instead.
#
#   ./consume.sh orders
#   ./consume.sh orders -f
#   BOOTSTRAP=broker:9092 ./consume.sh orders
#
# Needs kcat (Debian: kcat). Joins no group and commits nothing. Exit code: 0 all read, 1 an error, 2 wrong usage.
set -eu

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "$0"
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
    '' | -*) usage >&2; exit 2 ;;
esac
topic=$1
case ${2:-} in
    -f) end= ;;
    '') end=-e ;;
    *) usage >&2; exit 2 ;;
esac
# shellcheck disable=SC2086 # an empty $end is no argument
exec kcat -C -q -b "${BOOTSTRAP:-localhost:9092}" -t "$topic" -o beginning $end -f '%t[%p]@%o %k %s\n'
