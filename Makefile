# `make demo` and `make test` set up what they need in .venv; PYTHON may name another interpreter.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test check accuracy bench wheel clean

demo: .venv/installed
	$(BIN)/python examples/seed_article.py

test: .venv/tools
	$(BIN)/python -m pytest

check: .venv/tools
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Scores on annotated corpora, which are not part of the repository: make accuracy DATA=folder
accuracy: .venv/tools
	$(BIN)/python -m benchmarks.accuracy $(DATA)

# Speed beside other systems, and time and memory of a growing stream: make bench, or make bench DATA=folder of texts
bench: .venv/tools
	$(BIN)/python -W ignore -m benchmarks.speed $(if $(DATA),--data $(DATA))
	$(BIN)/python -W ignore -m benchmarks.scaling $(if $(DATA),--data $(DATA))

wheel: .venv/tools
	$(BIN)/python -m hatchling build -t wheel

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

# All that the tests, the linters and the integrations need.
.venv/tools: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf .venv build dist
