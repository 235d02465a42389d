"""What a test in Python says: a line for each statement, as statements.sh does. At its end: sys.exit(statements.failed)"""
failed = False


def ok(sentence, holds, why=""):
    global failed
    print(f"ok - {sentence}" if holds else f"not ok - {sentence} ({why})", flush=True)
    failed = failed or not holds
