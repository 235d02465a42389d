#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2317 # ../support/people.sh; functions that expect runs
# How a reviewer reads a change: titles and codes in words and in the reader's language, what went and what came, what was said
# and found beside its field; on narrow terminals, in Arabic, and on a page.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1
a=$(project andal-1 "Water for six towns" '/themes:=["participation","youth"]' '/sdg:=[{"code":"6.1"}]' "/title/ar=الماء")
rounds andal-1 sec-1
expect 0 "it is accepted" as sec-1 review accept m-andal "$a"
rounds sec-1 andal-1
expect 0 "a change of many fields" as andal-1 set "$a" /status=3 '/themes:=["youth","gender-equality"]' '/sdg:=[{"code":"11.3"}]' \
	'/sectors:=[{"code":"15128"},{"code":"43030"}]' "/title/ar=الماء لست مدن" \
	"/description/general/en=About clean water for six towns, with pipes and pumps that last, and people who mend them."
rounds andal-1 sec-1

echo "# In words"
expect 0 "the change" as sec-1 review show m-andal
says "2 Implementation  ->  3 Finalisation" "has codes with their names"
says "+ Goal or target: 11.3 By 2030" "also of what was added"
says "- Participation" "says which theme went"
says "+ Gender equality" "which came"
says_not "Youth" "and not which stayed"
says "Description / General (English)" "tells what a field is part of"
says "[with] [pipes] [and] [pumps]" "marks the words that differ"
is "$(grep -c '    [-+] الماء' out)" 2 "puts Arabic on lines of its own, so that no terminal swaps before and after"
expect 0 "for a reader of French" env CIB_LANG=fr CIB_DIR="$tmp/sec-1" CIB_USER=sec-1 "$CIB" review show m-andal
says "Objectifs de développement durable" "titles are French"
says $'+ Secteur\u00a0: 43030 Développement et gestion urbaine' "and so are codes"
expect 0 "for one of Spanish" env CIB_LANG=es CIB_DIR="$tmp/sec-1" CIB_USER=sec-1 "$CIB" review show m-andal
says "+ Igualdad de género" "Spanish"


echo "# Ids, days, amounts, languages, lists: what they stand for, and no JSON"
b=$(project andal-1 "Pumps that last")
# shellcheck disable=SC1112 # a typographic apostrophe, as people write it
expect 0 "an entry that names others" as andal-1 set "$a" /dates/plannedStart=2024-03 /dates/plannedEnd=2026-11-30 "/related:=[{\"id\":\"r-1\",\"project\":\"$b\",\"type\":\"3\"}]" \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville","fr":"Ville d’Exempleville"},"role":"4","member":"m-andal","country":"FR"}]' \
	'/budget:=[{"id":"b-1","amount":"1234567.5","currency":"EUR","type":"1","status":"1","periodStart":"2024-01-01","periodEnd":"2024-12-31","valueDate":"2024-02-29"}]'
rounds andal-1 sec-1
expect 0 "the change" as sec-1 review show m-andal "$a"
says "January 2024  ->  March 2024" "a month"
says "+ 30 November 2026" "a day"
says "Amount: 1,234,567.5" "an amount"
says "Currency: Euro" "a code that is no number by its name alone"
says "Name (French)" "a text with the name of its language"
says_not "o-1" "what tells the items of a list apart is left out"
says_not '{"' "nothing is JSON"
expect 0 "when the other entry is known" as sec-1 review accept m-andal "$b"
expect 0 "the change" as sec-1 review show m-andal "$a"
says "Pumps that last" "it is called by its title"
says_not "$b" "and not by its id"
expect 0 "in Spanish" env CIB_LANG=es CIB_DIR="$tmp/sec-1" CIB_USER=sec-1 "$CIB" review show m-andal "$a"
says "enero de 2024  ->  marzo de 2024" "months are Spanish"
says $'Importe: 1\u202f234\u202f567,5' "and numbers"
says "(francés)" "and languages"

echo "# What was said of fields, changed or not"
expect 0 "a comment on a field that did not change" as sec-1 comment "$a" --field /sourceLanguage -m "Is that the right one?"
expect 0 "the change" as sec-1 review show m-andal
says "Source language: Is that the right one?" "tells it with the field's title"
expect 0 "one on a field that did" as sec-1 comment "$a" --field /status -m "Since when?"
expect 0 "the change" as sec-1 review show m-andal
is "$(grep -A1 'Finalisation' out | grep -c 'Since when?')" 1 "has it below the field"

echo "# On a page"
expect 0 "the page" as sec-1 review show m-andal --format html
says "with pipes and pumps that last, and people who mend them.</ins>" "marks runs of words"
says "Since when?" "has what was said"
says "3 Finalisation" "and names of codes"
says_not "http" "and needs nothing from elsewhere"

echo "# On odd terminals"
expect 2 "without a terminal to speak of" env TERM=dumb CIB_DIR="$tmp/sec-1" CIB_USER=sec-1 python3 "$support/terminal.py" q "$CIB" review -i
says "TERM is dumb" "it says why, and what else there is"
narrow() { # KEYS: on 60 columns; the lines of the last picture to picture
	(cd sec-1 && CIB_USER=sec-1 TERM=xterm TERMINAL_SIZE="24 60" python3 "$support/terminal.py" "$1" "$CIB" review -i)
}
expect 0 "on 60 columns" narrow q
is "$(sed 's/\x1b\[[0-9]*;[0-9]*H/\n/g; s/\x1b\[[0-9;?]*[a-zA-Z]//g' out | tr -d '\r' | python3 -c '
import sys, unicodedata
print(sum(1 for l in sys.stdin if sum(not unicodedata.combining(c) for c in l.rstrip("\n")) > 60))')" 0 "no line is wider"
says "a accept r return" "and the keys are there"
expect 0 "typed ahead, a comment and the keys behind it" narrow 'rWhich pipes\x7f\x7fe?\nq'
says "1 decision is kept" "are all taken"
grep -o '"text":"[^"]*"' sec-1/.git/cib/review.jsonl >out 2>/dev/null
says "Which pipe?" "with what was rubbed out gone"
expect 0 "escape gives a comment up" narrow 'rNo\x1bq'
says "Nothing was written, nothing is decided" "and decides nothing"
exit "$failed"
