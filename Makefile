# Two commands do everything: `make nightly` runs the sample through to the report, `make test` passes the tests.
# The environment comes from requirements.lock, hashes and all: through uv where it is installed, else venv and pip.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
AS_OF ?= 2025-02-28

.PHONY: nightly desk quarter test lint types bench planted mutants audit clean

nightly: $(READY)
	$(RUN) -m flows nightly --data data/sample --as-of $(AS_OF)

desk: $(READY)
	@test -f hindsight.duckdb.desk/current || $(RUN) -m flows nightly --data data/sample --as-of $(AS_OF)
	$(RUN) -m flows.sample_desk

quarter: $(READY)
	@test -f hindsight.duckdb || $(RUN) -m flows nightly --data data/sample --as-of $(AS_OF)
	$(RUN) -m flows attest --data data/sample --quarter 2024Q4 --as-of $(AS_OF)
	$(RUN) -m flows pack --quarter 2024Q4 --out out/2024Q4-pack
	$(RUN) -m flows verify out/2024Q4-pack

test: $(READY) lint types
	$(RUN) -m pytest

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(READY)
	$(VENV)/bin/mypy

bench: $(READY)
	$(RUN) -m tests.bench

planted: $(READY)
	$(RUN) -m tests.planted

audit: $(READY)
	$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

mutants: $(READY)
	$(RUN) -m tests.mutation

clean:
	rm -rf $(VENV) out hindsight.duckdb hindsight.duckdb.* hindsight.ledger.sqlite* build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv -q --allow-existing --python $(PYTHON) $(VENV) && \
		uv pip sync -q --require-hashes --compile-bytecode --python $(RUN) requirements.lock && \
		uv pip install -q --no-deps --no-build-isolation --python $(RUN) -e . ; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(RUN) -m pip install -q --require-hashes -r requirements.lock && \
		$(RUN) -m pip install -q --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(READY)
