# make demo: the margin of a real book, in its base regime and under a broker's stricter overlay.
# make test: every test. Both set up what they need in .venv first; nothing else has to be installed.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check lint rules wheel bench mutants clean

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	@$(BIN)/pmdsl margin examples/01_demo.yaml \
	  --quotes examples/quotes_spx_2023-09-14.csv --quotes examples/quotes_spy_2023-09-14.csv \
	  --rules us.finra.cpm --rules house.example

test: $(READY)
	$(BIN)/python -m pytest -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p pmdsl

rules: $(READY)
	$(BIN)/pmdsl check rules
	$(BIN)/pmdsl fmt --check rules
	$(BIN)/pmdsl test rules --coverage

wheel: $(READY)
	sh .ci/wheel

check: lint rules test wheel

bench: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[dev,bench]'
	$(BIN)/python -m benchmarks

mutants: $(READY)
	$(BIN)/python -m tests.mutation rules

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
