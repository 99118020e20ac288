# SPDX-License-Identifier: Apache-2.0
# A thin front of Meson, for people and for CI. Variables:
#   PREFIX, DESTDIR   where `make install` puts things
#   TIME              seconds: all of `make check-all` together, or each target of `make fuzz`
#   OLD_ROOT          a folder with another system, older than this: `make bench` compares its libraries as well
#   SETUP=:           do not look for missing packages

PREFIX ?= /usr/local
DESTDIR ?=
TIME ?=
SETUP ?= tools/setup.sh
MESON ?= meson
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)

CLANG_SETUP = CC=clang CXX=clang++ $(MESON) setup
SANITIZE = -Db_sanitize=address,undefined -Db_lundef=false
NO_RECOVER = -fno-sanitize-recover=all
CHECKED_BUILDS = build build-asan

.PHONY: all demo check check-all bench fuzz install format clean

all: build/build.ninja
	ninja -C build

demo:
	@$(SETUP) build test
	@tools/demo.sh

check:
	@$(SETUP) build test
	@$(PYTHON) tools/run-checks.py $(CHECKED_BUILDS)

# The long tests alone: what `make check` leaves out.
check-all:
	@$(SETUP) build test check-all
	@$(PYTHON) tools/run-checks.py --long --time "$(TIME)" $(CHECKED_BUILDS)

bench: all
	$(PYTHON) bench/run.py --abifit build/src/cli/abifit
	$(PYTHON) bench/deps.py --abifit build/src/cli/abifit
	$(if $(OLD_ROOT),$(PYTHON) bench/diff.py --abifit build/src/cli/abifit --old "$(OLD_ROOT)")

fuzz: build-fuzz/build.ninja
	ninja -C build-fuzz
	tools/run-fuzz.sh build-fuzz "$(or $(TIME),60)"

install: build-install/build.ninja
	$(MESON) configure build-install --prefix "$(PREFIX)"
	ninja -C build-install
	$(MESON) install --no-rebuild -C build-install $(if $(DESTDIR),--destdir "$(abspath $(DESTDIR))")

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-asan build-fuzz build-install

build/build.ninja:
	$(MESON) setup build -Dwerror=true

build-asan/build.ninja:
	$(CLANG_SETUP) build-asan -Dwerror=true $(SANITIZE) -Dc_args=$(NO_RECOVER)

build-fuzz/build.ninja:
	$(CLANG_SETUP) build-fuzz -Dfuzz=true -Dtests=false $(SANITIZE) \
		-Dc_args="$(NO_RECOVER) -fsanitize=fuzzer-no-link"

build-install/build.ninja:
	$(MESON) setup build-install --prefix "$(PREFIX)" --buildtype=release -Dtests=false
