"""The command line: one function a verb."""

import argparse
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from flows.arguments import SEVERITIES, parser
from flows.errors import one_line

DONE, FAILED, WRONG, FOUND = 0, 1, 2, 3
NOT_YET = "is not built yet; this version has nightly, attest, explain, rules, compare, pack, verify, records, serve and users."


def nightly(asked: argparse.Namespace) -> int:
    """Run a night and write its report."""
    data, policy, wrong = _folders(asked)
    if wrong or (wrong := _taken(asked.out)):
        return _say(wrong, WRONG)
    from flows.nightly import run_here

    try:
        told = run_here(str(data), str(asked.as_of), asked.store, asked.out, str(policy))
    except KeyboardInterrupt:
        return _say("stopped; the last good night is as it was.", FAILED)
    except BaseException as error:  # noqa: BLE001 - no traceback reaches a user
        said, code = one_line(error)
        traceback.clear_frames(error.__traceback__)  # lets go of the store before the interpreter ends
        return _say(said, code)
    _print_summary(told)
    graver = SEVERITIES[: SEVERITIES.index(asked.fail_on) + 1] if asked.fail_on else ()
    return FOUND if any(told["severities"].get(name) for name in graver) else DONE


def _folders(asked: argparse.Namespace) -> tuple[Path, Path, str]:
    """The data folder, the policy, and what is wrong with either."""
    data = Path(asked.data)
    policy = Path(asked.policy) if asked.policy else data / "policy.toml"
    if not data.is_dir():
        return data, policy, f"{data}: no such folder, expected the data folder. Give its path with --data."
    if not policy.is_file():
        return data, policy, f"{policy.name}: not in {policy.parent}, expected the policy. Add the file or give its path with --policy."
    return data, policy, ""


def _taken(out: str) -> str:
    """What is wrong with an output folder that was given; seen before anything is started."""
    from flows.outputs import OutputError, check_free

    try:
        if out:
            check_free(Path(out))
    except OutputError as error:
        return str(error)
    return ""


def _print_summary(told: dict[str, Any]) -> None:
    graves = ", ".join(f"{told['severities'][name]} {name}" for name in SEVERITIES if told["severities"].get(name)) or "none"
    print(f"{told['flagged']} findings and {told['undecided']} undecided ({graves}); {told['new']} of them new.")
    print(f"{told['blind_spots']} blind spots, {told['quarantined']} rows refused.")
    if told.get("certificates"):
        print(f"Quarters: {told['certificates']}.")
    if told.get("mailed"):
        print(f"Mail: {told['mailed']}.")
    print(f"Report: {told['report']}")


def explain(asked: argparse.Namespace) -> int:
    """Print one finding with its clause, its words and the row it came from."""
    from flows.explain import explanation
    from flows.store import Store, StoreError

    try:
        with Store(Path(asked.store), read_only=True) as store:
            text, found = explanation(store, asked.finding_id, asked.price)
    except StoreError as error:
        return _say(str(error), WRONG)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(*one_line(error, "the finding can't be explained", ""))
    print(text, file=sys.stdout if found else sys.stderr)
    return DONE if found else WRONG


def rules(asked: argparse.Namespace) -> int:
    """Print the rule book."""
    from flows.rule_book import rule_book
    from transforms.policy import PolicyError

    path = Path(asked.policy)
    if asked.policy and not path.is_file():
        return _say(f"{path}: no such file, expected the policy. Give its path with --policy.", WRONG)
    try:
        print(rule_book(path if asked.policy else None))
    except PolicyError as error:
        return _say(str(error), WRONG)
    return DONE


def compare(asked: argparse.Namespace) -> int:
    """Run a draft policy over the data and say what it would change."""
    data, draft = Path(asked.data), Path(asked.policy)
    against = Path(asked.against) if asked.against else data / "policy.toml"
    if not data.is_dir():
        return _say(f"{data}: no such folder, expected the data folder. Give its path with --data.", WRONG)
    for path, what, option in ((draft, "draft", "--policy"), (against, "policy in force", "--against")):
        if not path.is_file():
            return _say(f"{path}: no such file, expected the {what}. Give its path with {option}.", WRONG)
    from flows.compare import compare as run

    out = Path(asked.out or f"out/compare-{asked.as_of}.html")
    try:
        print(run(data, asked.as_of, draft, against, out))
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(*one_line(error, "the comparison failed", ""))
    print(f"\nPage: {out}")
    return DONE


def serve(asked: argparse.Namespace) -> int:
    """Open the desk, until it is stopped."""
    from flows.serve import is_loopback, shown
    from flows.serve import serve as run

    if not is_loopback(asked.host) and not os.environ.get("HINDSIGHT_URL", "").startswith("https://"):
        return _say(
            f"--host {asked.host}: other machines would reach the desk without encryption, expected HINDSIGHT_URL to begin with https://. Set it, and put a proxy with TLS before the desk.",
            WRONG,
        )
    try:
        shown(Path(asked.store))
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(one_line(error, "the desk could not be opened", "")[0], WRONG)
    print(f"The desk listens at http://{asked.host}:{asked.port}. Stop it with Ctrl-C.", flush=True)
    try:
        run(Path(asked.store), asked.host, asked.port)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - no traceback reaches a user
        if isinstance(error, SystemExit):
            return _say(f"--port {asked.port}: the desk can't listen there, expected a free port. Give another one.", FAILED)
        return _say(*one_line(error, "the desk could not be opened", ""))
    return DONE


def users(asked: argparse.Namespace) -> int:
    """List the users of the desk, or add and change one; a password is asked for, never given as an argument."""
    from flows.users import add_covered, change, listed

    store = Path(asked.store)
    try:
        print(add_covered(store) if asked.covered else change(store, asked) if asked.email else listed(store))
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(*one_line(error, "the user was not changed", ""))
    return DONE


def attest(asked: argparse.Namespace) -> int:
    """Send out a quarter's packets, and write them with the certificate and the board page."""
    data, policy, wrong = _folders(asked)
    if wrong or (wrong := _taken(asked.out)):
        return _say(wrong, WRONG)
    from flows.attest import run_here

    try:
        told = run_here(str(data), asked.quarter, str(asked.as_of), asked.store, asked.out, str(policy))
    except KeyboardInterrupt:
        return _say("stopped; the quarter's folder is as it was.", FAILED)
    except BaseException as error:  # noqa: BLE001 - no traceback reaches a user
        said, code = one_line(error, "the quarter was not written", "; its folder is as it was")
        traceback.clear_frames(error.__traceback__)  # lets go of the store before the interpreter ends
        return _say(said, code)
    print(f"{told['quarter']}: {told['packets']} packets, {told['sent']} of them sent now; {told['answered']} answered.")
    print(f"Certificate {told['certificate']}; {told['gaps']} gaps.")
    print(f"Folder: {told['out']}\nBoard page: {told['board']}")
    return DONE


def pack(asked: argparse.Namespace) -> int:
    """Write the evidence pack of a case or a quarter."""
    from flows.pack import write_pack
    from flows.store import StoreError

    try:
        print(write_pack(Path(asked.store), asked.case, asked.quarter, Path(asked.out), asked.key))
    except StoreError as error:
        return _say(str(error), WRONG)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(*one_line(error, "the pack was not written", ""))
    return DONE


def verify(asked: argparse.Namespace) -> int:
    """Check an evidence pack, and say what holds and what was altered."""
    from flows.packing import PackError, read_pack
    from flows.packing import verify as checked

    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a name in a pack may be none that this terminal can show
    try:
        files, faults = read_pack(Path(asked.pack))
        checks = [*faults, *(checked(files, asked.key) if files or not faults else [])]
    except PackError as error:
        return _say(str(error), WRONG)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a pack, it does not hold
        return _say(*one_line(error, "the pack can't be read; it does not hold", ""))
    for each in checks:
        print(f"{'holds' if each.holds else 'ALTERED'}: {each.said}")
    is_sound = bool(checks) and all(each.holds for each in checks)
    print("The pack holds." if is_sound else "The pack does not hold.")
    return DONE if is_sound else FAILED


def records(asked: argparse.Namespace) -> int:
    """Say what the policy's periods have passed, or erase it."""
    from flows.records import records as run
    from flows.store import StoreError

    try:
        print(run(Path(asked.store), asked.as_of, is_erasing=asked.erase))
    except StoreError as error:
        return _say(str(error), WRONG)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _say(*one_line(error, "nothing was erased", ""))
    return DONE


def later(asked: argparse.Namespace) -> int:
    """Say that a verb is not built yet."""
    return _say(f"hindsight {asked.verb}: {NOT_YET}", WRONG)


def _say(what: str, code: int = WRONG) -> int:
    print(f"hindsight: {what}", file=sys.stderr)
    return code


VERBS = {
    "nightly": nightly, "attest": attest, "explain": explain, "rules": rules, "compare": compare, "pack": pack, "verify": verify, "records": records, "serve": serve, "users": users,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; returns the exit code."""
    known, rest = parser().parse_known_args(arguments)
    run = VERBS.get(known.verb, later)
    if rest and run is not later:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    return run(known)


if __name__ == "__main__":
    sys.exit(main())
