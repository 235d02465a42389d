#!/bin/sh
# page_texts.sh OUT.pot FILE.js...: the texts of the app's pages, t('...') and tn('...', '...', n). Those with {places} are marked,
# so that msgfmt refuses a translation whose places are others.
set -eu
out=$1
shift
xgettext --language=JavaScript --from-code=UTF-8 --no-wrap --sort-output --add-location=file --package-name=cib -k --keyword=t --keyword=tn:1,2 --force-po -o "$out.raw" "$@"
sed -e 's/charset=CHARSET/charset=UTF-8/' -e '/^msgid ".*{[a-zA-Z]*}/i #, python-brace-format' "$out.raw" >"$out"
rm "$out.raw"
