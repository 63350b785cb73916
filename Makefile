# Two commands on a fresh machine: `make demo` and `make test`. Both set everything up first.
SHELL := /bin/bash
UV := $(if $(shell uv --version 2>/dev/null),uv,.uv/bin/uv)
RUN = $(UV) run --frozen
ARGS ?=
# Compiled modules are kept, also where the machine's images say otherwise: else each command compiles all anew, half its time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench bench-truth browser java page assets verify-page clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.uv/bin/uv:
	@python3 -m venv .uv && .uv/bin/pip install --quiet 'uv>=0.9,<1'

setup: $(if $(filter uv,$(UV)),,.uv/bin/uv)  ## install everything into the project (.uv and .venv)
	@$(UV) sync --frozen --inexact --quiet $(GROUPS)

demo: setup  ## run the main job on the sample population, then serve the portal on 127.0.0.1:8000 (ARGS="--no-serve --home DIR --seed N")
	@$(RUN) muster demo $(ARGS)

test bench: GROUPS = --extra spark
test: setup browser java page  ## set everything up and run every test (ARGS="-k name" to choose)
	@$(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

browser:  # Debian's Chromium, where it is missing and can be installed
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
	  || echo "Chromium is not here and could not be installed: the browser tests will be SKIPPED."

java:  # Debian's Java, for Spark, where it is missing and can be installed
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq default-jre-headless >/dev/null; } \
	  || echo "Java is not here and could not be installed: the Spark tests will be SKIPPED."

page:  # what the verifier's page is built with, where Node.js is: its test builds it again
	@command -v npm >/dev/null && (cd src/musterroll/verify/page && npm ci --ignore-scripts --silent) \
	  || echo "Node.js is not here or its packages could not be fetched: the verifier's page is not built again (SKIPPED)."

check: setup  ## lint, types, import contracts, packs, docs links, coverage of the stages; changes nothing
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) env MYPYPATH=src:. mypy --explicit-package-bases -p benchmarks
	@$(RUN) lint-imports
	@for pack in packs/*/; do $(RUN) muster pack check $$pack || exit 1; done
	@$(RUN) pytest tests/whole/test_docs.py -q
	@$(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder tests/unit tests/spec tests/conformance --cov --cov-fail-under=100 -q

bench: GROUPS += --group bench
bench: setup java  ## measure every performance claim as a ratio; writes benchmarks/results (ARGS="--small", ARGS="door ledger")
	@$(RUN) python -m benchmarks $(ARGS)

bench-truth: setup  ## the truth report in ten configurations; writes benchmarks/results/truth.json
	@$(RUN) python -m benchmarks.truth $(ARGS)

assets: setup  ## make the portal's stylesheets and scripts anew from their sources (needs Node.js; users do not)
	@cd src/musterroll/portal/assets && npm ci --ignore-scripts --silent && npm run --silent build

verify-page:  ## make the verifier's page anew from its sources (needs Node.js; users do not)
	@cd src/musterroll/verify/page && npm ci --ignore-scripts --silent && npm run --silent build

clean:  ## remove what make made (the demonstration home, environments, caches)
	rm -rf var .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
