#!/usr/bin/env bash
# extract_texts.sh FILE.pot: every text that is to be translated: of the code (base/gettext.h says what marks one) and of the
# app's pages (docs/app.md does).
set -eu
out=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
common=(--from-code=UTF-8 --no-wrap --sort-output --add-location=file --package-name=cib)
git ls-files 'lib/*.[ch]' 'cmd/*.[ch]' | xgettext --files-from=- "${common[@]}" --language=C \
	--keyword=_ --keyword=N_ --keyword=cib_ngettext:1,2 --keyword=cib_usage:1 --keyword=cib_error_set:4 --keyword=cib_error_hint:2 --keyword=cib_app_refuse:4 --keyword=turn_away:4 \
	--flag=cib_gettext:1:pass-c-format --flag=_:1:pass-c-format --flag=cib_usage:1:c-format \
	--flag=cib_error_set:4:c-format --flag=cib_error_hint:2:c-format --output="$out"
sed -i 's/charset=CHARSET/charset=UTF-8/' "$out"
mapfile -t pages < <(git ls-files 'lib/app/web/*.js')
sh cmake/page_texts.sh "$out.pages" "${pages[@]}"
msgcat --use-first --no-wrap --sort-output --add-location=file -o "$out" "$out" "$out.pages" # refuses a text that has two forms in one place and one in another
rm "$out.pages"
