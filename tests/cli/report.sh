#!/usr/bin/env bash
# cib report over the example network, in every format; what it counts is counted again from the entries by another program.
set -u
CIB=${CIB:?path of the cib program}
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export CIB_LANG=en
failed=0

expect() { # STATUS SENTENCE COMMAND...
	local want=$1 sentence=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" = "$want" ]; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence (exit $got, expected $want)"
		head -c 2000 "$tmp/out" | sed 's/^/    /'
		sed 's/^/    /' "$tmp/err"
		failed=1
	fi
}
says() { # TEXT SENTENCE
	if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then
		echo "ok - $2"
	else
		echo "not ok - $2 (no '$1')"
		failed=1
	fi
}
silent() { # PATTERN SENTENCE
	if grep -qE -- "$1" "$tmp/out"; then
		echo "not ok - $2 ($(grep -m1 -oE -- "$1" "$tmp/out"))"
		failed=1
	else
		echo "ok - $2"
	fi
}
as() { (cd "$tmp/$1" && CIB_USER=$1 && export CIB_USER && shift && "$CIB" "$@"); }

"$CIB" init c.git --example >/dev/null 2>&1
for user in andal-1 sec-1; do "$CIB" join "$tmp/c.git" $user --user $user >/dev/null 2>&1; done

expect 0 "without a name the reports are listed" as andal-1 report
says "who-works-where" "with their names"
reports=$(awk '{print $1}' "$tmp/out")
expect 2 "an unknown report is a usage error" as andal-1 report who-work-where
says "did you mean: cib report who-works-where" "with what was meant"
expect 2 "an unknown table too" as andal-1 report sdg --format csv --table gols
says "gaps" "and the tables that there are are named"
expect 2 "an unknown format" as andal-1 report sdg --format pdf
expect 2 "a year that is none" as andal-1 report sdg --year soon

# Every report in every format and language.
for name in $reports; do
	for lang in en fr es; do
		expect 0 "$name in $lang as a page" as sec-1 report "$name" --lang "$lang" --format html
		silent '(col|title|summary|note|count)\.[a-z]+[ <."]' "has words for everything"
		silent '(src|href)="[^#]|url\(|<script|<link|@import' "brings in nothing from outside"
		cp "$tmp/out" "$tmp/$name-$lang.html"
	done
	expect 0 "$name as JSON" as sec-1 report "$name" --format json
	cp "$tmp/out" "$tmp/$name.json"
	expect 0 "is strict JSON" "$CIB" fmt "$tmp/$name.json"
	expect 0 "$name as text" as sec-1 report "$name"
	silent $'\033' "has no escape sequences where there is no terminal"
	expect 0 "$name as Markdown" as sec-1 report "$name" --format md
	expect 0 "$name as sheets" as sec-1 report "$name" --format csv --output "$tmp/sheets/"
	expect 0 "$name of a year without projects" as sec-1 report "$name" --year 1999 --format html
done
if command -v xmllint >/dev/null; then
	known='Tag (nav|section|header|main|figure|figcaption|svg|title|path|circle|rect|text|line|desc|g) invalid'
	bad=$(for f in "$tmp"/*.html; do xmllint --html --noout "$f" 2>&1 | grep -E 'error' | grep -vE "$known"; done)
	if [ -z "$bad" ]; then echo "ok - the pages are well formed"; else
		echo "not ok - the pages are well formed"
		echo "$bad" | head | sed 's/^/    /'
		failed=1
	fi
fi

# A part of a page, one table, one figure, a part of the entries.
expect 0 "a report as a part of a page" as sec-1 report sdg --format fragment
says '<article class="cib-report" lang="en">' "is one article"
silent '<html|<style|<body' "and no page"
expect 0 "one table of it" as sec-1 report sdg --format fragment --table goals
silent 'id="gaps"|<header' "alone"
expect 0 "figures as files" as sec-1 report spread --format svg --output "$tmp/figures/"
if command -v xmllint >/dev/null; then
	for name in $reports; do
		as sec-1 report "$name" --format svg --lang fr --output "$tmp/figures/" 2>/dev/null
	done
	expect 0 "are well formed, each" xmllint --noout "$tmp"/figures/*.svg
fi
if [ "$(find "$tmp/figures" -name '*.svg' | wc -l)" -ge 10 ]; then echo "ok - and there are many"; else
	echo "not ok - and there are many ($(ls "$tmp/figures"))"
	failed=1
fi
silent 'var\(|href|<script' "and need nothing else"
expect 0 "a report about a country" as sec-1 report compendium --year 2024 --country TN --format json
says "about: Tunisia" "says so"
python3 - "$tmp/out" <<'EOF' || failed=1
import json, sys
rows = [r for b in json.load(open(sys.argv[1]))["blocks"] if b.get("id") == "projects" for r in b["rows"]]
good = rows and all("TN" in [c["code"] for c in r["cells"]["countries"]] for r in rows)
print("ok - and every project is there" if good else f"not ok - and every project is there ({len(rows)} rows)")
sys.exit(not good)
EOF
expect 0 "about a goal and a member" as sec-1 report sdg --sdg 6 --member m-andal --lang fr
says $'ODD\u00a06' "too"
expect 2 "a country that is none" as sec-1 report sdg --country Tunesia
says "TN" "is named by its code"
expect 2 "a report of the whole network has no filter" as sec-1 report plan --country TN

# The same numbers from the entries themselves.
python3 "$here/../support/report_counts.py" "$tmp/c.git" "$tmp" || failed=1

# Who may see what.
expect 0 "a member asks for assessments" as andal-1 report assessments
says "No assessment is yours to see" "those of others are not shown"
says "of others are in the averages only" "but counted"
says "Territorial approach" "and averaged, since five members stand behind them"
expect 0 "the secretariat" as sec-1 report assessments
says "Beispielhausen and Bahrsaghir" "sees each"
expect 0 "public entries alone" as andal-1 report who-works-where --public
says "not public" "leave the others out, and say so"
expect 0 "a project that is kept to the secretariat" as andal-1 set p-ycw920kfrn /visibility=secretariat
expect 0 "is hidden" as andal-1 report compendium --here --format csv --table projects
silent 'p-ycw920kfrn' "from a member's report"

# One project in two entries counts once.
projects() { python3 -c 'import json, sys; print(*[r["cells"]["projects"] for b in json.load(open(sys.argv[1]))["blocks"] if b.get("id") == "presence" for r in b["rows"] if r["total"]])' "$1"; }
as andal-1 set p-ycw920kfrn /visibility=network >/dev/null 2>&1
as andal-1 report who-works-where --here --format json >"$tmp/before.json"
expect 0 "a project is linked with another member's as the same" as andal-1 set p-ycw920kfrn '/related:=[{"id": "r-1", "project": "p-espjg511f6", "type": "5"}]'
as andal-1 report who-works-where --here --format json >"$tmp/after.json"
if [ "$(projects "$tmp/before.json")" = "$(($(projects "$tmp/after.json") + 1))" ]; then echo "ok - and the two count once"; else
	echo "not ok - and the two count once ($(projects "$tmp/before.json") $(projects "$tmp/after.json"))"
	failed=1
fi
expect 0 "the report" as andal-1 report who-works-where --here
says "1 entry is another member's report" "says so"

# Two owners with one local partner do not know of each other by that.
kenya() { as andal-1 report who-works-where --here --format csv --table overlaps | grep '^Kenya,KE'; }
if kenya | grep -q "not linked"; then echo "ok - a partner in common does not bring two owners together"; else
	echo "not ok - a partner in common does not bring two owners together"
	kenya | sed 's/^/    /'
	failed=1
fi

# Text of entries stays text.
hostile='</td><script>alert(1)</script><img src=x onerror=alert(2)>'
as andal-1 set p-c0md6nbrwp "/title/en==HYPERLINK(\"http://x.invalid\") $hostile" $'/title/fr=\033[31mrouge | **gras** [x](http://x.invalid) `' >/dev/null 2>&1
expect 0 "a hostile title in HTML" as andal-1 report who-works-where --here --format html
silent '<script|<img|onerror=alert\(2\)>' "does nothing"
says "&lt;script&gt;" "and is shown as it was written"
expect 0 "in CSV" as andal-1 report who-works-where --here --format csv
silent '(^|,)"?=' "is no formula"
says "'=HYPERLINK" "but stays readable"
expect 0 "on a terminal" as andal-1 report who-works-where --here --lang fr
silent $'\033' "sends no escape sequence"
expect 0 "in Markdown" as andal-1 report who-works-where --here --lang fr --format md
says '\*\*gras\*\* \[x\]' "is no markup"
expect 0 "in JSON" as andal-1 report who-works-where --here --format json
cp "$tmp/out" "$tmp/hostile.json"
expect 0 "it stays strict" "$CIB" fmt "$tmp/hostile.json"
expect 0 "what is not accepted yet is not in a report" as andal-1 report who-works-where --format html
silent 'HYPERLINK' "without --here"

expect 0 "an Arabic text" as andal-1 report who-works-where --lang ar --format html
says 'lang="ar" dir="auto"' "says its language and finds its direction"
expect 0 "French numbers and words" as andal-1 report sdg --lang fr
says "Objectifs" "in French"
exit $failed
