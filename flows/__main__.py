"""The command line: one function a verb."""

import argparse
import os
import re
import sys
import traceback
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.errors import one_line

SEVERITIES = ("critical", "high", "medium", "low", "info")
DONE, FAILED, WRONG, FOUND = 0, 1, 2, 3
LATER = "is not built yet; this version has nightly, attest, explain, rules, compare, pack, verify, records, serve and users."


def nightly(asked: argparse.Namespace) -> int:
    """Run a night and write its report."""
    data, policy = Path(asked.data), Path(asked.policy) if asked.policy else Path(asked.data) / "policy.toml"
    if not data.is_dir():
        return _say(f"{data}: no such folder, expected the data folder. Give its path with --data.", WRONG)
    if not policy.is_file():
        return _say(f"{policy.name}: not in {policy.parent}, expected the policy. Add the file or give its path with --policy.", WRONG)
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
    data, policy = Path(asked.data), Path(asked.policy) if asked.policy else Path(asked.data) / "policy.toml"
    if not data.is_dir():
        return _say(f"{data}: no such folder, expected the data folder. Give its path with --data.", WRONG)
    if not policy.is_file():
        return _say(f"{policy.name}: not in {policy.parent}, expected the policy. Add the file or give its path with --policy.", WRONG)
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
    return _say(f"hindsight {asked.verb}: {LATER}", WRONG)


def _say(what: str, code: int = WRONG) -> int:
    print(f"hindsight: {what}", file=sys.stderr)
    return code


def _price(text: str) -> Decimal:
    """A price of the command line."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text) or not Decimal(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no price, expected US dollars such as 27.05. Correct it.")
    return Decimal(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, expected YYYY-MM-DD") from None


def parser() -> argparse.ArgumentParser:
    """The arguments of every verb."""
    top = argparse.ArgumentParser(prog="hindsight", description="Checks every trade against the company's own insider-trading policy.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    night = verbs.add_parser("nightly", help="judge every trade and write the exception report")
    night.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    night.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the night, YYYY-MM-DD")
    night.add_argument("--store", default="hindsight.duckdb", metavar="FILE", help="the store (default: hindsight.duckdb)")
    night.add_argument("--out", default="", metavar="DIR", help="the output folder (default: out/<as-of>)")
    night.add_argument("--policy", default="", metavar="FILE", help="the policy (default: policy.toml of the data folder)")
    night.add_argument("--fail-on", choices=SEVERITIES, metavar="SEVERITY", help="exit with 3 where a finding is at least this severe")
    night.set_defaults(run=nightly)
    told = verbs.add_parser("explain", help="print one finding as counsel would want it")
    told.add_argument("finding_id", metavar="FINDING_ID", help="rule/person/subject; or a person, for what a trade of theirs would match")
    told.add_argument("--price", type=_price, metavar="PRICE", help="the price at which a trade would be made (default: the last one on record)")
    told.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    told.set_defaults(run=explain)
    book = verbs.add_parser("rules", help="print the rule book")
    book.add_argument("--policy", default="", metavar="FILE", help="a policy, to print its clauses and parameters")
    book.set_defaults(run=rules)
    draft = verbs.add_parser("compare", help="say which findings a draft policy adds, drops and changes")
    draft.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    draft.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the night, YYYY-MM-DD")
    draft.add_argument("--policy", required=True, metavar="DRAFT", help="the draft")
    draft.add_argument("--against", default="", metavar="FILE", help="the policy in force (default: policy.toml of the data folder)")
    draft.add_argument("--out", default="", metavar="FILE", help="the page (default: out/compare-<as-of>.html)")
    draft.set_defaults(run=compare)
    desk = verbs.add_parser("serve", help="open the reviewing desk")
    desk.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    desk.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine alone)")
    desk.add_argument("--port", default=8686, type=int, metavar="PORT")
    desk.set_defaults(run=serve)
    who = verbs.add_parser("users", help="list who may sign in to the desk, or add and change one")
    who.add_argument("email", nargs="?", default="", metavar="ADDRESS", help="whom to add or change; without one all are listed")
    who.add_argument("--name", default="", metavar="NAME")
    who.add_argument("--person", default="", metavar="PERSON_ID", help="who they are on record, so that their own cases stay closed to them")
    who.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="compliance_officer, supervisor, counsel, auditor, administrator or covered_person; may be given several times",
    )
    who.add_argument("--covered", action="store_true", help="add everybody who attests the newest quarter, to sign in through the provider")
    who.add_argument("--sees-reserved", action="store_true", help="show denials and project lists to a supervisor too")
    who.add_argument("--no-password", action="store_true", help="sign-in through the provider alone")
    who.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    who.set_defaults(run=users)
    _add_quarterly(verbs)
    for verb, what in {"replay": "an earlier night once more"}.items():
        verbs.add_parser(verb, help=f"{what} (not built yet)", add_help=False).set_defaults(run=later)
    return top


def _add_quarterly(verbs: Any) -> None:  # noqa: ANN401 - argparse's own type has no public name
    quarter = verbs.add_parser("attest", help="send out a quarter's packets, and write certificate and board page")
    quarter.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    quarter.add_argument("--quarter", required=True, metavar="QUARTER", help="a fiscal quarter such as 2024Q4, or its last day")
    quarter.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the day, YYYY-MM-DD")
    quarter.add_argument("--store", default="hindsight.duckdb", metavar="FILE", help="the store (default: hindsight.duckdb)")
    quarter.add_argument("--out", default="", metavar="DIR", help="the quarter's folder (default: out/<quarter>)")
    quarter.add_argument("--policy", default="", metavar="FILE", help="the policy (default: policy.toml of the data folder)")
    quarter.set_defaults(run=attest)
    packed = verbs.add_parser("pack", help="write the evidence pack of a case or a quarter")
    which = packed.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", default="", metavar="ID", help="person_id/matter")
    which.add_argument("--quarter", default="", metavar="QUARTER", help="a fiscal quarter such as 2024Q4")
    packed.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    packed.add_argument("--out", required=True, metavar="DIR", help="a new folder, or a path that ends with .zip")
    packed.add_argument("--key", default="", metavar="FILE", help="an Ed25519 private key as PEM (default: HINDSIGHT_SIGNING_KEY, else one beside the store)")
    packed.set_defaults(run=pack)
    checked = verbs.add_parser("verify", help="check an evidence pack offline, without a store")
    checked.add_argument("pack", metavar="DIR", help="the folder or zip")
    checked.add_argument("--key", default="", metavar="HEX", help="the public key that the company gave you, 64 hexadecimal digits")
    checked.set_defaults(run=verify)
    kept = verbs.add_parser("records", help="say what the policy's periods have passed, and erase it where no hold keeps it")
    kept.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    kept.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the day, YYYY-MM-DD")
    kept.add_argument("--erase", action="store_true", help="erase it; without this nothing is changed")
    kept.set_defaults(run=records)


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; returns the exit code."""
    known, rest = parser().parse_known_args(arguments)
    if rest and known.run is not later:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    code: int = known.run(known)
    return code


if __name__ == "__main__":
    sys.exit(main())
