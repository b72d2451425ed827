#!/usr/bin/env bash
# Implements: from a fresh clone to a picture: packages, build, the reference case, its fields,
# picture, traces and summary. Results are in results/cryo_ref; every stage is timed.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
results=$root/results/cryo_ref
python=/usr/bin/python3
[[ -x $python ]] || python=python3

simulate() { "$build/thermodose" run "$root/cases/cryo_ref/case.yaml" -o "$results"; }
render() { pvpython "$root/scripts/render.py" "$results" -o "$results/picture.png"; }
plot() { "$python" "$root/scripts/plot_traces.py" "$results" -o "$results/traces.png"; }

cd "$root"
set_up thermodose # with the modules it loads; scripts/test.sh builds the tests
stage "run the reference case" simulate
stage "picture" render
stage "traces" plot
print_stages
say "fields:  $results/fields.xdmf (open it in ParaView)"
say "picture: $results/picture.png, traces: $results/traces.png"
say "numbers: $results/summary.json, $results/traces.csv"
