"""`python -m tests.mutation [FOLDER] [MODULES ...]`: every mutant before the jury, two at a time; prints who survives.

Results stand in FOLDER (out/mutation) as they come, so that a run that was stopped goes on where it was. MODULES (`rules/*`,
`transforms/facts/[a-g]*`) keep the run to some modules. With `--quick` the slow part of the jury stays out: a later run without it
hears the rest. A mutant that takes longer than two minutes is taken as noticed, as its test would be.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants

PATIENCE = 120.0
REASONS = Path(__file__).parent / "survivors.csv"


@dataclass(frozen=True)
class Run:
    """A run over some modules: where its results stand, and which jury it hears."""

    folder: Path
    modules: tuple[str, ...]
    workers: int
    is_quick: bool

    def every(self) -> list[Mutant]:
        """The mutants of its modules."""
        return [each for each in mutants() if any(fnmatch(each.path, f"{module.removesuffix('.py')}.py") for module in self.modules)]

    def told(self) -> dict[str, str | None]:
        """What noticed each mutant so far; null where the quick jury alone was heard and noticed nothing."""
        lines = [line for path in sorted(self.folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
        found = {each["mutant"]: each["noticed"] for each in sorted(map(json.loads, lines), key=lambda each: each["noticed"] is not None)}
        return {name: noticed for name, noticed in found.items() if self.is_quick or noticed is not None}


def main(run: Run) -> int:
    """Run what is left, then print the count by folder and every survivor without a reason."""
    run.folder.mkdir(parents=True, exist_ok=True)
    every = run.every()
    while left := [each for each in every if each.name not in run.told()]:
        print(f"{len(every) - len(left):,} of {len(every):,} done", flush=True)
        _work(run)
    return _report(every, run.told())


def _work(run: Run) -> None:
    """Workers until all end; one that hangs is stopped, its mutant written down, and it is started anew."""
    folder, running = run.folder, {n: _start(run, n) for n in range(run.workers)}
    while any(process.poll() is None for process in running.values()):
        time.sleep(2)
        for n, process in running.items():
            now = folder / f"{n}.now"
            if process.poll() is None and now.exists() and time.time() - now.stat().st_mtime > PATIENCE:
                process.kill()
                process.wait()
                _note(folder, n, now.read_text(encoding="utf-8"), "takes too long")
                running[n] = _start(run, n)
    for n, process in running.items():
        if process.returncode:
            _note(folder, n, (folder / f"{n}.now").read_text(encoding="utf-8"), "ended the program")


def _start(run: Run, n: int) -> subprocess.Popen[bytes]:
    (run.folder / f"{n}.now").unlink(missing_ok=True)
    quick = ["--quick"] if run.is_quick else []
    asked = [str(run.folder), *run.modules, "--workers", str(run.workers), "--worker", str(n), *quick]
    return subprocess.Popen([sys.executable, "-m", "tests.mutation", *asked])


def _note(folder: Path, n: int, mutant: str, noticed: str | None) -> None:
    with (folder / f"{n}.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"mutant": mutant, "noticed": noticed}) + "\n")


def worker(run: Run, n: int) -> int:
    """Its share of the mutants that nobody has told of."""
    from tests.mutation.jury import notices, worlds

    worlds()
    done = run.told()
    for number, mutant in enumerate(run.every()):
        if number % run.workers == n and mutant.name not in done:
            (run.folder / f"{n}.now").write_text(mutant.name, encoding="utf-8")
            noticed = notices(mutant, is_quick=run.is_quick)
            _note(run.folder, n, mutant.name, None if run.is_quick and not noticed else noticed)
    return 0


def _report(every: list[Mutant], noticed: dict[str, str | None]) -> int:
    alive = [each for each in every if not noticed[each.name]]
    for folder, count in sorted(Counter(each.path.rpartition("/")[0] for each in every).items()):
        survived = sum(each.path.startswith(folder) for each in alive)
        print(f"{folder}: {count:,} mutants, {survived:,} alive ({survived / count:.1%})")
    with REASONS.open(encoding="utf-8") as stream:
        known = {(row["module"], row["line"], row["operator"]) for row in csv.DictReader(stream)}
    for each in alive:
        if each.reasoned not in known:
            print(f"no reason yet: {each.name}: {each.reasoned[1]}")
    print(f"together: {len(every):,} mutants, {len(alive):,} alive ({len(alive) / len(every):.1%})")
    return 0 if len(alive) < len(every) / 10 else 1


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("out/mutation"))
    parser.add_argument("modules", nargs="*", default=["*"])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    said = asked()
    whole = Run(said.folder, tuple(said.modules), said.workers, said.quick)
    sys.exit(main(whole) if said.worker is None else worker(whole, said.worker))
