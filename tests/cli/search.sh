#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # support/people.sh
# cib search over the example network: what a person types, and what comes back. Takes the program from $CIB.
set -u
. "$(dirname "$0")/../support/people.sh"

"$CIB" init c.git --example >/dev/null 2>&1
for user in andal-1 sec-1; do "$CIB" join "$tmp/c.git" $user --user $user >/dev/null 2>&1; done

expect 0 "a word is found" as andal-1 search waste
says "Sorting [waste] at the source" "and marked in the title"
expect 0 "accents do not matter" as andal-1 search ecoles
says "[écoles]" "and the text is shown as it was written"
expect 0 "an Arabic word is found without its article" as andal-1 search ميزانية
says "[الميزانية]" "in the text"
expect 0 "a phrase" as andal-1 search '"peer week"'
says "1 found" "is found once"
expect 0 "two arguments with a space are phrases, too" as andal-1 search "peer week" colleagues
expect 0 "a word with a minus" as andal-1 search budgets -gender
says_not "Gender-responsive" "must not be there"
expect 0 "filters work together" as andal-1 search --country TN --theme waste --kind project
says "2 found" "with each other"
expect 0 "a goal is found by its targets" as andal-1 search --sdg 6 --json
says '"kind":"project"' "as JSON lines, too"
expect 2 "a country that is no code" as andal-1 search --country Tunesia
says "TN" "is named by its code"
expect 0 "values are counted" as andal-1 search --kind project --counts --json
says '"kind":[{"value":"project","name":"Project"' "by what they are called"
expect 0 "in words" as andal-1 search water --counts --lang fr
says "country:" "with the names of the filters"
for verb in "list" "search water" "review" "export json" "new"; do
	kind=--kind
	[ "$verb" != new ] || kind=
	user=andal-1
	[ "$verb" != review ] || user=sec-1
	# shellcheck disable=SC2086 # words
	expect 2 "a kind that is none, in cib $verb" as $user $verb $kind projekt
	says "did you mean project?" "with what was meant"
done
expect 2 "a kind that is none" as andal-1 search --kind projekt
says "project" "is named by its kind"
expect 0 "nothing found is no fault" as andal-1 search xyzzy
says "nothing was found" "and is said"
expect 2 "nothing asked is one" as andal-1 search

expect 0 "a new entry" as andal-1 new partnership "/title/en=Quicksilver towns" /form=twinning /status=active \
	'/parties:=[{"id":"q-1","member":"m-andal"},{"id":"q-2","name":{"en":"Town"}}]'
id=$(cat out)
expect 0 "is found before it is saved" as andal-1 search quicksilver
says "$id" "by its id"
expect 0 "it is sent" as andal-1 sync
expect 0 "and found after it" as andal-1 search quicksilver
says "1 found" "once"
expect 0 "it is changed" as andal-1 set "$id" "/title/en=Slow towns"
expect 0 "the old word" as andal-1 search quicksilver
says "nothing was found" "is gone at once"
expect 0 "the secretariat" as sec-1 sync
expect 0 "does not find what is not accepted" as sec-1 search quicksilver
says "nothing was found" "yet"

expect 0 "the index lies with cib's own files" test -f andal-1/.git/cib/search.sqlite
head -c 9000 /dev/urandom >andal-1/.git/cib/search.sqlite
expect 0 "a damaged index is made again" as andal-1 search waste
says "Sorting [waste]" "and answers"
rm -f andal-1/.git/cib/search.sqlite*
expect 0 "a missing one, too" as andal-1 search waste
says "Sorting [waste]" "and answers"
printf 'x' | dd of=andal-1/.git/cib/search.sqlite bs=1 seek=20000 conv=notrunc 2>/dev/null
expect 0 "one can be made again by hand" as andal-1 search --rebuild waste
for i in 1 2 3 4; do (as andal-1 search waste --rebuild >/dev/null 2>&1; echo $? >"rc.$i") & done
wait
expect 0 "four at once do not hinder each other" test "$(cat rc.* | sort -u)" = 0
exit $failed
