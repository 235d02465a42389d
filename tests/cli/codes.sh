#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # support/people.sh
# Codes: finding one, being told what was meant, and what a withdrawn one was replaced by. Takes the program from $CIB.
set -u
. "$(dirname "$0")/../support/people.sh"

"$CIB" init c.git --title T --secretariat sec-1 --member m-andal:andal-1 >/dev/null 2>&1
"$CIB" join "$tmp/c.git" a --user andal-1 >/dev/null 2>&1

expect 0 "codes lists the lists" as a codes
says "Sectors (OECD DAC, five digits)" "with what they are of"
expect 0 "a code is found by a word of its name" as a codes Sector "women"
says "15170" "in any of its words"
expect 0 "accents do not matter, nor the case" as a codes country ESPANA
expect 0 "a name is shown in the language that is asked for" as a codes Country tunis --lang fr
says "Tunisie" "such as French"
expect 0 "a withdrawn code is found when it is asked for" as a codes Sector 15164
says "use 15170" "and names its successor"
expect 1 "words that no name has give nothing" as a codes Sector xyzzy
expect 2 "an unknown list is a usage error" as a codes Sectr
says "codes Sector" "and the list that was meant is named"
expect 0 "codes come as JSON lines" as a codes UNSDG-Goals 5 --json
says '"label":"Goal 5.' "with their name"

project='"kind":"project","schema":"project/1","title":{"en":"Water"},"description":{"general":{"en":"Water."}},"sourceLanguage":"en","status":"2","dates":{"plannedStart":"2024"},"partners":[{"id":"o-1","name":{"en":"City"},"role":"4"}]'
echo "{$project,\"sectors\":[{\"code\":\"15164\"}],\"themes\":[\"waste\"]}" >withdrawn.json
echo "{$project,\"sectors\":[{\"code\":\"15128\"}],\"themes\":[\"wastes\"]}" >unknown.json
expect 0 "an entry with a withdrawn code is valid" as a new project --file ../withdrawn.json
id=$(cat out)
says "15164" "but says so"
expect 1 "an entry with an unknown code is not" as a new project --file ../unknown.json
says "waste" "and hears what was meant"
expect 0 "show names the codes" as a show "$id"
says "Implementation" "beside them"
expect 0 "in another language" as a show "$id" --lang fr
says "État: 2 (Actif)" "titles and names are of that language"
expect 0 "in the terminal's language" env -u CIB_LANG -u LC_ALL LANG=es_ES.UTF-8 bash -c "cd a && \"\$CIB\" show $id"
says "Estado: 2 (" "as the environment says it"
expect 0 "in one that has no titles, but names of countries" as a set "$id" '/recipientCountries:=[{"code":"TN"}]'
expect 0 "such as Arabic" as a show "$id" --lang ar
says "TN (تونس)" "each name is the best that there is"
exit $failed
