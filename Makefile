# Two commands do everything on a fresh clone: `make conformance` and `make test`.
PYTHON ?= python3
VENV ?= .venv
TARGET ?= bundled
ARGS ?=
BIN = $(VENV)/bin
WORKERS ?= $(shell $(PYTHON) -c "import os; print(os.cpu_count() * 3 // 2)")  # a test mostly waits
unexport PYTHONDONTWRITEBYTECODE  # compiled modules save a second at every start
READY = $(VENV)/.ready
DEMO = .venvs/demo

.PHONY: conformance test thorough inspect bench repeat witness sample coverage screenshots clean

conformance: $(READY)  ## judge TARGET (the bundled reference server unless given); ARGS go to pytest
	$(BIN)/python -m pytest --target "$(TARGET)" $(ARGS)

test: $(READY)  ## the project's own tests, types and style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

thorough: $(READY)  ## the same with all faults, in each era, and all oddities: half an hour
	THOROUGH=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

inspect: $(READY) $(DEMO)/.ready  ## the inspector before a server with a few faults, and a real client at work
	$(BIN)/python -m inspector.demo --client $(DEMO)/bin/python $(ARGS)

bench: $(READY)  ## how long a run takes, and what it and the inspector cost
	$(BIN)/python -m tests.bench $(ARGS)
	$(BIN)/python -m tests.bench.inspector
	$(BIN)/python -m tests.bench.screen

repeat: $(READY)  ## whether many runs differ in anything
	$(BIN)/python -m tests.bench.repeat $(ARGS)

witness: $(READY)  ## the official conformance suite judges the reference server; needs npm
	$(BIN)/python -m tests.witness $(ARGS)

sample: $(READY)  ## the two reports in reports/sample: of the bundled server, right and with a fault
	$(BIN)/python -m pytest --target bundled --mcp-revision 2025-11-25 --mcp-revision 2026-07-28 \
		--mcp-report=reports/sample/good
	-$(BIN)/python -m pytest --target bundled --mcp-revision 2025-11-25 --mcp-report=reports/sample/faulty \
		--mcp-bundled="--fault ResponsesGoOnTheGetStreamInstead"

coverage: $(READY)  ## docs/coverage.md: what each revision asks, and what checks it
	$(BIN)/python -m conformance ledger --markdown > docs/coverage.md.new
	mv docs/coverage.md.new docs/coverage.md

screenshots: $(READY)  ## the inspector's screens drawn by itself: docs/inspector, and what tests compare with
	$(BIN)/python -m tests.inspector.screenshots
	UPDATE=1 $(BIN)/python -m pytest -q tests/inspector/tui/test_pictures.py

clean:
	rm -rf $(VENV) .venvs build dist *.egg-info reports/latest

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,inspector]"
	touch $(READY)

$(DEMO)/.ready:
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python -m pip install --quiet --disable-pip-version-check "mcp==1.30.0"
	touch $(DEMO)/.ready
