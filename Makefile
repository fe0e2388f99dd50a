# `make help` lists the targets. Everything is made inside the checkout: .venv, .venv-oracle, examples/*/dist.

PYTHON ?= python3
# MXNet's wheel, the oracle of the tests, runs on this version and no newer one.
ORACLE_PYTHON ?= $(or $(shell command -v python3.11),$(PYTHON))
PYTEST_FLAGS ?= -n 2
# for each fuzzer
SECONDS ?= 900
# of `make demo`
PORT ?= 8000

BIN := .venv/bin
# twice quiet: pip warns about folders that a machine's own configuration names
PIP := pip -qq --disable-pip-version-check
AMALGAMATE := $(BIN)/amalgamate
EXAMPLE := examples/predictor
DIST := $(EXAMPLE)/dist
CXX_FILES = $(shell find examples tests/predictor tests/builds tests/fuzz -name dist -prune -o -name build -prune -o -name node_modules -prune \
	-o '(' -name '*.cc' -o -name '*.h' -o -name '*.c' ')' -print)

COMPILE := -std=c++17 -O2 -Wall -Wextra -Werror
# Debian's emcc looks for its JavaScript optimiser in node's path.
export NODE_PATH ?= /usr/share/nodejs

.DEFAULT_GOAL := recognise
.DELETE_ON_ERROR:
.PHONY: FORCE recognise no-blas blas js demo windows test gate lint ruff mypy clang-format format zoo bench bench-js bench-tool sanitize fuzz \
	fuzz-tool clean help

recognise: no-blas ## recognise ten digits with the predictor in one file (the default)
	$(BIN)/python $(EXAMPLE)/python/recognise.py $(EXAMPLE)/models/digit-*.png

no-blas: $(DIST)/libpredictor.so ## the predictor without BLAS: one file, one library
windows: $(DIST)/windows/predictor.dll ## the predictor for Windows, with mingw-w64
blas: ## the predictor with OpenBLAS
js: ## the predictor for node and browsers, with emscripten

# The tool leaves a file alone that would not change, so nothing is compiled in vain.
$(DIST)/predictor-no-blas.cc: FORCE | .venv/example
	$(AMALGAMATE) build $(EXAMPLE) --no-blas
$(DIST)/libpredictor.so: $(DIST)/predictor-no-blas.cc
	cd $(DIST) && g++ $(COMPILE) -fPIC -shared -pthread -Wl,--no-undefined -s predictor-no-blas.cc -o libpredictor.so
$(DIST)/windows/predictor.dll: $(DIST)/predictor-no-blas.cc
	mkdir -p $(@D)
	cd $(DIST) && x86_64-w64-mingw32-g++-posix $(COMPILE) -shared -static -s predictor-no-blas.cc -o windows/predictor.dll
# shown with its folder, which the names that it prints are relative to
blas js: .venv/example
	$(MAKE) -C $(EXAMPLE) $@ AMALGAMATE=$(CURDIR)/$(AMALGAMATE)

demo: js examples/web/node_modules ## serve a page that recognises pictures, and print its address
	cd examples/web && node pack.mjs ../predictor/dist/js ../predictor/models dist
	@echo 'http://localhost:$(PORT)/ (Ctrl-C ends it)'
	$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory examples/web/dist
examples/web/node_modules: examples/web/package.json
	cd $(@D) && npm install --silent --no-package-lock --no-audit --no-fund && touch node_modules

test: ## install what the tests need, then run all checks: ruff, mypy, clang-format, pytest
	@bash tests/setup/system_packages.sh test
	@$(MAKE) --no-print-directory gate
# A finding of the linters does not hide what the tests say; either fails the gate.
gate: .venv/dev .venv-oracle/ready
	@status=0; $(MAKE) --no-print-directory --keep-going lint || status=$$?; \
	echo pytest $(PYTEST_FLAGS); $(BIN)/pytest $(PYTEST_FLAGS) || status=$$?; exit $$status

lint: ruff mypy clang-format ## check style and types only
ruff: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
mypy: .venv/dev
	$(BIN)/mypy
clang-format:
	@echo clang-format --dry-run -Werror
	@if command -v clang-format >/dev/null; then clang-format --dry-run -Werror $(CXX_FILES); \
	else echo 'clang-format is not there: the layout of the C++ was not checked' >&2; fi

format: .venv/dev ## put Python and C++ in their layout
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	clang-format -i $(CXX_FILES)

zoo: no-blas .venv/dev .venv-oracle/ready ## compare all networks of Gluon's model zoo with MXNet, also by way of ONNX
	$(BIN)/python tests/predictor/zoo/run_zoo.py $(DIST)/libpredictor.so .venv-oracle/bin/python
	$(BIN)/python tests/predictor/convert/run_zoo.py $(DIST)/libpredictor.so .venv-oracle/bin/python

fuzz-tool: .venv/dev ## look for what is different in one file, for SECONDS with each of four fuzzers
	$(BIN)/python tests/fuzz/run_tool.py --seconds $(SECONDS)

bench: no-blas .venv/dev .venv-oracle/ready ## measure the tool, the compiler, and the predictor beside MXNet, ONNX Runtime and OpenVINO
	$(BIN)/python tests/builds/bench.py
	$(BIN)/$(PIP) install openvino
	$(BIN)/python tests/predictor/bench/bench.py $(DIST)/libpredictor.so .venv-oracle/bin/python
bench-js: js .venv/dev .venv-oracle/ready ## measure the JavaScript beside onnxruntime-web, in node
	$(BIN)/python tests/builds/javascript/bench.py $(DIST)/js .venv-oracle/bin/python
bench-tool: .venv/dev ## measure the command against quom, pcpp, clang and cat on generated trees
	$(BIN)/$(PIP) install quom
	$(BIN)/python tests/bench/measure.py

sanitize: .venv/dev ## run the tests of the predictor with the sanitizers of addresses and of undefined behaviour
	$(BIN)/python tests/predictor/run_sanitized.py

fuzz: .venv/dev ## give the predictor damaged files for SECONDS with each of three fuzzers
	$(BIN)/python tests/fuzz/run.py --seconds $(SECONDS)

clean: ## remove what was built; the environments stay
	rm -rf examples/*/dist examples/*/build build dist

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

.venv/bin/python:
	@bash tests/setup/system_packages.sh build
	$(PYTHON) -m venv .venv
.venv/example: pyproject.toml | .venv/bin/python
	$(BIN)/$(PIP) install --editable . numpy pillow
	@touch $@
.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/$(PIP) install --editable '.[dev]'
	@touch $@ .venv/example
# Without the oracle its tests are skipped, which only CI counts as a failure.
.venv-oracle/ready: tests/predictor/oracle-requirements.txt
	@{ test -x .venv-oracle/bin/python || $(ORACLE_PYTHON) -m venv .venv-oracle; } && \
	.venv-oracle/bin/$(PIP) install -r $< && touch $@ || \
	echo 'the MXNet wheel cannot be installed: its tests will be skipped' >&2
