# `make demo` checks and prints the example; `make test` runs all that the build server runs. Both set up what they need.

PYTHON_HERE := .venv/bin/python
NOTES := $(PYTHON_HERE) -m supervision_notes

.PHONY: demo test bench docs clean

demo: .venv/demo.stamp
	$(NOTES) -C examples/riverside check
	$(NOTES) -C examples/riverside render -o out/demo

test: .venv/dev.stamp
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m mypy
	$(PYTHON_HERE) -m pytest -q -n auto

bench: .venv/dev.stamp
	$(PYTHON_HERE) -m tests.bench

docs: .venv/dev.stamp
	$(PYTHON_HERE) -m tests.docs

clean:
	rm -rf .venv dist out .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find supervision_notes tests -name __pycache__ -prune -exec rm -rf {} +

# The set-up of the tests includes that of the demo.
.venv/demo.stamp: pyproject.toml .ci/setup
	@[ .venv/dev.stamp -nt pyproject.toml ] || sh .ci/setup demo

.venv/dev.stamp: pyproject.toml .ci/setup
	@sh .ci/setup dev
