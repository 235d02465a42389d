#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # support/people.sh
# Conflicts as people meet them: shown side by side, settled at a terminal and by flags, from drafts, and by two at once.
set -u
. "$(dirname "$0")/../support/people.sh"
unset VISUAL EDITOR

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1,andal-2
[ "$failed" = 0 ] || exit 1
expect 0 "the secretariat joins" env CIB_USER=sec-1 "$CIB" join "$tmp/central.git" sec-1 --user sec-1
expect 0 "and lets a second of its staff in" as sec-1 access add sec-2 --role secretariat
expect 0 "for everybody to know" as sec-1 sync
for user in andal-1 andal-2 sec-2; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done
id=$(as andal-1 new project "/title/en=Water for six towns" "/description/general/en=The six towns share one pump. It is old." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>/dev/null)
file=members/m-andal/projects/$id.json
expect 0 "an entry is shared" as andal-1 sync
expect 0 "and received" as andal-2 sync

disagree() { # both write the title and the status
	as andal-1 set "$id" "/title/en=Water for seven towns" /status="$1" 2>/dev/null && as andal-1 sync 2>/dev/null
	as andal-2 set "$id" "/title/en=Clean water for six towns" /status="$2" 2>/dev/null
}
disagree 3 4
expect 1 "two fields are in conflict" as andal-2 sync
says "Status: here it was set to \"4\" (Closed), there to \"3\" (Finalisation) (by staff of m-andal" "and sync says so in words, with who and when"
expect 1 "resolve shows both values" as andal-2 resolve
says "[seven]" "with the words that differ marked"
says "Both changed the same value" "and what happened"
says "Stands (theirs): staff of m-andal" "and whose value stands"
expect 0 "status" as andal-2 status
says "$id  Status  [/status]" "names the field by its title"
TERMINAL_COLUMNS=44 expect 0 "on a narrow terminal" at_terminal andal-2 'q\n' resolve
says "staff of m-andal" "whose value it is"
cp out narrow
expect 1 "no heading is cut" grep -E '(Stands|Set aside) .*-[0-9]' narrow
expect 1 "as JSON lines too" as andal-2 resolve --json
says '"nature":"opposite"' "with the kind of disagreement"
expect 2 "two at once are not settled by accident" as andal-2 resolve "$id" --ours
EDITOR="sh -c 'echo Water for nine towns >\"\$0\"'" expect 0 "at a terminal: one is taken, one is edited" at_terminal andal-2 't\ne\n' resolve
says "Conflict 1 of 2" "with a count"
expect 0 "nothing is left" as andal-2 resolve
expect 0 "status" as andal-2 status
says "settled  $id" "says that it was settled"
says_not "removed" "and that nothing was removed"
expect 0 "and it is sent" as andal-2 sync
expect 0 "the other receives it" as andal-1 sync
expect 0 "and has both decisions" as andal-1 show "$id" --json
says "Water for nine towns" "the edited one"
says '"status": "3"' "and the one that was taken"

disagree 4 5
expect 1 "again two" as andal-2 sync
expect 0 "all at once" as andal-2 resolve --all --ours
expect 0 "sent" as andal-2 sync
expect 0 "received" as andal-1 sync
expect 0 "the record is gone on both sides" test ! -e "andal-1/members/m-andal/conflicts/$id.json"

# Two people settle the same conflict, differently.
disagree 1 2
expect 1 "a conflict" as andal-2 sync
expect 0 "that both have" as andal-1 sync
expect 0 "one takes this" as andal-1 resolve --all --theirs
expect 0 "the other that" as andal-2 resolve --all --ours
expect 0 "the first sends" as andal-1 sync
expect 0 "taking what stands is no new edit: the other's choice wins" as andal-2 sync
expect 0 "nothing is open" as andal-2 resolve

# Three minds about one field, before anybody decides: no value goes.
expect 0 "up to date" as andal-1 sync
disagree 3 4
expect 1 "a conflict" as andal-2 sync
as andal-1 set "$id" /status=1 2>/dev/null && as andal-1 sync 2>/dev/null
as andal-2 set "$id" /status=5 2>/dev/null
expect 1 "and another about the same field" as andal-2 sync
expect 1 "both are listed" as andal-2 resolve "$id" --field /status --json
says '"ours":"4"' "what was set aside first"
says '"ours":"5"' "and what was set aside then"
expect 2 "they are not settled by accident" as andal-2 resolve "$id" --field /status --ours
expect 1 "in words" as andal-2 resolve "$id" --field /status
item=$(sed -n 's/.*--field \(c-[0-9a-f]*\)$/\1/p' out | tail -1)
expect 0 "one is settled by its own name" as andal-2 resolve "$id" --field "$item" --theirs
expect 1 "the other is open" as andal-2 resolve "$id" --field /status
expect 0 "and settled" as andal-2 resolve --all --theirs
expect 0 "and sent" as andal-2 sync

# A field that is in conflict is edited before that is settled.
expect 0 "up to date" as andal-1 sync
disagree 3 5
expect 1 "a conflict" as andal-2 sync
expect 0 "the field is edited anew" as andal-2 set "$id" /status=1
expect 1 "it is listed" as andal-2 resolve
says "what stands now is: 1" "with what stands by now"
expect 0 "what stands is taken" as andal-2 resolve --all --theirs
expect 0 "and is" as andal-2 show "$id" --json
says '"status": "1"' "the newest edit"
expect 0 "back to what it was" as andal-2 set "$id" "/title/en=Water for seven towns" /status=2
expect 0 "sent" as andal-2 sync

# Removed on one side, changed on the other: the change stands, whoever made it.
removal() { # REMOVER CHANGER: of the planned start, which all have
	expect 0 "$1 is up to date" as "$1" sync
	expect 0 "$2 is up to date" as "$2" sync
	as "$1" set "$id" --unset /modality 2>/dev/null
	as "$2" set "$id" /modality="$3" 2>/dev/null
}
expect 0 "a field to disagree about" as andal-1 set "$id" /modality=twinning
expect 0 "for both" as andal-1 sync
removal andal-1 andal-2 networks
expect 0 "one removes a field" as andal-1 sync
expect 1 "the other changed it" as andal-2 sync
expect 1 "it is listed" as andal-2 resolve
says "Stands (ours): staff of m-andal" "the change stands"
says "Set aside (theirs)" "the removal waits"
expect 0 "the removal is chosen" as andal-2 resolve "$id" --theirs
expect 0 "and is done" as andal-2 show "$id" --json
expect 1 "the field is gone" grep -q modality out
expect 0 "a new value" as andal-2 set "$id" /modality=twinning
expect 0 "for both" as andal-2 sync
removal andal-2 andal-1 networks
expect 0 "one changes it" as andal-1 sync
expect 1 "the other removed it" as andal-2 sync
expect 1 "it is listed" as andal-2 resolve
says "Stands (theirs): staff of m-andal" "again the change stands"
expect 0 "the removal is chosen" as andal-2 resolve "$id" --ours
expect 0 "and is done" as andal-2 show "$id" --json
expect 1 "the field is gone" grep -q modality out
expect 0 "that is sent" as andal-2 sync

# An order is an order only: what happened to the items meanwhile stays.
# shellcheck disable=SC2317 # called through expect
order() { # USER ID...: the partners in that order
	local user=$1
	shift
	python3 - "$user/$file" "$@" <<-'END'
		import json, sys
		path, *ids = sys.argv[1:]
		doc = json.load(open(path))
		old = {p["id"]: p for p in doc["partners"]}
		doc["partners"] = [old.get(i) or {"id": i, "name": {"en": "Town " + i}, "role": "4"} for i in ids]
		json.dump(doc, open(path, "w"), indent=2, sort_keys=True, ensure_ascii=False)
	END
	(cd "$user" && "$CIB" fmt -w "$file")
}
expect 0 "up to date" as andal-1 sync
expect 0 "three partners" order andal-1 o-1 o-2 o-3
expect 0 "for both" as andal-1 sync
expect 0 "received" as andal-2 sync
expect 0 "one puts the last first" order andal-1 o-3 o-1 o-2
expect 0 "and sends it" as andal-1 sync
expect 0 "the other the second" order andal-2 o-2 o-1 o-3
expect 1 "a conflict of orders" as andal-2 sync
expect 1 "is listed" as andal-2 resolve
says "Both put the items into another order" "as what it is"
expect 0 "an item changes before that is settled" as andal-2 set "$id" "/partners/0/name/en=Town three"
expect 0 "the own order is chosen" as andal-2 resolve "$id" --ours
expect 0 "and stands" as andal-2 show "$id" --json
cat out >shown.json
expect 0 "with the item's change" python3 -c 'import json; p = json.load(open("shown.json"))
p = p.get("entry", p)["partners"]; assert [x["id"] for x in p] == ["o-2", "o-1", "o-3"], p; assert p[2]["name"]["en"] == "Town three", p'
expect 0 "that is sent" as andal-2 sync

# A draft that cannot even be read while a colleague's edit comes in.
expect 0 "up to date" as andal-1 sync
sed 's/Water for seven towns/Water for ten towns/' "andal-2/$file" >mended.json
expect 0 "with the old status" grep -q '"status": "2"' mended.json
printf '{"title": {"en": "Half an ed' >"andal-2/$file"
expect 0 "a colleague changes the status" as andal-1 set "$id" /status=5
expect 0 "and sends it" as andal-1 sync
expect 1 "sync leaves the broken file alone" as andal-2 sync
says "kept as it is" "and says so"
expect 0 "it is mended" cp mended.json "andal-2/$file"
expect 0 "and sent" as andal-2 sync
expect 0 "the entry has" as andal-2 show "$id" --json
says '"status": "5"' "the colleague's edit that came in meanwhile"
says "Water for ten towns" "and the mended one"

# The network renames a member while its staff work offline.
expect 0 "up to date" as andal-1 sync
as andal-1 set "$id" "/title/en=Water, offline" 2>/dev/null
new=$(as andal-1 new project "/title/en=Made offline" "/description/general/en=New." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>/dev/null)
draft=$(as andal-1 new project "/title/en=Only a title" 2>/dev/null)
expect 0 "the secretariat takes in what was sent" as sec-1 sync
expect 0 "all of it" as sec-1 review accept m-andal
expect 0 "and sends it" as sec-1 sync
git clone -q central.git plain 2>/dev/null
(
	cd plain && git mv members/m-andal members/m-sur && sed -i 's/"m-andal"/"m-sur"/' access.json members/m-sur/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-andal is m-sur now"
)
expect 0 "the secretariat renames it, with plain git" env CIB_USER=sec-1 git -C plain push -q origin main
expect 1 "the member syncs; one draft stays" as andal-1 sync
says "calls your organisation m-sur" "and is told"
expect 0 "the edit came along" as andal-1 show "$id" --json
says "Water, offline" "as it was"
says '"owner": "m-sur"' "in the new name"
expect 0 "the new entry came along" test -e "andal-1/members/m-sur/projects/$new.json"
expect 0 "the draft came along" test -e "andal-1/members/m-sur/projects/$draft.json"
expect 0 "nothing is left in the old folder" test ! -e andal-1/members/m-andal
expect 0 "and all was sent" git -C central.git cat-file -e "members/m-sur:members/m-sur/projects/$new.json"
expect 0 "a colleague goes along, too" as andal-2 sync
expect 0 "and has the edit" as andal-2 show "$id" --json
says "Water, offline" "from the new branch"
rm "andal-1/members/m-sur/projects/$draft.json"

# The secretariat's own files have conflicts, too.
expect 0 "up to date" as sec-2 sync
sed -i 's/"Example network"/"Example network of cities"/' sec-1/network.json
sed -i 's/"Example network"/"Network of examples"/' sec-2/network.json
expect 0 "one changes the network's title" as sec-1 sync
expect 1 "the other, too: a conflict that waits" as sec-2 sync
expect 1 "and is listed" as sec-2 resolve --json
says "Network of examples" "with the value set aside"
expect 0 "settled" as sec-2 resolve network --ours
expect 0 "sent" as sec-2 sync
expect 0 "received" as sec-1 sync
expect 0 "the title is" grep -q "Network of examples" sec-1/network.json
# The entry that a conflict is about is removed before that is settled.
rounds andal-1 andal-2
expect 0 "one writes" as andal-1 set "$id" /dates/plannedStart=2024-03
rounds andal-1
expect 0 "the other, too" as andal-2 set "$id" /dates/plannedStart=2024-04
expect 1 "a conflict" as andal-2 sync
cp "andal-2/members/m-sur/projects/$id.json" kept.json
rm "andal-2/members/m-sur/projects/$id.json"
expect 2 "a value cannot be written into what was removed" as andal-2 resolve "$id" --field /dates/plannedStart --ours
says "$id was removed; there is nothing to write the value into" "which is said"
says "cib resolve $id --all --theirs" "and what to do"
cp kept.json "andal-2/members/m-sur/projects/$id.json"
expect 0 "brought back, it can" as andal-2 resolve "$id" --field /dates/plannedStart --ours
rounds andal-2 andal-1

# Two of the secretariat write into a member's entry, and what the member sends about it meanwhile is accepted: their conflict waits for the member.
rounds andal-1 sec-1 sec-2
expect 0 "the member's entries are on main" as sec-1 review accept m-sur
rounds sec-1 sec-2 andal-1
expect 0 "one corrects an entry" as sec-1 set "$id" "/title/fr=De l’eau"
expect 0 "the other, too" as sec-2 set "$id" "/title/fr=L’eau pour tous"
expect 0 "the one sends" as sec-1 sync
as sec-2 sync >out 2>err
is $? 1 "the other has a conflict"
record=members/m-sur/conflicts/$id.json
expect 0 "which is on main" git -C central.git cat-file -e "main:$record"
expect 0 "the member writes another field" as andal-1 set "$id" /dates/plannedStart=2024-02
expect 0 "and sends it before it hears of that" as andal-1 sync --only mine
rounds sec-2
expect 0 "which is accepted" as sec-2 review accept m-sur "$id"
expect 0 "and sent" as sec-2 sync
expect 0 "the conflict is still there" git -C central.git cat-file -e "main:$record"
expect 0 "and comes to the member" as andal-1 sync
expect 1 "who sees it" as andal-1 resolve "$id" --json
says "pour tous" "with the value set aside"
expect 0 "and settles it" as andal-1 resolve "$id" --ours
rounds andal-1 sec-1
expect 0 "which is accepted, too" as sec-1 review accept m-sur
rounds sec-1
is "$(git -C central.git ls-tree -r --name-only main -- "$record")" "" "and then it is gone from main"
# Two edits, each right by itself, that are not right together; and the entry goes on before that is settled.
rounds andal-2
expect 0 "a whole" as andal-1 set "$id" '/sectors:=[{"code":"15128","percentage":"100"}]'
rounds andal-1 andal-2
expect 0 "one divides it" as andal-1 set "$id" '/sectors:=[{"code":"15128","percentage":"60"},{"code":"15110","percentage":"40"}]'
rounds andal-1
expect 0 "the other, too" as andal-2 set "$id" '/sectors:=[{"code":"15128","percentage":"70"},{"code":"15164","percentage":"30"}]'
expect 1 "the two together are more than a whole" as andal-2 sync
expect 0 "a colleague goes on" as andal-1 set "$id" /status=4
rounds andal-1
rounds andal-2
expect 0 "the other, too" as andal-2 set "$id" "/description/general/en=Written since."
expect 0 "then the version that was set aside is taken" as andal-2 resolve "$id" --ours
is "$(field andal-2 "$id" /sectors/1/code)" 15164 "as it is"
is "$(field andal-2 "$id" /status) $(field andal-2 "$id" /description/general/en)" "4 Written since." "with what was done since"
expect 0 "that is sent" as andal-2 sync
# Entries that are as large and as deep as one may be: the record has three versions of each.
# shellcheck disable=SC2317 # called through expect
large() { # FILE: fills what a network leaves free
	python3 - "$1" <<-'END'
		import json, sys
		doc = json.load(open(sys.argv[1]))
		deep = 1
		for level in range(30):
			deep = {"a": deep}
		doc["x-deep"], doc["x-long"], doc["x-many"] = deep, ["y" * 60000] * 9, [[i] for i in range(4000)]
		json.dump(doc, open(sys.argv[1], "w"), indent=2, sort_keys=True, ensure_ascii=False)
	END
	"$CIB" fmt -w "$1"
}
large=$(project andal-1 "Large") small=$(project andal-1 "Small")
expect 0 "an entry as large as it may be" large "andal-1/members/m-sur/projects/$large.json"
rounds andal-1 andal-2 sec-1
rm "andal-2/members/m-sur/projects/$large.json"
rounds andal-2
expect 0 "what one removed, the other changed" as andal-1 set "$large" /status=3
expect 0 "who has done something else, too" as andal-1 set "$small" /status=3
expect 1 "a conflict" as andal-1 sync
says "Sent" "which stops nobody"
expect 0 "the server has the rest" git -C central.git grep -q '"status": "3"' members/m-sur -- "members/m-sur/projects/$small.json"
rounds sec-1
expect 0 "and the secretariat accepts it" as sec-1 review accept m-sur
rounds sec-1 andal-1
expect 0 "it is settled" as andal-1 resolve "$large" --ours
rounds andal-1 andal-2
expect 0 "the entry stays" test -e "andal-2/members/m-sur/projects/$large.json"

expect 0 "the central repository is sound" git -C central.git fsck --strict
exit $failed
