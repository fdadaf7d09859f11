# Every target sets up what it needs. Python 3.11 or newer is all that must be there before.
#
#   make run      set up, then the proxy on 127.0.0.1:8080 (admin 9090, console 9092) before a demonstration store
#                                                          (make run ARGS="--config FILE" for other ports)
#   make test     set up, then the test suite, in parts side by side  (make test TESTS=tests/unit/cli)
#   make demo     set up, then one run over sample tickets, contacts, transcripts and articles, and its verdict
#                                                          (make demo ARGS="--keep state/demo" leaves the evidence)
#   make check    set up, then linter, formatter, types and the rules of imports
#   make bench    set up, then the benchmarks               (make bench ARGS=--quick)
#   make image    the steps of the Dockerfile, without a container engine, and a look at what they made
#   make audit    known vulnerabilities of what the runtime install holds
#   make sbom     its software bill of materials, CycloneDX, in dist/sbom.json
#   make install  the set-up alone, into .venv; done again only when the pins change
#   make clean    remove .venv, caches and build output; state/ (evidence!) stays

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Named after the pins, so that a change of branch that leaves them alone sets up nothing again.
STAMP := $(VENV)/.installed-$(shell cat requirements/dev.lock pyproject.toml | cksum | cut -d ' ' -f 1)
SECURITY := .venv-security
TESTS ?=
ARGS ?=

.PHONY: run test demo check bench image audit sbom install clean
.DEFAULT_GOAL := run

install: $(STAMP)

$(STAMP):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.installed-*
	@touch $@

run: install
	$(BIN)/python -m shield.demo.run $(ARGS)

demo: install
	$(BIN)/python -m shield.demo $(ARGS)

test: install
	$(BIN)/python scripts/run_tests.py $(TESTS)

check: install
	$(BIN)/python -m pip check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks $(ARGS)

image:
	$(PYTHON) scripts/dockerfile_steps.py

$(SECURITY): scripts/security.lock
	test -x $(SECURITY)/bin/python || $(PYTHON) -m venv $(SECURITY)
	$(SECURITY)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r scripts/security.lock
	@touch $@

audit: $(SECURITY)
	@$(SECURITY)/bin/python scripts/audit_dependencies.py

sbom: $(SECURITY)
	@mkdir -p dist
	$(SECURITY)/bin/cyclonedx-py requirements requirements/runtime.lock --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file dist/sbom.json

clean:
	rm -rf $(VENV) $(SECURITY) build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
