#!/bin/sh
# page_words.sh PO.po OUT.json FILE.js...: what a catalogue has of the pages' texts, as the page loads it: {"text": "translation",
# "first text of a number": ["one", "many"]}. Strings of a catalogue are escaped as those of JSON are.
set -eu
po=$1 out=$2
shift 2
sh "$(dirname "$0")/page_texts.sh" "$out.pot" "$@"
msgmerge --quiet --no-fuzzy-matching --no-wrap --no-location -o "$out.po" "$po" "$out.pot"
msgfmt --check-format -o /dev/null "$out.po"
msgattrib --no-obsolete --translated --no-fuzzy --no-wrap --no-location "$out.po" | awk '
	function flush() {
		if (text["msgid"] != "")
			printf "%s\n\"%s\": %s", n++ ? "," : "", text["msgid"], "msgstr[0]" in text ? "[\"" text["msgstr[0]"] "\", \"" text["msgstr[1]"] "\"]" : "\"" text["msgstr"] "\""
		for (part in text)
			delete text[part]
	}
	BEGIN { printf "{" }
	/^msgid / { flush() }
	/^msg/ { part = $1; sub(/^[^"]*/, "") }
	/^"/ { text[part] = text[part] substr($0, 2, length($0) - 2) }
	END { flush(); print "\n}" }' >"$out.new"
mv "$out.new" "$out"
