#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154
#
# Keeps a golden repository: a central repository and a copy of it as this program writes them today, for tests/cli/golden.sh
# of every later release to read. Run it once for a release and commit the file; one that is there is never made again.
#
#     CIB=$PWD/build/dev/cib bash tests/support/make_golden.sh
out=$(cd "$(dirname "$0")/../data/golden" && pwd) || exit 1
. "$(dirname "$0")/people.sh"
version=$("$CIB" --version | cut -d " " -f 2)
[ ! -e "$out/$version.tar.xz" ] || { echo "$out/$version.tar.xz is there and stays as it is" >&2 && exit 1; }

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
joins sec-1 a-1 a-2 b-1
accepted=$(project a-1 "An accepted entry" /title/fr="Une fiche" "/x-note=kept as it is" /x-number:=1.10)
returned=$(project a-1 "A returned entry")
clash=$(project a-1 "An entry of two")
rounds a-1 sec-1
expect 0 "one is accepted" as sec-1 review accept m-a "$accepted" "$clash"
expect 0 "one returned" as sec-1 review return m-a "$returned" --field /title/en -m "Which town?"
rounds sec-1 a-1 a-2
as a-2 set "$clash" "/title/en=There" 2>/dev/null
rounds a-2
as a-1 set "$clash" "/title/en=Here" 2>/dev/null
expect 1 "two edits meet" as a-1 sync
saved=$(project a-1 "Saved and not sent")
expect 0 "a save" as a-1 save
as a-1 set "$accepted" "/title/en=Edited and not saved" 2>/dev/null
draft=$(as a-1 new project "/title/en=A draft" 2>/dev/null)
printf '%s\n' "accepted=$accepted" "returned=$returned" "clash=$clash" "saved=$saved" "draft=$draft" >ids
[ "$failed" = 0 ] || exit 1
for r in central.git a-1; do
	git -C $r -c core.compression=0 -c pack.compression=0 repack -q -a -d -F --depth=0 --window=0 # xz does it for both at once
	git -C $r prune-packed && git -C $r pack-refs --all
	rm -f "$r"/hooks/*.sample "$r"/.git/hooks/*.sample "$r"/.git/cib/{stat,checked,findings} "$r"/.git/cib/duplicates*
done
sed -i "s|$tmp|@HERE@|g" a-1/.git/cib/config.json a-1/.git/config
sed -i "s|^cib='.*'|cib='@CIB@'|" central.git/hooks/pre-receive
tar --sort=name --owner=0 --group=0 --numeric-owner -cf - ids central.git a-1 |
	python3 -c 'import lzma, sys; sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read(), preset=9 | lzma.PRESET_EXTREME))' >"$out/$version.tar.xz"
ls -l "$out/$version.tar.xz"
