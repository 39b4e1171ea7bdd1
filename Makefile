PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench faults migrate lint install install-dev

run: .venv/run
	@$(BIN)/python launcher.py

test: .venv/test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

bench: .venv/test
	@$(BIN)/python -m bench

faults: .venv/test
	@$(BIN)/python -m pytest tests/faults tests/properties/test_appointments.py tests/properties/test_merging.py --full

migrate: .venv/run
	@$(BIN)/flask shop migrate

lint: .venv/test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy .

.venv/run: requirements.txt constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@
