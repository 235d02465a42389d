#!/usr/bin/env bash
# Runs the end-to-end tests: every script but this one in tests/cli (or in the folders that ROOMS names), several at once.
#
#   CIB=/path/of/cib [ROOMS="cli crash"] [MARKED="cli"] tests/cli/run.sh LOGDIR [PATTERN]
#
# Of the rooms that MARKED names only the scripts that say "# builds: both" are run: ./dev test runs tests/cli with the build that the
# sanitizers watch, and with the other one what depends on it (limits of memory, the clock, what is installed), or is the whole day at once.
#
# A test is a shell script that takes the program from $CIB and prints a line for each statement:
# "ok - sentence", "not ok - sentence" (the lines after it say why), or "SKIP: reason". It exits non-zero
# when a statement failed. Prints what failed with its output, what was skipped, and last
# "TOTAL passed failed skipped".
set -u
here=$(cd "$(dirname "$0")" && pwd)
CIB=${CIB:?path of the cib program}
logs=${1:?folder for the logs}
pattern=${2:-}
mkdir -p "$logs"
logs=$(cd "$logs" && pwd)

# The same surroundings for every test, whatever the person's own are.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export CIB HOME=$home LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 NO_COLOR=1
export CIB_SHARED_DIR=${CIB_SHARED_DIR:-$here/../../../shared}
unset CIB_USER CIB_DIR CIB_LANG CIB_HTTP_USER CIB_HTTP_PASSWORD GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE REMOTE_USER XDG_CONFIG_HOME
git config --global init.defaultBranch main

run_one() { # SCRIPT LOG: the exit code goes to LOG.rc
	local begin=$SECONDS
	timeout --kill-after=10 "$limit" bash "$1" >"$2" 2>&1 </dev/null
	echo $? >"$2.rc"
	echo $((SECONDS - begin)) >"$2.seconds"
}
export -f run_one
name_of() { echo "$(basename "$(dirname "$1")")-$(basename "$1" .sh)"; }
limit=2400 # seconds; it is there for what hangs, and machines may be busy
[ -z "${CIB_TEST_LONG:-}" ] || limit=7200
export limit

scripts=()
for room in ${ROOMS:-cli}; do
	scripts+=("$here/../$room"/*.sh)
done
for room in ${MARKED:-}; do
	mapfile -t -O ${#scripts[@]} scripts < <(grep -l '^# builds: both$' "$here/../$room"/*.sh)
done
all=("${scripts[@]}") scripts=()
for script in "${all[@]}"; do
	name=$(basename "$script")
	case $name in run.sh) continue ;; esac
	case $name in *"$pattern"*) scripts+=("$script") ;; esac
done
# shellcheck disable=SC2016 # it expands in the inner shell
for script in "${scripts[@]}"; do
	printf '%s\0%s\0' "$script" "$logs/$(name_of "$script").log"
done | xargs -0 -r -n 2 -P "${JOBS:-2}" bash -c 'run_one "$1" "$2"' run_one

passed=0 failed=0 skipped=0
for script in "${scripts[@]}"; do
	name=$(name_of "$script")
	log=$logs/$name.log
	code=$(cat "$log.rc" 2>/dev/null || echo 125)
	good=$(grep -c '^ok' "$log")
	bad=$(grep -c '^not ok' "$log")
	left=$(grep -cE '^SKIP: ' "$log")
	awk -v name="$name" '
		/^not ok/ { shown = 1; print "FAILED " name ": " substr($0, 10); next }
		/^(ok|SKIP: )/ { shown = 0 }
		shown { print "  " $0 }' "$log"
	if [ "$code" != 0 ] && [ "$bad" = 0 ]; then
		bad=1
		case $code in 124 | 137) why="took longer than $limit s" ;; *) why="ended with exit code $code" ;; esac
		echo "FAILED $name: $why"
		tail -n 25 "$log" | sed 's/^/    /'
	elif [ "$code" = 0 ] && [ "$((good + bad + left))" = 0 ]; then
		good=1
	fi
	sed -n "s/^SKIP: /SKIPPED $name: /p" "$log"
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done
slowest=$(for script in "${scripts[@]}"; do echo "$(cat "$logs/$(name_of "$script").log.seconds" 2>/dev/null || echo 0) $(name_of "$script")"; done | sort -rn | awk 'NR <= 8 { printf "%s%s %d s", (NR > 1 ? ", " : ""), $2, $1 }')
echo "# slowest: $slowest"
echo "TOTAL $passed $failed $skipped"
[ "$failed" = 0 ]
