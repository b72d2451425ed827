#!/usr/bin/env bash
# Implements: set-up, build and the slow tests: convergence tables, fine-grid comparisons,
# published experiments. Arguments go to ctest.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
set_up
print_stages
say "slow tests"
exec ctest --test-dir "$build" --output-on-failure --no-tests=error -L slow "$@"
