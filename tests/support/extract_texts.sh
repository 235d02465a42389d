#!/usr/bin/env bash
# extract_texts.sh FILE.pot: every text of the code that is to be translated (base/gettext.h says what marks one). The pages of
# the app have their words beside them, lib/app/web/words.<language>.json.
set -eu
out=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
common=(--from-code=UTF-8 --no-wrap --sort-output --add-location=file --package-name=cib)
git ls-files 'lib/*.[ch]' 'cmd/*.[ch]' | xgettext --files-from=- "${common[@]}" --language=C \
	--keyword=_ --keyword=N_ --keyword=cib_ngettext:1,2 --keyword=cib_usage:1 --keyword=cib_error_set:4 --keyword=cib_error_hint:2 --keyword=cib_app_refuse:4 --keyword=turn_away:4 \
	--flag=cib_gettext:1:pass-c-format --flag=_:1:pass-c-format --flag=cib_usage:1:c-format \
	--flag=cib_error_set:4:c-format --flag=cib_error_hint:2:c-format --output="$out"
sed -i 's/charset=CHARSET/charset=UTF-8/' "$out"
