#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2034,SC2154
# The bytes on the wire, both ways, of sending and of receiving 1, 10 and 100 edited entries in a network of 20,000, beside
# git doing the same through the same byte-counting link, over http and over a pipe in the place of ssh. $CIB is the program.
#
#   wire.WAY.sync-N   cib sync of N edited entries; git: fetch, and push of the same commit
#   wire.WAY.push-N   the same without the bytes of a sync (a fetch) that has nothing to do
#   wire.WAY.fetch-N  cib sync, and git fetch, of a main with N edited entries
. "$(dirname "$0")/../support/people.sh"
. "$support/bad_link.sh"
. "$support/wire.sh"
work=$tmp/work
trap 'close_links; rm -rf "$tmp"' EXIT
export HOME=$tmp GIT_CONFIG_NOSYSTEM=1
die() {
	echo "wire: $1" >&2
	tail -n 20 "$tmp/more" >&2
	exit 1
}

figures() { # NAME CIB GIT
	echo "figure $1 $2 bytes target -"
	echo "figure $1.git $3 bytes target -"
	awk -v name="$1" -v cib="$2" -v git="$3" 'BEGIN { printf "figure %s.to-git %.2f ratio target 1.2\n", name, cib / git }'
}

open_links || { echo "SKIP: wire: no web server here"; exit 0; }
wire_network 20000 || die "no network"
for way in http ssh; do
	wire_join $way || die "the copies over $way"
	for n in 1 10 100; do
		wire_push $way $n "$way$n" || die "sending over $way"
		figures "wire.$way.sync-$n" "$cib" "$git"
		figures "wire.$way.push-$n" "$cib_alone" "$git_alone"
		wire_fetch $way $n "$way$n" || die "receiving over $way"
		figures "wire.$way.fetch-$n" "$cib" "$git"
	done
done
