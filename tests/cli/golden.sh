#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154,SC2034
# What an earlier release wrote, this one reads: for each golden repository of tests/data/golden (support/make_golden.sh
# keeps them) a copy with everything in it: accepted, returned, in conflict, saved, edited, a draft. Nothing is lost.
. "$(dirname "$0")/../support/people.sh"
data=$(cd "$support/../data/golden" && pwd)
count=0
for file in "$data"/*.tar.xz; do
	[ -e "$file" ] || continue
	count=$((count + 1))
	release=$(basename "$file" .tar.xz)
	rm -rf "${tmp:?}"/*
	python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall()' "$file"
	sed -i "s|@HERE@|$tmp|g" a-1/.git/config a-1/.git/cib/config.json
	sed -i "s|@CIB@|$CIB|" central.git/hooks/pre-receive # the server has this release, as after an upgrade
	. ./ids

	expect 0 "$release: status reads the copy" as a-1 status
	says "$draft" "$release: with the draft"
	says "Which town?" "$release: with what came back"
	expect 1 "$release: an open conflict is one still" as a-1 resolve
	says "Here" "$release: with the one value"
	says "There" "$release: and the other"
	is "$(field a-1 "$accepted" /title/en)" "Edited and not saved" "$release: the edit is there"
	is "$(field a-1 "$accepted" /title/fr)" "Une fiche" "$release: and what it did not touch"
	is "$(field a-1 "$accepted" /x-note)" "kept as it is" "$release: a field that no schema names"
	says_raw() { as a-1 show "$accepted" --json >out 2>err; grep -qF "$1" out && echo "ok - $2" || { echo "not ok - $2"; failed=1; }; }
	says_raw '1.10' "$release: a number's text"
	as a-1 doctor --json >out 2>err
	grep -q '"state":"error"' out && { echo "not ok - $release: the doctor finds an error" && sed 's/^/    /' out; failed=1; } || echo "ok - $release: the doctor finds no error"

	expect 1 "$release: it syncs (a conflict and a draft are left)" as a-1 sync
	is "$(git -C central.git ls-tree -r --name-only members/m-a | grep -c "$saved")" 1 "$release: what was saved is sent"
	expect 0 "$release: the conflict is settled" as a-1 resolve "$clash" --ours
	is "$(field a-1 "$clash" /title/en)" "Here" "$release: for the one value"
	joins sec-1
	expect 1 "$release: it syncs again (a draft is left)" as a-1 sync
	expect 0 "$release: the secretariat syncs" as sec-1 sync
	expect 0 "$release: and accepts what is new" as sec-1 review accept m-a "$accepted" "$saved" "$clash"
	expect 0 "$release: git fsck has nothing to say" git -C a-1 fsck --strict --no-dangling
done
[ "$count" -gt 0 ] && echo "ok - there is a golden repository of each release so far" || { echo "not ok - there is no golden repository"; failed=1; }
[ "$failed" = 0 ]
