#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154
# What cib and the app's pages say in French and Spanish: nothing is left in English, every translation has the parts of its text,
# and numbers take the forms and signs of the language.
. "$(dirname "$0")/../support/people.sh"
root=$(cd "$support/../.." && pwd)

# ---- the catalogues ----
for program in xgettext msgcmp msgattrib msgfmt; do
	command -v "$program" >/dev/null || { echo "SKIP: no $program"; exit 77; }
done
bash "$support/extract_texts.sh" "$tmp/cib.pot" || exit 1
is "$(($(grep -c '^msgid' "$tmp/cib.pot") > 1000))" 1 "the texts of the code are found"
for po in "$root"/po/*.po; do
	language=$(basename "$po" .po)
	expect 0 "$language: every text of the code has its translation (else: ./dev po)" msgcmp "$po" "$tmp/cib.pot"
	expect 0 "$language: every translation has the parts of its text" msgfmt --check-format -o /dev/null "$po"
	is "$(msgattrib --untranslated --no-obsolete "$po" | grep -c '^msgid "..*"')" 0 "$language: nothing is untranslated"
	is "$(msgattrib --only-fuzzy --no-obsolete "$po" | grep -c '^msgid "..*"')" 0 "$language: nothing is a guess"
	expect 1 "$language: nothing is left over (else: ./dev po)" grep -q '^#~' "$po"
done

# ---- the words of the app's pages, from the same catalogues ----
mapfile -t pages < <(find "$root/lib/app/web" -name '*.js' | sort)
bash "$root/cmake/page_texts.sh" "$tmp/pages.pot" "${pages[@]}"
texts=$(msgattrib --no-wrap "$tmp/pages.pot" | grep -c '^msgid "..*"')
is "$((texts > 300))" 1 "the texts of the pages are found"
mapfile -t users < <(printf '%s\n' "${pages[@]}" | grep -v '/words\.js$')
expect 1 "each stands literally in its call" grep -nP "(?<![\\w.])tn?\\((?! *'([^'\\\\]|\\\\.)*'[,)])" "${users[@]}"
for po in "$root"/po/*.po; do
	language=$(basename "$po" .po)
	expect 0 "$language: the page's file of words is made" sh "$root/cmake/page_words.sh" "$po" "$tmp/words.json" "${pages[@]}"
	is "$(python3 -c 'import json, sys; print(sum(1 for word in json.load(open(sys.argv[1], encoding="utf-8")).values() if all([word] if isinstance(word, str) else word)))' "$tmp/words.json")" "$texts" "$language: it has every text"
	sed '/^msgstr/s/{/{other/' "$po" >"$tmp/other.po"
	expect 1 "$language: a translation with other {places} is refused by the build" sh "$root/cmake/page_words.sh" "$tmp/other.po" "$tmp/other.json" "${pages[@]}"
done

if command -v node >/dev/null; then # numbers, days and plurals of the pages
	cp "$root/lib/app/web/words.js" "$tmp/words.mjs"
	for po in "$root"/po/*.po; do
		sh "$root/cmake/page_words.sh" "$po" "$tmp/words.$(basename "$po" .po).json" "${pages[@]}"
	done
	node "$root/tests/app/written.mjs" "$tmp/words.mjs" "$tmp" || failed=1
fi

# ---- a day in each language ----
english() { # SENTENCE: nothing of what is said most is in English
	local word
	for word in 'Next:' 'usage:' 'there is no' 'Nothing' 'Waiting' 'Changed here' 'Your ' ' of the ' ' is ' ' are ' ' the ' ' and '; do
		if grep -qF -- "$word" "$tmp/out" "$tmp/err"; then
			says_not "$word" "$1"
			return
		fi
	done
	echo "ok - $1"
}

day() { # LANGUAGE
	local language=$1 user
	export CIB_LANG=$language
	expect 0 "$language: a network is made" "$CIB" init "$language.git" --title "Words" --secretariat sec-1 --member m-andal:andal-1
	english "$language: which is said"
	for user in sec-1 andal-1; do
		rm -rf "${tmp:?}/$user"
		expect 0 "$language: $user joins" env "CIB_USER=$user" "$CIB" join "$language.git" "$user"
		english "$language: which is said to $user"
	done
	expect 0 "$language: nothing is there yet" as andal-1 list --mine
	english "$language: as the list says"
	expect 1 "$language: an entry that lacks much" as andal-1 new project /title/en="Wells"
	english "$language: is called a draft"
	expect 1 "$language: its check" as andal-1 check
	english "$language: what is wrong with it"
	expect 0 "$language: status" as andal-1 status
	english "$language: what to do next"
	expect 1 "$language: sync leaves it here" as andal-1 sync
	english "$language: and says so"
	expect 0 "$language: what would travel" as andal-1 sync --dry-run
	english "$language: in words"
	expect 0 "$language: the queue of the secretariat" as sec-1 review
	english "$language: which is empty"
	expect 0 "$language: what happened" as sec-1 digest
	english "$language: which is nothing"
	expect 0 "$language: conflicts" as andal-1 resolve
	english "$language: there are none"
	expect 0 "$language: a rule" as andal-1 explain rule.sum guard.foreign-path json.syntax
	english "$language: is explained"
	as andal-1 doctor >"$tmp/out" 2>"$tmp/err"
	english "$language: the doctor"
	# mistakes
	expect 2 "$language: a verb that is none" "$CIB" no-such-verb
	english "$language: is explained"
	expect 2 "$language: an option that is none" "$CIB" list --no-such-option
	english "$language: is explained, too"
	expect 2 "$language: an entry that is none" as andal-1 show p-0000000000
	english "$language: and what to do about it"
	expect 2 "$language: what is the secretariat's" as andal-1 review
	english "$language: is left to it"
	printf '{"a": 1,}' >"$tmp/wrong.json"
	expect 1 "$language: text that is no JSON" "$CIB" fmt "$tmp/wrong.json"
	english "$language: and why"
	expect 0 "$language: the help" "$CIB" --help
	english "$language: of all verbs"
	export CIB_LANG=en
}
day fr
day es

# ---- the forms of a number: French says "one" also of nothing ----
forms() { # LANGUAGE NONE ONE TWO: what check says of as many files
	local language=$1
	shift
	mkdir -p "$tmp/files"
	printf '{}\n' >"$tmp/files/a.json"
	printf '{}\n' >"$tmp/schema.json"
	printf '{}\n' >"$tmp/files/b.json"
	CIB_LANG=$language expect 0 "$language: one" "$CIB" check --schema "$tmp/schema.json" "$tmp/files/a.json"
	says "$2" "$language: has its form"
	CIB_LANG=$language expect 0 "$language: two" "$CIB" check --schema "$tmp/schema.json" "$tmp/files"
	says "$3" "$language: have theirs"
	CIB_LANG=$language expect 0 "$language: none" as sec-1 duplicates
	says "$1" "$language: has that of the language"
}
forms en "0 pairs" "1 file checked" "2 files checked"
forms fr "0 paire" "1 fichier vérifié" "2 fichiers vérifiés"
says_not "paires" "fr: which is that of one"
forms es "0 pares" "1 archivo comprobado" "2 archivos comprobados"

# ---- how the language is chosen: CIB_LANG, else the locale; another one is English ----
speaks() { # TEXT SENTENCE NAME=VALUE...
	local text=$1 sentence=$2
	shift 2
	expect 2 "$sentence" env -u CIB_LANG -u LC_ALL -u LC_MESSAGES -u LANG "$@" "$CIB" no-such-verb
	says "$text" "$sentence: it does"
}
speaks "no hay ningún verbo" "CIB_LANG goes before the locale" CIB_LANG=es LC_ALL=fr_FR.UTF-8
speaks "il n’y a pas de verbe" "LC_ALL goes before LANG" LC_ALL=fr_CA.UTF-8 LANG=es_ES.UTF-8
speaks "no hay ningún verbo" "LANG chooses" LANG=es_MX.UTF-8
speaks "there is no verb" "a language without a catalogue is English" LANG=de_DE.UTF-8

# ---- what programs read is the same in all languages ----
for language in en fr es; do
	CIB_LANG=$language as andal-1 status --json | sed 's/"title":"[^"]*"//g' >"$tmp/status.$language"
done
is "$(cat "$tmp/status.fr")" "$(cat "$tmp/status.en")" "status --json is the same in French"
is "$(cat "$tmp/status.es")" "$(cat "$tmp/status.en")" "status --json is the same in Spanish"
exit "$failed"
