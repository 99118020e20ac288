# SPDX-License-Identifier: Apache-2.0
"""Runs Abifit and reads its JSON; sets one forecast beside one trace of the loader."""

import json
import os
import re
import subprocess

from elfpatch import Elf, ElfError
from ldso import canonical

# Findings that a trace shows in another way than as a refusal of the whole, or not at all.
SHOWN_ELSEWHERE = ("cannot open shared object file", "version `", "undefined symbol",
                   "wrong ELF class", "ISA level is lower",
                   "_dl_call_libc_early_init")  # called only where the program is to run


class ForecastError(Exception):
    """Abifit itself failed: bad status, no JSON, an input missing from it."""


class Forecast:
    """What Abifit says about one input; paths are those of the system looked at."""

    def __init__(self, path):
        self.path = path
        self.libraries = []       # (requested name, path or None), the program left out
        self.bindings = set()     # (from, to, kind, symbol, version or "")
        self.weak = set()         # (symbol, version or "", object): bound to nothing, silently
        self.undefined = set()    # (symbol, version or "", object)
        self.version_errors = set()  # (library as named, version, required by)
        self.no_version = set()   # (library as named, required by)
        self.findings = []
        self.error = None
        self.verdict = None


class Abifit:
    def __init__(self, binary, root=None, options=()):
        self.binary, self.options = os.path.abspath(binary), list(options)
        self.root = os.path.abspath(root) if root and os.path.abspath(root) != "/" else None

    def host(self, path):
        return (self.root or "") + path

    def inner(self, path):
        """A path as the system itself would spell it."""
        if path and self.root and path.startswith(self.root + "/"):
            return path[len(self.root):]
        return path

    def run(self, command, files, options=(), timeout=900):
        """The parsed JSON document and the exit status."""
        arguments = [self.binary, command, "--format", "json", *self.options, *options]
        if self.root:
            arguments += ["--root", self.root]
        arguments += ["--", *[self.host(path) for path in files]]
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, cwd="/",
                              timeout=timeout, check=False)
        if done.returncode not in (0, 1, 3, 5):
            text = done.stderr.decode("utf-8", "replace").strip()[-400:]
            raise ForecastError(f"status {done.returncode}: {text}")
        try:
            return json.loads(done.stdout.decode("utf-8", "surrogateescape")), done.returncode
        except ValueError as error:
            raise ForecastError(f"no JSON: {error}: {done.stdout[:200]!r}") from error

    def tree(self, files, options=()):
        """Path → list of (requested name, path or None)."""
        document, _ = self.run("tree", files, options)
        result = {}
        for entry in document.get("tree", []):
            result[self.inner(entry["input"])] = self._libraries(entry)
        return result

    def _libraries(self, entry):
        return [(library["name"], self.inner(library["path"])) for library in entry["libraries"]
                if library.get("in_scope", True)]

    def check(self, files, bindings=True, options=()):
        """Path → Forecast."""
        document, _ = self.run("check", files,
                               [*(["--bindings"] if bindings else []), *options])
        result = {path: Forecast(path) for path in files}

        def of(name):
            found = result.get(self.inner(name))
            if found is None:
                raise ForecastError(f"JSON speaks of {name}, which was not asked for")
            return found

        for entry in document.get("inputs", []):
            forecast = of(entry["path"])
            forecast.error = entry.get("error")
            forecast.verdict = entry.get("verdict")
        for entry in document.get("libraries", []):
            of(entry["input"]).libraries = self._libraries(entry)
        for entry in document.get("bindings", []):
            self._bindings(of(entry["input"]), entry["bindings"])
        for finding in document.get("findings", []):
            self._finding(of(finding["input"]), finding)
        return result

    def _bindings(self, forecast, bindings):
        for binding in bindings:
            version = binding.get("version") or ""
            source = self.inner(binding["from"])
            if binding["to"] is not None:
                forecast.bindings.add((source, self.inner(binding["to"]), binding["kind"],
                                       binding["symbol"], version))
            elif binding["kind"] == "weak":
                forecast.weak.add((binding["symbol"], version, source))
            else:
                forecast.undefined.add((binding["symbol"], version, source))

    def _finding(self, forecast, finding):
        forecast.findings.append(finding)
        by = self.inner((finding.get("where") or {}).get("file") or "")
        subject = finding.get("subject") or ""
        if finding["rule"] == "load/version-missing":
            library = re.sub(r"\([^()]*\)$", "", subject)
            forecast.version_errors.add((self.inner(library), finding.get("before") or "", by))
        elif finding["rule"] == "load/version-info-missing":
            forecast.no_version.add((self.inner(re.sub(r"\([^()]*\)$", "", subject)), by))


def message_core(text, names=()):
    """A loader's message without what depends on the run: program name, line numbers."""
    text = " ".join(text.split())
    text = re.sub(r"^Inconsistency detected by ld\.so: ", "", text)
    text = re.sub(r"^(.*?: )?(error while loading shared libraries|symbol lookup error): ", "", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "PROGRAM")
    text = re.sub(r"^PROGRAM: ", "", text)
    return re.sub(r"(\.c): (\d+: )?(\w+: )?(?=Assertion)", r"\1: ", text)


def says(findings, message, names=()):
    """Whether one of the findings quotes the loader's `message`."""
    wanted = message_core(message, names)
    for finding in findings:
        quoted = finding.get("loader_says")
        if not quoted:
            continue
        core = message_core(quoted, names)
        if wanted in core or core in wanted:
            return True
    return False


class Comparison:
    """Differences between a trace and a forecast of one file, as (kind, text)."""

    def __init__(self, loader, main):
        self.loader, self.main = loader, main
        self.mains = {main, (loader.root or "") + main}
        self.names = {}
        for path in {loader.path, loader.real, os.path.basename(loader.real),
                     os.path.basename(loader.path)}:
            self.names[path] = "LOADER"
        for path in self.mains:
            self.names[path] = "MAIN"
        self.differences = []

    def add(self, kind, text):
        self.differences.append((kind, text))

    def name(self, path):
        known = self.names.get(path)
        if known is None and path is not None:
            known = path
            if path.startswith("/") and os.path.basename(path) in self.names and \
                    canonical(self.loader.root, path) == self.loader.real:
                known = "LOADER"
            self.names[path] = known
        return known

    def libraries(self, libraries):
        result = []
        for name, path in libraries:
            path = self.name(path)
            result.append(("LOADER", path) if path == "LOADER" else (name, path))
        return result

    @staticmethod
    def settle(libraries):
        """A trace puts the loader itself before missing libraries that were asked for earlier."""
        result = list(libraries)
        at = result.index(("LOADER", "LOADER")) if ("LOADER", "LOADER") in result else 0
        while at > 0 and result[at - 1][1] is None:
            result[at - 1], result[at] = result[at], result[at - 1]
            at -= 1
        return result

    def bindings(self, bindings, own=True):
        name = self.name
        result = {(name(a), name(b), kind, symbol, version)
                  for a, b, kind, symbol, version in bindings}
        # In a trace the loader does not relocate itself.
        return {b for b in result if b[0] != "LOADER"} if own else result

    def references(self, references):
        return {(symbol, version, self.name(obj)) for symbol, version, obj in references
                if self.name(obj) != "LOADER"}

    def compare_lists(self, wanted, got, label="list"):
        wanted, got = self.settle(wanted), self.settle(got)
        own = ("LOADER", "LOADER")
        if self.loader.version > (2, 36) and own in wanted and own not in got and \
                all(path is None for _, path in wanted[wanted.index(own) + 1:]):
            # Newer loaders list themselves last where nothing needs them; no scope holds them.
            wanted = [library for library in wanted if library != own]
        if wanted == got:
            return
        if sorted(wanted, key=str) == sorted(got, key=str):
            at = next(i for i, pair in enumerate(zip(wanted, got)) if pair[0] != pair[1])
            self.add(f"{label} order", f"at {at}: expected {wanted[at:at + 4]}, got {got[at:at + 4]}")
            return
        lost = [entry for entry in wanted if entry not in got]
        more = [entry for entry in got if entry not in wanted]
        self.add(label, f"expected {lost[:6]}, got {more[:6]}")

    def compare_sets(self, kind, wanted, got):
        for item in sorted(wanted - got, key=str):
            self.add(f"{kind} lost", f"expected {item}")
        for item in sorted(got - wanted, key=str):
            self.add(f"{kind} extra", f"got {item}")

    def compare_bindings(self, trace, forecast):
        wanted, got = self.bindings(trace.bindings), self.bindings(forecast.bindings)
        undefined = self.references(trace.undefined)
        forecast_undefined = self.references(forecast.undefined)
        if (wanted, undefined) == (got, forecast_undefined):
            return
        if trace.missing:
            random = self.random_versions(trace)
            wanted, got = ({b for b in s if (b[0], b[3]) not in random} for s in (wanted, got))
            undefined, forecast_undefined = (
                {u for u in s if (u[2], u[0]) not in random} for s in (undefined, forecast_undefined))
        if trace.fatal:
            got = got & wanted      # the trace ended half-way
            forecast_undefined = forecast_undefined & undefined
        self.compare_sets("binding", wanted, got)
        self.compare_sets("undefined", undefined, forecast_undefined)

    def random_versions(self, trace):
        """(object, symbol) whose version the trace takes from beyond its table.

        For a library that is missing the loader makes a stub and leaves the stub's versions
        out when it counts how large an object's table of versions must be. What it reads
        behind the table is left to chance, in a trace only: a real process has ended by then.
        """
        missing = set(trace.missing)
        result = set()
        for path in [self.main] + [path for _, path in trace.libraries if path is not None]:
            try:
                elf = Elf(self.loader.host(canonical(self.loader.root, path)))
            except (OSError, ElfError):
                continue
            needs = elf.verneeds()
            if not any(need.file in missing for need in needs):
                continue
            limit = max([need.index for need in needs if need.file not in missing]
                        + [definition.index for definition in elf.verdefs()], default=0)
            for symbol in elf.symbols():
                if (elf.versym(symbol) or 0) & 0x7FFF > limit:
                    result.add((self.name(path), symbol.name.decode("utf-8", "surrogateescape")))
        return result

    def library_key(self, trace, library):
        """One spelling for a library that may be named by path, soname or file name."""
        for name, path in trace.libraries:
            if path is not None and library in (name, path, os.path.basename(path)):
                return self.name(path)
        # A request that was answered by the soname of something loaded under another name.
        for _, path in trace.libraries:
            if path is not None and self.soname(path) == library:
                return self.name(path)
        return self.name(library)

    def soname(self, path):
        try:
            return Elf(self.loader.host(canonical(self.loader.root, path))).soname
        except (OSError, ElfError):
            return None

    def compare_versions(self, trace, forecast):
        def errors(items):
            return {(self.library_key(trace, library), version, self.name(by))
                    for library, version, by in items}

        def notices(items):
            return {(self.library_key(trace, library), self.name(by)) for library, by in items}

        self.compare_sets("version error", errors(trace.version_errors),
                          errors(forecast.version_errors))
        self.compare_sets("no version information", notices(trace.no_version),
                          notices(forecast.no_version))

    def compare_refusals(self, trace, forecast):
        for message in trace.fatal:
            if not says(forecast.findings, message, self.mains):
                quoted = [f.get("loader_says") for f in forecast.findings if f.get("loader_says")]
                self.add("refusal lost", f"expected '{message}', quoted: {quoted[:3]}, "
                         f"rules {sorted({f['rule'] for f in forecast.findings})[:6]}")
        if trace.fatal:
            return
        for finding in forecast.findings:
            quoted = finding.get("loader_says")
            if quoted and finding.get("exit_code") and not any(t in quoted for t in SHOWN_ELSEWHERE):
                self.add("refusal extra", f"got {finding['rule']}: '{quoted}'")

    def run(self, trace, forecast, tree=None):
        if forecast.error and not trace.fatal:
            self.add("unreadable", str(forecast.error))
            return self.differences
        self.compare_refusals(trace, forecast)
        for line in trace.other:
            self.add("loader line of unknown form", line)
        if trace.fatal and not trace.libraries:
            return self.differences     # the loader gave up before it listed anything
        wanted = self.libraries(trace.libraries)
        if tree is not None:
            self.compare_lists(wanted, self.libraries(tree), "tree")
        self.compare_lists(wanted, self.libraries(forecast.libraries), "list")
        self.compare_versions(trace, forecast)
        self.compare_bindings(trace, forecast)
        return self.differences
