#!/bin/sh
# Reads records of topics as a member of a group: members share the partitions, and the group goes on where it has committed.
#
#   ./consume-group.sh readers 10 orders            # ends after 10 records
#   ./consume-group.sh readers 0 orders payments    # goes on until it is stopped
#   BOOTSTRAP=broker:9092 ./consume-group.sh readers 10 orders
#
# Needs kcat (Debian: kcat), which commits by itself: every second, and when it ends. A group that has committed nothing yet starts
# at the beginning. Exit code: 0 read as many as asked for or stopped, 1 an error, 2 wrong usage.
set -eu

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0"
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
esac
[ $# -ge 3 ] || { usage >&2; exit 2; }
group=$1
count=$2
shift 2
case $count in
    '' | *[!0-9]*) usage >&2; exit 2 ;;
    0) limit= ;;
    *) limit="-c $count" ;;
esac
# shellcheck disable=SC2086 # an empty $limit is no argument
exec kcat -b "${BOOTSTRAP:-localhost:9092}" -q $limit -f '%t[%p]@%o %k %s\n' \
    -X auto.offset.reset=earliest -X auto.commit.interval.ms=1000 -G "$group" "$@"
