# Reads the log of `ctest -V` over cmocka programs and counts single tests, not programs. Prints what
# failed with its output, what was skipped with its reason, and last `TOTAL passed failed skipped`.
#
# ctest writes "12: text" for line `text` of test 12, also when several run at once. cmocka writes
# "[ RUN      ] name" and then "[       OK ] name", "[  FAILED  ] name" or "[  SKIPPED ] name"; after a second
# "[==========]" only its summary follows. A test that began and has no result has crashed its program.

function finish(number, verdict) {
	if (!(number in running)) return
	verdicts[verdict]++
	if (verdict == "failed") {
		print "FAILED " program[number] ": " running[number]
		printf "%s", output[number]
		failures[number]++
	} else if (verdict == "skipped") {
		skips[++skip_count] = "SKIPPED " program[number] ": " running[number] reason[number]
	}
	delete running[number]
}

match($0, /^ *Start +[0-9]+: /) {
	split($0, part, ":")
	number = part[1]
	sub(/^ *Start +/, "", number)
	name = part[2]
	sub(/^ +/, "", name)
	program[number + 0] = name
	next
}

match($0, /^[0-9]+: ?/) {
	number = substr($0, 1, index($0, ":") - 1) + 0
	line = substr($0, RLENGTH + 1)
	if (line ~ /^\[==========\]/) {
		groups[number]++
		if (groups[number] % 2 == 0) finish(number, "failed")
	} else if (line ~ /^\[ RUN      \] /) {
		finish(number, "failed") # the one before has no result
		running[number] = substr(line, 14)
		output[number] = reason[number] = ""
		ran[number]++
	} else if (line ~ /^\[       OK \] /) {
		finish(number, "passed")
	} else if (line ~ /^\[  SKIPPED \] /) {
		finish(number, "skipped")
	} else if (line ~ /^\[  FAILED  \] /) {
		finish(number, "failed")
	} else {
		if (line ~ /^SKIP: /) reason[number] = " (" substr(line, 7) ")"
		output[number] = output[number] "    " line "\n"
		# A long log: its end says most.
		if (length(output[number]) > 20000) output[number] = substr(output[number], length(output[number]) - 15000)
	}
	next
}

# "3/7 Test #5: json_test ....   Passed   0.10 sec", or ***Failed, ***Exception: SegFault, ***Timeout, ***Not Run
match($0, /^ *[0-9]+\/[0-9]+ +Test +#[0-9]+: /) {
	number = $0
	sub(/^[^#]*#/, "", number)
	sub(/:.*/, "", number)
	number += 0
	finish(number, "failed")
	good = ($0 ~ / Passed +[0-9.]+ sec/)
	if (!ran[number] && good) {
		verdicts["passed"]++ # no cmocka program: it counts as one
	} else if (!good && !failures[number]) {
		verdicts["failed"]++
		result = $0
		sub(/^.*\*\*\*/, "", result)
		print "FAILED " program[number] ": " result
		printf "%s", output[number]
	}
}

END {
	for (i = 1; i <= skip_count; i++) print skips[i]
	print "TOTAL", verdicts["passed"] + 0, verdicts["failed"] + 0, verdicts["skipped"] + 0
}
