#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs programs that a case built as the kernel does, without a shell's own ideas.

usage: run.py [VARIABLE=VALUE] PROGRAM...

A VARIABLE counts for the programs that follow it. Each program's end is told in a line:
`exit STATUS`, `signal SIGBUS`, or `exec: No such file or directory`.
"""

import os
import signal
import subprocess
import sys

for argument in sys.argv[1:]:
    name, is_variable, value = argument.partition("=")
    if is_variable:
        os.environ[name] = value
        continue
    try:
        status = subprocess.run([argument], stdin=subprocess.DEVNULL).returncode
    except OSError as error:
        print(f"exec: {os.strerror(error.errno)}", flush=True)
    else:
        print(f"exit {status}" if status >= 0 else f"signal {signal.Signals(-status).name}", flush=True)
