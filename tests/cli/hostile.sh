#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086,SC2016 # ../support/people.sh, ../support/hostile.sh
# Hostile pushes (docs: reliability) to a central repository in a folder, with git's own checks off, so that the guard stands alone. Over
# http and ssh, with the whole configuration: hostile_http.sh, hostile_ssh.sh. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/hostile.sh"
hostile_build
hostile_central alone
git -C alone.git config receive.fsckObjects false
hostile run "the guard alone" alone.git local alone.git "$every" 1
if [ -n "${CIB_TEST_LONG:-}" ]; then # for the record
	git init -q --bare -b main stock.git
	git -C stock.git config receive.fsckObjects true
	git -C stock.git fetch -q ../built.git main:main
	hostile stock stock.git
fi
exit $failed
