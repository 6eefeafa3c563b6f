# `make report` and `make test` do everything on a machine with Python 3.11 to 3.13; PYTHON=… chooses which one.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin

# The locks are complete, so no dependency is looked for. A package is compiled when it is first imported, whatever the
# environment says about that: compiling all of them beforehand took longer than the rest of installing.
INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-compile
unexport PYTHONDONTWRITEBYTECODE

# .ready says whose the environment is. A checkout that was copied or moved brings one whose commands lead to the first
# one, and where installing was broken off a package may lack files: either is made anew.
ifneq ($(wildcard $(VENV)/.ready),)
ifneq ($(shell cat $(VENV)/.ready),$(CURDIR))
$(info The environment $(VENV) belongs to another folder or is unfinished, and is made anew.)
$(shell rm -rf $(VENV))
endif
endif
.PRECIOUS: $(VENV)/.ready

.PHONY: report test lab bench audit lock format clean

report: $(VENV)/.ready
	$(BIN)/burn-report build

test: $(VENV)/.ready-test
	$(BIN)/python -m pytest -n auto --dist loadgroup --durations=10

# On copies: JupyterLab saves by itself, and what it saves must not get into the report. A newer original takes the place
# of an older copy, which stays as NAME.old.ipynb.
lab: $(VENV)/.ready
	@mkdir -p out/lab
	@for book in notebooks/*.ipynb; do copy=out/lab/$${book##*/}; [ $$copy -nt $$book ] || { \
	  [ ! -e $$copy ] || mv $$copy $${copy%.ipynb}.old.ipynb; cp $$book $$copy; }; done
	$(BIN)/jupyter lab out/lab

bench: $(VENV)/.ready-test
	$(BIN)/python benchmarks/run.py

audit: $(VENV)/.ready-test
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock

format: $(VENV)/.ready-test
	$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/nbstripout notebooks/*.ipynb

lock: $(VENV)/.ready-test
	$(BIN)/uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements.lock -o requirements-test.lock

$(BIN)/python:
	@echo "Making the environment $(VENV); packages come down, which takes a minute or two the first time."
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed; none was found (set PYTHON=…)."; exit 1; }
	@mkdir -p $(VENV) && echo unfinished > $(VENV)/.ready
	$(PYTHON) -m venv $(VENV)

# The locked pip goes first: it needs half the time of the one that comes with Python 3.11.
$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo unfinished > $@
	@sed -n '/^pip==/,/# via/p' requirements.lock > $(VENV)/pip.lock
	$(INSTALL) --require-hashes -r $(VENV)/pip.lock
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) -q --no-build-isolation -e .
	@printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.ready-test: requirements-test.lock $(VENV)/.ready
	@echo unfinished > $(VENV)/.ready
	$(INSTALL) --require-hashes -r requirements-test.lock
	@printf '%s\n' "$(CURDIR)" > $(VENV)/.ready
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .hypothesis .ruff_cache
