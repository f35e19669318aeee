#!/bin/sh
# Writes every line of standard input as one record; what stands before the first ':' of a line is its key.
#
#   printf 'a:{"n":1}\nb:{"n":2}\n' | ./produce.sh orders
#   BOOTSTRAP=broker:9092 ./produce.sh orders < lines.txt
#
# Needs kcat (Debian: kcat). Exits with kcat's code: 0 if every record was acknowledged.
set -eu
topic=${1:?usage: produce.sh TOPIC < lines}
exec kcat -P -b "${BOOTSTRAP:-localhost:9092}" -t "$topic" -K : -X acks=all
