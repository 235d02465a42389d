#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# A draft waits in the working folder while its entry goes on: a colleague removes it, the member gets another name, the version that the draft
# was begun on is purged. Once the draft is right, it is joined with what the entry became, and undoes nothing of it unasked.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins sec-1
python3 - <<'P'
import json
d = json.load(open("sec-1/network.json"))
d["rules"] = {"privacy.email": "advice"}
open("sec-1/network.json", "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
rounds sec-1
joins a-1 a-2
everybody() { rounds a-1 a-2 && expect 0 "all is accepted" as sec-1 review accept m-a; rounds sec-1 a-1 a-2; }
write() { # FILE: an edit that ends in the middle
	sed -i 's/About /All about /; s/^}$/,}/' "$1"
}
mend() { sed -i 's/^,}$/}/' "$1"; }

p=$(project a-1 "Water") q=$(project a-1 "Bridge") r=$(project a-1 "Market")
rounds a-1 sec-1
everybody
folder=a-1/members/m-a/projects

echo "# A colleague removes the entries"
write "$folder/$p.json"
sed -i 's/About /All about /; s/"status": "2"/"status": "77"/' "$folder/$q.json"
rm "a-2/members/m-a/projects/$p.json" "a-2/members/m-a/projects/$q.json"
rounds a-2
expect 1 "who has drafts of them syncs" as a-1 sync
says "$p.json: it was removed meanwhile; your unsaved edit was kept" "and is told"
expect 0 "nothing is asked while they are drafts" as a-1 resolve
mend "$folder/$p.json"
sed -i 's/"status": "77"/"status": "2"/' "$folder/$q.json"
expect 1 "mended, they are sent" as a-1 sync
for id in "$p" "$q"; do
	is "$(field a-1 "$id" /description/general/en | cut -d' ' -f1)" All "$id: the edit stays"
	is "$(as a-1 resolve --json | grep "$id" | grep -c '"conflict":"delete"')" 1 "and whether the entry does is asked"
	expect 0 "it is taken away" as a-1 resolve "$id" --theirs
	is "$(test -e "$folder/$id.json" || echo gone)" gone "by whom it is asked"
done
rounds a-1 a-2 a-1
is "$(ls a-2/members/m-a/projects | tr '\n' ' ')" "$r.json " "and by that it is gone for everybody"

echo "# A draft is taken back, and the entry edited anew"
write "$folder/$r.json"
as a-2 set "$r" /status=3 2>/dev/null
rounds a-2
expect 1 "a colleague's edit comes in beside a draft" as a-1 sync
git -C a-1 show "HEAD:members/m-a/projects/$r.json" >"$folder/$r.json"
expect 0 "who took it back sets the edit back" as a-1 set "$r" /status=2
rounds a-1 a-2
is "$(field a-2 "$r" /status)" 2 "which stays so"

echo "# The member gets another name"
everybody
write "$folder/$r.json"
as a-2 set "$r" /status=3 2>/dev/null
rounds a-2 sec-1
expect 1 "a colleague's edit comes in beside a draft" as a-1 sync
expect 0 "it is accepted" as sec-1 review accept m-a
rounds sec-1
git clone -q central.git plain 2>/dev/null
(
	cd plain && git mv members/m-a members/m-sur && sed -i 's/"m-a"/"m-sur"/' access.json members/m-sur/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-a is m-sur now"
)
expect 0 "the secretariat renames the member" env CIB_USER=sec-1 git -C plain push -q origin main
expect 1 "the draft goes along" as a-1 sync
folder=a-1/members/m-sur/projects
mend "$folder/$r.json"
rounds a-1 a-2 sec-1
is "$(field a-2 "$r" /description/general/en)" "All about Market." "mended, it brings its edit"
is "$(field a-2 "$r" /status)" 3 "and the colleague's stays"

echo "# The version that it was begun on is purged"
secret=jo.doe@andal.example # made up
as a-1 set "$r" "/description/general/en=Ask $secret." 2>/dev/null
rounds a-1 a-2
sed -i 's/"status": "3"/"status": "4"/; s/^}$/,}/' "$folder/$r.json"
as a-2 set "$r" "/description/general/en=Ask nobody." "/title/en=Market hall" 2>/dev/null
rounds a-2
expect 1 "a colleague takes an address out beside a draft" as a-1 sync
rounds sec-1
expect 0 "it is accepted" as sec-1 review accept m-sur
rounds sec-1 a-2
printf '%s\n' "$secret" >secret
expect 0 "the address is purged" "$CIB" purge central.git --text-from secret --user sec-1 --reason "A person's address"
expect 1 "the copy comes over" as a-1 sync --accept-purge
sed -i "s/Ask $secret./Ask the town./" "$folder/$r.json"
mend "$folder/$r.json"
expect 1 "mended, the draft is sent" as a-1 sync
is "$(field a-1 "$r" /title/en)" "Market hall" "the colleague's title stands"
expect 1 "and the draft's is asked for" as a-1 resolve --json
says '"field":"/status"' "with what it changed"

echo "# An editor writes half an edit while a sync saves"
expect 0 "the colleague comes over, too" as a-2 sync --accept-purge
expect 0 "it is settled" as a-1 resolve --all --theirs
q=$(project a-1 "Well")
rounds a-1 a-2
as a-1 set "$q" /status=3 2>/dev/null
as a-1 set "$r" /status=3 2>/dev/null
exec 9>>a-1/.git/cib/hold
flock 9 # between the check of the files and their saving
as a-1 sync >out 2>err 9>&- &
sleep 1
sed 's/"status": "3"/"status": "77"/' "$folder/$r.json" >half
cp half "$folder/$r.json"
exec 9>&-
wait $!
is $? 0 "the sync sends what is right"
expect 0 "which the server has" git -C central.git grep -q '"status": "3"' members/m-sur -- "members/m-sur/projects/$q.json"
expect 0 "the half edit stays here" cmp half "$folder/$r.json"
expect 1 "as a draft" as a-1 sync
says "Stays here as a draft" "which is said"
sed -i 's/"status": "77"/"status": "4"/' "$folder/$r.json"
rounds a-1 a-2
is "$(field a-2 "$r" /status)" 4 "and goes out when it is whole"

echo "# The disk fails for a moment, while an edit of a colleague comes in"
strace -qq -o trace true 2>/dev/null || { echo "SKIP: strace cannot follow a program here"; exit "$failed"; }
rounds a-2
sed -i 's/Market hall/Market square/; s/^}$/,}/' "$folder/$r.json"
cp "$folder/$r.json" draft
as a-2 set "$r" /dates/plannedEnd=2026 2>/dev/null
rounds a-2
expect 1 "a first one came in beside a draft" as a-1 sync
as a-2 set "$r" /dates/plannedEnd=2027 2>/dev/null
rounds a-2
fails_once() { # FILE N: a sync in which the file cannot be read the nth time
	(cd a-1 && CIB_USER=a-1 strace -f -qq -o "$tmp/trace" -P "$PWD/$1" -e trace=openat -e inject=openat:error=EIO:when="$2" "$CIB" sync) >/dev/null 2>&1 </dev/null
}
cp -a a-1 scene-1
cp -a central.git scene-central
for what in "members/m-sur/projects/$r.json" .git/cib/drafts.json; do
	for n in 1 2 3 4 5 6; do
		rm -rf a-1 central.git
		cp -a scene-1 a-1 && cp -a scene-central central.git
		fails_once "$what" "$n"
		cmp -s draft "$folder/$r.json" || echo "$what is not there the ${n}th time: the draft is gone" >>lost
		mend "$folder/$r.json"
		as a-1 sync >/dev/null 2>&1
		[ "$(field a-1 "$r" /dates/plannedEnd) $(field a-1 "$r" /title/en)" = "2027 Market square" ] || echo "$what, $n: the two were not joined" >>lost
	done
done
is "$(cat lost 2>/dev/null)" "" "the draft stays, and is joined with that edit"
exit "$failed"
