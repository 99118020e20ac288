# SPDX-License-Identifier: Apache-2.0
"""What the test programs share: TAP output, running a program, reading its JSON."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SCHEMA = ROOT / "docs/schema.json"
LDSO = "/lib64/ld-linux-x86-64.so.2"
SANITIZER_STATUS = 99  # a status that Abifit itself never gives
SANITIZER_WORDS = ("Sanitizer:", "runtime error:")
MEGABYTE = 1 << 20


class Tap:
    """Prints one line a test; close() prints the plan and gives the exit status."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, good, name, *details):
        self.count += 1
        self.failed += not good
        name = name.replace("#", "")
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            for detail in details:
                for line in str(detail).splitlines() or [""]:
                    print("# " + line)
        sys.stdout.flush()
        return good

    def close(self):
        print(f"1..{self.count}", flush=True)
        return 0 if self.count else 1


@dataclass
class Result:
    status: int  # exit status, or minus the signal
    out: bytes
    err: bytes
    seconds: float
    peak: int  # bytes of resident memory; 0 when unknown
    timed_out: bool = False

    @property
    def text(self):
        return self.out.decode("utf-8", "replace") + self.err.decode("utf-8", "replace")

    def crash(self):
        """What went wrong beyond any answer of the program, or None."""
        if self.timed_out:
            return f"stopped after {self.seconds:.0f} s"
        if self.status < 0:
            return f"ended by {signal.Signals(-self.status).name}"
        errors = self.err.decode("utf-8", "replace")
        if self.status == SANITIZER_STATUS or any(word in errors for word in SANITIZER_WORDS):
            return "sanitizer report:\n" + errors[:4000]
        return None


def environment(**more):
    """A clean environment, the same on every machine."""
    sanitizer = f"exitcode={SANITIZER_STATUS}:allocator_may_return_null=1:max_allocation_size_mb=2048"
    clean = {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
        "MALLOC_PERTURB_": "165",
        "ASAN_OPTIONS": sanitizer + ":detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": sanitizer + ":print_stacktrace=1",
        "LSAN_OPTIONS": f"exitcode={SANITIZER_STATUS}",
    }
    clean.update(more)
    return clean


resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limits(seconds=None, address_space=None):
    """A preexec_fn that bounds processor time and address space."""

    def apply():
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

    return apply


def run(command, timeout=60, env=None, cwd=None, shell=False, stdin=None, preexec=None):
    """Runs a command and measures it. Never raises because of what it does."""
    start = time.monotonic()
    timed_out = False
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, stdout=out, stderr=err, stdin=stdin or subprocess.DEVNULL,
            env=environment() if env is None else env, cwd=cwd, shell=shell,
            preexec_fn=preexec, start_new_session=True)
        usage = wait(process, timeout)
        if usage is None:
            timed_out = True
            os.killpg(process.pid, signal.SIGKILL)
            usage = wait(process, 60)
        out.seek(0)
        err.seek(0)
        return Result(process.returncode, out.read(), err.read(), time.monotonic() - start,
                      usage.ru_maxrss * 1024 if usage else 0, timed_out)


def wait(process, timeout):
    """Waits with os.wait4 for the process's own resource usage; None after the timeout."""
    deadline = time.monotonic() + timeout
    pause = 0.0005
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage
        if time.monotonic() > deadline:
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def build(command, cwd):
    """Runs a compiler or the like that must work."""
    result = run(command, timeout=300, cwd=cwd, shell=isinstance(command, str))
    if result.status:
        raise SystemExit(f"{command}: status {result.status}\n{result.text}")


def program(path):
    """The program under test by its full path; an argument type."""
    return str(Path(path).resolve(strict=True))


def sanitized(program):
    """Whether the program was built with AddressSanitizer."""
    return b"__asan_init" in Path(program).read_bytes()


def seconds_left(default=None):
    """A function that gives the seconds left of the time that this test was granted."""
    granted = float(os.environ.get("ABIFIT_TEST_SECONDS") or default or 1e9)
    end = time.monotonic() + granted
    return lambda: end - time.monotonic()


_validator = None


def report_of(result, validate=True):
    """(the JSON document on standard output, None), or (None, what is wrong with it).

    Validation against the schema costs more than making the document, so that runs over
    many damaged files do without.
    """
    global _validator
    try:
        document = json.loads(result.out.decode("utf-8"))
    except ValueError as error:
        return None, f"standard output is not JSON: {error}\n{result.text[:2000]}"
    if validate:
        if _validator is None:
            import jsonschema
            schema = json.loads(SCHEMA.read_text())
            _validator = jsonschema.validators.validator_for(schema)(schema)
        error = next(_validator.iter_errors(document), None)
        if error:
            place = "/".join(str(step) for step in error.absolute_path)
            return None, f"JSON against the schema: {place}: {error.message[:500]}"
    return document, None
