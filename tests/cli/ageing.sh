#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # support/people.sh
# What grows old: translations of texts that changed since, entries that nobody touched, projects that ended, members that
# have not sent anything. Takes the program from $CIB.
set -u
. "$(dirname "$0")/../support/people.sh"

# ---- translations
"$CIB" init c.git --title T --secretariat sec-1 --member m-andal:andal-1 >/dev/null 2>&1
for user in andal-1 sec-1; do "$CIB" join "$tmp/c.git" $user --user $user >/dev/null 2>&1; done
p=$(as andal-1 new project "/title/en=Water" "/title/fr=Eau" "/description/general/en=Pumps." /status=2 /sourceLanguage=en \
	'/partners:=[{"id":"o-1","name":{"en":"City"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>/dev/null)
expect 0 "an entry in two languages is sent" as andal-1 sync
expect 0 "its source text changes" as andal-1 set "$p" "/title/en=Clean water"
says "the text (French) is older than its source (English)" "and the editor hears at once that the other is older"
expect 0 "it is sent" as andal-1 sync
expect 0 "show" as andal-1 show "$p"
says "Eau (older than its source)" "marks it"
expect 0 "the reviewer" as sec-1 sync
expect 0 "sees it" as sec-1 review show m-andal "$p"
says "older than its source" "in the review"
expect 0 "the translation follows" as andal-1 set "$p" "/title/fr=Eau propre"
says_not "older than its source" "and is fresh"
# By hand, with any editor: the next save takes note.
sed -i 's/Clean water/Very clean water/' "andal-1/members/m-andal/projects/$p.json"
expect 0 "a source text that changed in an editor" as andal-1 save
expect 0 "is found by check" as andal-1 check --all --advice
says "older than its source" "all the same"
expect 0 "a person says that it still fits" as andal-1 set "$p" --translated /title/fr
says_not "older than its source" "and it does"
expect 2 "what is no translation cannot" as andal-1 set "$p" --translated /title/en
exit $failed
