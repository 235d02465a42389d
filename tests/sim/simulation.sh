#!/usr/bin/env bash
# shellcheck disable=SC2015
#
# A network played by dice (simulation.c): nothing that was acknowledged is lost. Each push the first 2,000 seeds, as far as they
# get in 35 minutes (a quiet core needs about 23), a long run other seeds for more than an hour. A seed that failed prints its story and the
# command that plays it again.
CIB=${CIB:?path of the cib program}
program=$(dirname "$CIB")/tests/simulation
[ -x "$program" ] || { echo "SKIP: this build has no $program" && exit 0; }
if [ -z "${CIB_TEST_LONG:-}" ]; then
	"$program" 1 2000 2100
else
	"$program" 10001 200000 6000
fi
