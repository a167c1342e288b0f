# Everything that is done to this project is done from here. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PYTEST := $(BIN)/pytest
PORT ?= 8000
# How many tests run at once: the cores of the smallest machine that this must be quick on.
WORKERS ?= 2
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
CATALOGUES := $(wildcard booking/translations/*/LC_MESSAGES/messages.po)
SPOKEN := $(CATALOGUES:.po=.mo)
CODE := booking tests wsgi.py words.py $(wildcard bench)

# What has been installed is remembered beside it, so that a set-up happens once for each list of packages.
RUNS := .venv/installed-to-run
TESTS := .venv/installed-to-test
OLDEST := .venv/oldest

# `check` goes from the quickest to the slowest, and words are gathered before they are compiled.
.NOTPARALLEL:

export PIP_DISABLE_PIP_VERSION_CHECK = 1
run demo pictures: export BOOKING_DEMO = 1
run demo: export BOOKING_BASE_URL ?= http://127.0.0.1:$(PORT)

.PHONY: help run demo migrate words test fast postgresql races browser coverage oldest check lint types rooms pages fix bench lock setup clean

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: demo ## Try it: install, load the demonstration, serve on http://127.0.0.1:8000 (PORT=… for another)
	$(FLASK) serve --port $(PORT)

demo: migrate ## Load the demonstration: four libraries and an autumn of activities, all invented
	$(FLASK) demo load

migrate: $(RUNS) $(SPOKEN) ## Bring the database to the newest shape
	$(FLASK) db upgrade

test: $(TESTS) $(SPOKEN) ## Test everything: both databases, races, and walks in a browser
	$(PYTEST) -n $(WORKERS)

fast: $(TESTS) $(SPOKEN) ## Test all that takes no second database, browser or patience
	$(PYTEST) -n $(WORKERS) -m "not postgresql and not browser and not race and not slow"

postgresql: $(TESTS) $(SPOKEN) ## Test what runs on PostgreSQL
	$(PYTEST) -n $(WORKERS) -m "postgresql and not browser"

races: $(TESTS) $(SPOKEN) ## Test several at once, and processes that are killed
	$(PYTEST) -m "race or slow"

browser: $(TESTS) $(SPOKEN) ## Walk the pages in a headless Chromium
	$(PYTEST) -n $(WORKERS) -m browser

oldest: $(TESTS) $(SPOKEN) $(OLDEST)/installed ## Test the calendars with the oldest icalendar that is allowed
	@grep -q "^icalendar==$$(PYTHONPATH=$(OLDEST) $(BIN)/python -c 'import icalendar; print(icalendar.__version__)') " requirements-oldest.txt
	PYTHONPATH=$(OLDEST) $(PYTEST) -m "not postgresql" tests/feeds/test_render.py tests/feeds/test_parsers.py tests/feeds/test_promises.py tests/outbox/test_invites.py

check: lint types rooms pages words oldest test ## Everything that must be green before a change goes in

lint: $(TESTS) ## Check the style and the format of the code
	$(BIN)/ruff check $(CODE) && $(BIN)/ruff format --check $(CODE)

types: $(TESTS) ## Check the types
	$(BIN)/mypy

rooms: $(TESTS) ## Check that the rooms stand on each other in their one order
	$(BIN)/lint-imports

pages: $(TESTS) ## Check the templates
	$(BIN)/djlint --lint booking/templates

words: $(TESTS) ## Gather the sentences; fail on one that is not said in bokmål and nynorsk
	$(BIN)/python words.py

fix: $(TESTS) ## Mend what a machine can mend of style and format
	$(BIN)/ruff check --fix $(CODE) ; $(BIN)/ruff format $(CODE)

coverage: $(TESTS) $(SPOKEN) ## Show which rules, operations and queries no test has walked
	$(PYTEST) -n $(WORKERS) -m "not browser and not slow" --cov

bench: $(TESTS) $(SPOKEN) ## Measure the main pages against a bare page of the same size
	$(BIN)/python -m bench

lock: ## Write the locked lists of packages anew from requirements.in and requirements-dev.in
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q uv && for list in requirements requirements-dev; do .venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --custom-compile-command 'make lock' $$list.in -o $$list.txt; done; rm -r .venv-lock

setup: $(TESTS) $(SPOKEN) ## Install all that the other commands need

clean: ## Forget what was installed and compiled; the database in instance/ stays
	rm -rf .venv $(SPOKEN) .*_cache .coverage htmlcov

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python could not make .venv; on Debian and Ubuntu, install python3-venv."; exit 1; }

$(RUNS): requirements.txt | $(BIN)/python
	$(BIN)/pip install -q --require-hashes -r requirements.txt && touch $@

$(TESTS): requirements-dev.txt $(RUNS)
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt && touch $@

$(OLDEST)/installed: requirements-oldest.txt | $(TESTS)
	rm -rf $(OLDEST) && $(BIN)/pip install -q --no-deps --require-hashes --target $(OLDEST) -r requirements-oldest.txt && touch $@

%.mo: %.po | $(RUNS)
	$(BIN)/pybabel -q compile -D messages -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<))) -i $< -o $@
