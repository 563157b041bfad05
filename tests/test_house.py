"""The house: imports run one way, one door for each heavy library, no clock and no disk where things are computed."""

import ast
import re
from pathlib import Path

import pytest

from tests.worlds import ROOT

ROOMS = ("transforms", "rules", "desk", "flows")
DOORS = {
    "duckdb": ("flows/store.py",),
    "exchange_calendars": ("transforms/calendar.py",),
    "great_expectations": ("transforms/expectations.py",),
    "prefect": ("flows/",),
    "jinja2": ("transforms/reports/", "desk/"),
    "ortools": ("transforms/matching.py",),
    "ofxtools": ("transforms/sources/_ofx.py", "transforms/sources/ofx_investments.py"),
    "defusedxml": ("transforms/sources/",),
    "alembic": ("desk/ledger/",),
    "sqlalchemy": ("desk/ledger/", "desk/users.py", "desk/desk.py", "desk/records.py", "flows/mailbox.py"),
    "matplotlib": ("desk/pictures.py", "desk/multiples.py"),
    "typst": ("transforms/reports/pdf.py",),
    "cryptography": ("flows/signing.py",),
    "authlib": ("desk/signin.py",),
    "argon2": ("desk/users.py",),
    "smtplib": ("flows/mailbox.py",),
    "xlsxwriter": ("desk/exports.py",),
    "uvicorn": ("flows/serve.py",),
}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=place)
def test_imports_run_one_way_and_through_doors(path: Path) -> None:
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    room = path.relative_to(ROOT).parts[0]
    assert not names & set(ROOMS[ROOMS.index(room) + 1 :])
    for library, doors in DOORS.items():
        assert library not in names or place(path).startswith(doors), f"{library} is imported outside its door"


@pytest.mark.parametrize("path", [path for path in FILES if place(path).startswith(("transforms/", "rules/"))], ids=place)
def test_no_clock_no_disk_no_loop_over_rows(path: Path) -> None:
    looped = {"iter_rows", "map_elements", "map_rows", "apply", "iterrows", "itertuples"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            call = node.func
            if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
                assert (call.value.id, call.attr) not in CLOCKS
            assert not (isinstance(call, ast.Name) and call.id == "open")
        loops_may = place(path).startswith(("transforms/sources/", "transforms/reports/"))
        assert loops_may or not (isinstance(node, ast.Attribute) and node.attr in looped)


def test_nothing_names_a_package_registry() -> None:
    kept = [path for path in ROOT.iterdir() if (path.is_file() and path.suffix in {".toml", ".lock", ".md", ".yaml"}) or path.name == "Makefile"]
    for path in kept:
        text = path.read_text(encoding="utf-8")
        assert not re.search("--(extra-)?" + "index-url", text), path
        assert "pypi.org" not in text, path
