"""One sentence for whatever went wrong, and the exit code that goes with it."""

FAILED, WRONG = 1, 2


def one_line(error: BaseException, failed: str = "the run failed", after: str = "; the last good night is as it was") -> tuple[str, int]:
    """What a user reads of an error: the sentence of the program's own errors; of any other one line that says what failed."""
    own = {
        "InputMissing": WRONG,
        "PolicyError": WRONG,
        "StoreError": FAILED,
        "ServerError": FAILED,
        "LedgerError": FAILED,
        "NoNightError": FAILED,
        "SettingsError": WRONG,
        "UserError": WRONG,
        "QuarterError": WRONG,
        "PackError": WRONG,
        "KeyFault": WRONG,
        "OutputError": WRONG,
        "RecordsError": WRONG,
    }
    name = type(error).__name__
    said = str(error).strip().splitlines()
    first = said[0] if said else "no message"
    if name in own:
        return first, own[name]
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or first}, expected it readable and writable. Check the path and its permissions.", FAILED
    return f"{failed} ({name}: {first}){after}. Report this line.", FAILED
