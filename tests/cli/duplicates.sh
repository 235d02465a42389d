#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The same project entered by two members: found by both sides and by the secretariat, linked or told apart, never merged.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,es --secretariat sec-1 \
	--member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1 voorbeeld-1
a=$(project andal-1 "Water for six towns" '/recipientCountries:=[{"code":"PE"}]')
b=$(project andal-1 "Street lights" '/recipientCountries:=[{"code":"PE"}]' '/identifiers:=[{"type":"iati","value":"XI-IATI-777-1"}]')
rounds andal-1 sec-1
expect 0 "the lead's entries are accepted" as sec-1 review accept m-andal
rounds sec-1

# The partner enters both once more: one in other words and another language, one by its identifier.
expect 0 "the partner's copy is up to date" as voorbeeld-1 sync
c=$(project voorbeeld-1 "CIUDADES: agua para seis" '/recipientCountries:=[{"code":"PE"}]' '/description/general/en=About water for six towns.')
d=$(project voorbeeld-1 "Lighting" '/identifiers:=[{"type":"iati","value":"xi iati 777/1"}]')
e=$(project voorbeeld-1 "Water for six towns" '/recipientCountries:=[{"code":"BO"}]')
expect 0 "the partner sends them" as voorbeeld-1 sync
says "$c of m-voorbeeld may be the same as $a of m-andal" "and hears of the similar title"
says "2 possible duplicates" "and of the identifier"
expect 0 "its status" as voorbeeld-1 status
says "may be the same as $b of m-andal, same identifier" "says so, too"
expect 0 "it asks for more" as voorbeeld-1 duplicates
says "2 pairs" "which are two"
says_not "$e" "without the one of another country"
expect 0 "the secretariat fetches them" as sec-1 sync
says "may be the same as" "and hears of them"
expect 0 "the queue" as sec-1 review
says "1 possible duplicate" "says so"
expect 0 "only those" as sec-1 review --with duplicates
says "2 waiting" "can be listed"
expect 0 "beside the fields" as sec-1 review show m-voorbeeld "$c"
says "may be the same as $a of m-andal" "they are shown"
expect 0 "on the mailed page" as sec-1 review show m-voorbeeld "$c" --format html
says "May be the same as $a" "too"
expect 0 "one key for all clean ones" at_terminal sec-1 'Aq' review m-voorbeeld -i
says "accepted 1, 2 to be looked at" "leaves them out"

# Linked by one side, told apart by the other.
expect 0 "the partner links one" as voorbeeld-1 duplicates --link "$c" "$a"
is "$(field voorbeeld-1 "$c" /related/0/project) $(field voorbeeld-1 "$c" /related/0/type)" "$a 5" "as another report of the same"
expect 0 "once" as voorbeeld-1 duplicates --link "$c" "$a"
says "says so already" "is enough"
expect 0 "and says that the other is another thing" as voorbeeld-1 duplicates --distinct "$d" "$b"
expect 0 "nothing is open" as voorbeeld-1 duplicates
says "0 pairs" "on its side"
rounds voorbeeld-1 sec-1
expect 0 "nothing is open" as sec-1 duplicates
says "0 pairs" "on the secretariat's"
expect 0 "with those that are linked" as sec-1 duplicates --all --json
is "$(python3 -c 'import json,sys; r=[json.loads(l) for l in sys.stdin]; print(len(r), r[0]["linked"], r[0]["by"])' <out)" "1 True title" "there is one"
expect 0 "all are accepted" as sec-1 review accept m-voorbeeld
rounds sec-1
expect 0 "the lead receives them" as andal-1 sync
expect 0 "and sees the link" as andal-1 duplicates --all
says "linked with $c of m-voorbeeld" "from its side"
is "$(field andal-1 "$a" /title/en) / $(field andal-1 "$c" /title/en)" "Water for six towns / CIUDADES: agua para seis" "both entries stand as they were"

# A change makes, and ends, a likeness; the index follows.
expect 0 "another title" as voorbeeld-1 set "$e" "/title/en=Street lights" "/description/general/en=About street lights." '/recipientCountries:=[{"code":"PE"}]'
expect 0 "is noticed" as voorbeeld-1 sync
says "1 possible duplicate" "when it is sent"
expect 0 "and its end" as voorbeeld-1 set "$e" "/title/en=A market hall"
rounds voorbeeld-1 sec-1
expect 0 "too" as sec-1 duplicates
says "0 pairs" "on the other side"
rm -f sec-1/.git/cib/duplicates*
expect 0 "a lost index" as sec-1 duplicates --all
says "1 pair" "is made again"
printf 'cibdup1\n\377\377\377\377\377\377\377\377\001\001' >sec-1/.git/cib/duplicates-small
expect 0 "a spoilt one" as sec-1 duplicates --all
says "1 pair" "too"
exit "$failed"
