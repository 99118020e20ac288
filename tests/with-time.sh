#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a long test, and tells it how many seconds it may take, if that is bounded.
exec "$@" ${ABIFIT_TEST_SECONDS:+--time "$ABIFIT_TEST_SECONDS"}
