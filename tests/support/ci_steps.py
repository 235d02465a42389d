"""The shell parts of a CI definition: every "run: |" and "- |" block, one file each, STEM-1.sh and so on; prints their names.

    ci_steps.py DEFINITION STEM
"""
import sys

lines = open(sys.argv[1]).read().splitlines()
count = i = 0
while i < len(lines):
    start = lines[i].strip()
    i += 1
    if start not in ("run: |", "- |"):
        continue
    depth = len(lines[i]) - len(lines[i].lstrip())
    block = []
    while i < len(lines) and (not lines[i].strip() or len(lines[i]) - len(lines[i].lstrip()) >= depth):
        block.append(lines[i][depth:])
        i += 1
    count += 1
    name = "%s-%d.sh" % (sys.argv[2], count)
    open(name, "w").write("\n".join(block) + "\n")
    print(name)
