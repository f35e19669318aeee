#!/bin/sh
# Prints the records of all partitions of a topic from the beginning, then ends; -f follows instead.
#
#   ./consume.sh orders
#   ./consume.sh orders -f
#   BOOTSTRAP=broker:9092 ./consume.sh orders
#
# Needs kcat (Debian: kcat). Joins no group and commits nothing.
set -eu
topic=${1:?usage: consume.sh TOPIC [-f]}
case ${2:-} in
    -f) end= ;;
    '') end=-e ;;
    *) echo "usage: consume.sh TOPIC [-f]" >&2; exit 2 ;;
esac
# shellcheck disable=SC2086 # an empty $end is no argument
exec kcat -C -q -b "${BOOTSTRAP:-localhost:9092}" -t "$topic" -o beginning $end -f '%t[%p]@%o %k %s\n'
