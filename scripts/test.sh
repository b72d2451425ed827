#!/usr/bin/env bash
# Implements: set-up, build and the default tests (everything but the label `slow`).
# Exit status is that of the tests; arguments go to ctest, e.g. scripts/test.sh -L unit.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
set_up
print_stages
say "tests (the slow ones: scripts/validate.sh)"
exec ctest --test-dir "$build" --output-on-failure --no-tests=error -LE slow -j "$(nproc)" "$@"
