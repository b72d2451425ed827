#!/usr/bin/env python3
"""Writes docs/validation.md from the recorded findings of the validation experiments.

Implements: every number of the page comes from tests/validation/results/*.json, which
tests/validation/validate.py --record leaves; none is typed here.

Usage: validation_report.py           writes docs/validation.md
       validation_report.py --check   exit status 1 when the page is not what would be written
"""
import json
import math
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "validation.md"
RESULTS = ROOT / "tests" / "validation" / "results"
FIGURES = {"littrup": "C1", "double_freeze": "C10", "magalov": "C5", "icesphere": "C17"}

INTRO = """# Validation

Published experiments, ours beside theirs. This page is written by `scripts/validation_report.py` from
`tests/validation/results`; do not edit it. The runs: `scripts/validate.sh -L validation`, or one of them
with `tests/validation/validate.py EXPERIMENT --program build/thermodose --work DIR`. The cases, with
what is published and what had to be assumed in each, are in `tests/validation/cases`.

- Bands are ours; the papers state no uncertainties in what was available to us. +-15 % on diameters and
  +-10 points on shares (C1) were set before the runs. What was chosen with results in sight is said in
  "What was decided when" of each experiment.
- A check outside its band is a **shortfall** and stays in the list below. The slow tests fail when a
  check that is met stops being met, when a shortfall disappears, and when a number moves by more than
  3 % (or 0.2 mm, 0.5 K, one point), so that this page cannot fall behind the program.
- Only abstracts, and the open data of the last experiment, were available: what they do not state is
  marked UNVERIFIED in the case files and named here.
"""


def wrapped(text):
    """Paragraphs and list items wrapped at 100 columns; tables and headings as they are."""
    blocks, item = [], []

    def close():
        if item:
            indent = "  " if item[0].startswith("- ") else ""
            blocks.append(textwrap.fill(" ".join(item), 100, subsequent_indent=indent,
                                        break_long_words=False, break_on_hyphens=False))
            item.clear()

    for line in text.splitlines():
        if not line.strip() or line[0] in "|#":
            close()
            blocks.append(line)
        else:
            if line.startswith("- "):
                close()
            item.append(line.strip())
    close()
    return "\n".join(blocks) + "\n"


def percent(ours, published):
    return f"{100 * (ours / published - 1):+.0f} %"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def littrup_main(data):
    rows = []
    other = data["sensitivity"][-1]["probes"]
    for n, (diameter, share) in data["published"].items():
        m, b = data["probes"][n], other[n]
        lethal, wide = m["lethal"]["diameter_mm"], m["lethal"]["largest_width_mm"]
        ice = diameter / math.sqrt(share / 100)
        rows.append([
            n, f"{diameter:.0f}", f"{lethal:.1f} ({percent(lethal, diameter)})",
            f"{wide:.1f} ({percent(wide, diameter)})", f"{share:.0f}",
            f"{m['share_percent']:.0f} ({m['share_percent'] - share:+.0f})", f"{ice:.0f}",
            f"{m['ice']['diameter_mm']:.1f} ({percent(m['ice']['diameter_mm'], ice)})",
            f"{b['lethal']['diameter_mm']:.1f} ({percent(b['lethal']['diameter_mm'], diameter)})",
            f"{b['share_percent']:.0f} ({b['share_percent'] - share:+.0f})"])
    head = ["probes", "< -30 degC, mm, published", "ours, equal area", "ours, largest width",
            "share of area, %, published", "ours", "ice, mm, implied", "ours, equal area",
            "fit B: < -30 degC, mm", "fit B: share, %"]
    return table(head, rows)


def littrup_sensitivity(data):
    rows = []
    for r in data["sensitivity"]:
        cells = [f"{m['lethal']['diameter_mm']:.1f} / {m['ice']['diameter_mm']:.1f} / "
                 f"{m['share_percent']:.0f}" for m in (r["probes"][n] for n in ("1", "2", "3", "4"))]
        rows.append([r["name"], f"{r['fitted']:.0f} {r['unit']}", r["fitted_to"], *cells])
    return table(["< -30 degC, mm / ice, mm / share, %", "fitted value", "fitted to", "1 probe",
                  "2 probes", "3 probes", "4 probes"], rows)


def littrup_heat_loads(data):
    loads = {"39 degC": data["probes"], **data["colder"]}
    rows = []
    for name, sections in loads.items():
        rows.append([name] + [
            f"{m['lethal']['diameter_mm']:.1f} / {m['share_percent']:.0f} / "
            f"{(m['ice']['diameter_mm'] - m['lethal']['diameter_mm']) / 2:.1f}"
            for m in sections.values()])
    return table(["< -30 degC, mm / share, % / distance to the edge, mm", "1 probe", "2 probes",
                  "3 probes", "4 probes"], rows)


def littrup_why(data):
    one, one_b = data["probes"]["1"], data["sensitivity"][-1]["probes"]["1"]
    rhombus = next(r for r in data["sensitivity"] if "rhombus" in r["name"])["probes"]["4"]
    diameter, share = data["published"]["1"]
    return f"""**What misses, and why.** The law fitted to the {diameter:.0f} mm makes the zones of 2, 3 and 4 probes too small, most of
all that of 2; see the list of shortfalls. Refitted to the same {diameter:.0f} mm under other assumptions:

{littrup_sensitivity(data)}
- It is not the law of the probe nor its length, and the properties of the gel do little.
- With {diameter:.0f} mm below -30 degC, one probe has {one['ice']['diameter_mm']:.1f} mm of ice and a share of {one['share_percent']:.0f} % here, not the {10 * 1.2 / math.sqrt(0.13):.1f} mm and
  {share:.0f} % of the paper: conduction in agar at 39 degC does not have both, for any law and property tried.
- Fit B gives up the {diameter:.0f} mm ({one_b['lethal']['diameter_mm']:.1f} mm, share {one_b['share_percent']:.0f} %) and has 2, 3 and 4 probes inside all bands. The simplest
  reading, not tested, is that the core of the single probe is the number that does not go with the
  others: it was found with thermocouples 5 mm apart, and {(one_b['lethal']['diameter_mm'] - diameter) / 2:.1f} mm of radius make the difference. The tables of the
  paper, which we do not have, would tell.
- If the paper's diameters are largest widths, the first fit holds for 2 and 4 probes and misses the band
  for 3 narrowly. Four probes on a rhombus instead of a square would be {rhombus['lethal']['largest_width_mm']:.1f} mm wide (published: {data['published']['4'][0]:.0f}).
- Convection is not a candidate: agar is a gel.

**Colder agar.** The abstract gives no numbers at 24 and 6 degC, only that -30 degC lies less than 1 cm behind
the edge in nearly all configurations and loads. Ours, with the law of 39 degC (distance: half the
difference of the diameters of equal area):

{littrup_heat_loads(data)}
At 39 degC the statement holds, over all loads it does not. The share falls in colder agar, in every count:
the ice grows more than its core. The abstract says that 39 degC had "the greatest impact upon percentage
lethal zones"; read as the lowest shares, this is not reproduced either.

**What was decided when.** Before any run: the fitted quantity, the equal-area diameter, the bands, the
convective law. One probe at four pairs of h and cryogen temperature and 2 to 4 probes at h = 1200 W/m2/K were
run before the fit, to see that the cases work; the fit did not use them. After the misses were seen: the
checks on the largest width and on implied ice sizes, the other assumptions in the table (fit B is one of
them, and its checks are no independent evidence), and how "nearly all" is counted.

UNVERIFIED: active length 35 mm; triangle and square; agar as water and ice; a block of 140 mm at 39 degC at
its faces.
"""


def littrup(data):
    one, four = data["probes"]["1"], data["probes"]["4"]
    fit_b, thin, theirs = data["sensitivity"][-1], data["thin_to_thick"], data["published_thin"]
    errors = [m["volume_error_percent"] for m in data["probes"].values()]
    return f"""## C1: lethal isotherms in agar, 1 to 4 probes

Littrup et al. 2009, J Vasc Interv Radiol 20:1343, doi 10.1016/j.jvir.2009.05.038 (PMC2762356, abstract):
agar at 39 degC, 2.4 mm probes 20 mm apart, 15 min; zone below -30 degC and its share of the area of the
ice.

**The law.** Convection to a cryogen at -145 degC (readings inside argon probes in agar settle at -140 to
-150 degC, Cryobiology 2025;120:105274, abstract). One number is fitted, to the diameter of one probe only:
h = {data['coefficient_fitted']:.0f} W/m2/K gives one probe {one['lethal']['diameter_mm']:.1f} mm. A Joule-Thomson probe is limited in power: its
surface is the warmer the more heat flows in. A coefficient has that, a prescribed surface temperature
has not (it predicts nearly the same, see below). The surface ends at {one['surface_degC']:.0f} degC with one probe and {four['surface_degC']:.0f} degC with four, and each probe takes up
{one['energy_per_probe_kJ']:.1f} and {four['energy_per_probe_kJ']:.1f} kJ. The four case files carry this one law; the test compares them.

**The sizes.** In the plane across the probes at the middle of their active length: area of both
isotherms, diameter of the circle of equal area. The abstract does not define its diameters, so the
largest width stands beside. "Implied" is the published diameter over the root of the published share.
Stated discretisation error of the volume below -30 degC: {min(errors):.1f} to {max(errors):.1f} %.

{littrup_main(data)}
Fit B: the same law fitted to the *ice* of one probe, {10 * 1.2 / math.sqrt(0.13):.1f} mm, that its published diameter and share
imply (h = {fit_b['fitted']:.0f} W/m2/K). It was tried after the first fit had been seen to miss; it is no prediction in
the sense of the first.

1.7 mm probes with the same h have {thin['area_percent']:.0f} % of the lethal area and {thin['diameter_percent']:.0f} % of the diameter of 2.4 mm ones,
mean of the four counts (published: {theirs['area_percent']:.0f} and {theirs['diameter_percent']:.0f} %).

{littrup_why(data)}"""


def change_rows(rows):
    return [[r["name"]] + [
        f"{v['diameter_mm'][0]:.1f} -> {v['diameter_mm'][1]:.1f} ({v['diameter_change_percent']:+.0f}), "
        f"length {v['length_change_percent']:+.0f}, volume {v['volume_change_percent']:+.0f}"
        for v in r["levels"].values()] for r in rows]


def double_freeze(data):
    head = ["", "0 degC: mm (change %), %, %", "-20 degC", "-40 degC"]
    levels = ("0", "-20", "-40")
    spread = {v: [r["levels"][v]["diameter_change_percent"] for r in data["conduction"]]
              for v in levels}
    ranges = ", ".join(f"{min(s):.0f} to {max(s):.0f} % ({v} degC)" for v, s in spread.items())
    mesh = ", ".join("{1:+.0f} and {2:+.0f} % ({0} degC)".format(v, *data["independent_percent"][v])
                     for v in levels)
    left = [r["levels"]["0"]["left_after_rest_percent"] for r in data["conduction"]]
    change = {v: data["conduction"][3]["levels"][v]["diameter_mm"] for v in levels}
    smallest, largest = (change[v][1] - change[v][0] for v in ("-40", "0"))
    return f"""## C10: freeze - thaw - freeze in gelatin

Open Biomed Eng J 2016;10:62, doi 10.2174/1874120701610010062 (abstract): four probes of two makers; 0, -20 and -40 degC isotherms
after 10 min of freezing, and after 10 min freeze, 5 min passive thaw, 10 min freeze: no statistically significant
difference of size in any case. Sizes and numbers of repeats are in tables we do not have. Ours: diameter of equal
area across the probes, length along them, volume, at the end of the first and of the second freeze.

{table(head, change_rows(data["conduction"]))}
**This is not reproduced.** In a gel that only conducts, the second freeze widens the diameters by
{ranges}, for every
law of the probe, spacing and start temperature tried. Of the volume
below 0 degC {min(left):.0f} to {max(left):.0f} % are still there after 5 min of rest, and the second freeze goes on from it. Two engines
agree: volume of one needle, axisymmetric on the mesh and in 3-D on the grid, {mesh}.

What would have to be different (one probe, surface at -93 degC):

{table(head, change_rows(data["other"]))}
- With a heat load in the unfrozen gel, as perfusion is in tissue (20 kW/m3/K is that of the case `cryo_ref`), the ice
  is near its final size after 10 min, and the second freeze changes little. Gelatin that melts in a warm bath and
  convects might be such a load: this is not tested, and whether theirs did is not in the abstract.
- A weaker second freeze (lower gas pressure) cannot explain it: it shrinks the -40 degC zone while the 0 degC one still
  grows.
- Not significant is not equal: with few repeats a change of the -40 degC diameter of one needle by
  {smallest:.1f} mm may well not be seen; one of the 0 degC diameter by {largest:.1f} mm should.

**What was decided when.** "No significant difference" is read as +-5 % after the first runs had shown changes of 9 to
26 %; the heat loads and the weaker freezes were tried to find what would remove the change, so that the check
at 20 kW/m3/K guards the program and does not support the experiment.

UNVERIFIED: everything but the protocol and the four probes: their diameters, lengths, temperatures, whether they froze
together, the temperature, size and strength of the gelatin.
"""


def magalov(data):
    rows = []
    for celsius, found in data["volumes_mL"].items():
        for separation, times in found.items():
            rows.append([f"{celsius} degC", separation] +
                        [" / ".join(f"{v:.2f}" for v in times[t]) for t in times])
    merged = "; ".join(f"surface {c} degC, {name}: {t:.0f} s"
                       for c, times in data["merged_s"].items() for name, t in times.items())
    return f"""## C5: placement of needles in gel

Magalov, Shitzer and Degani 2008, J Heat Transfer 130(3), doi 10.1115/1.2804943 (abstract): 1.47 mm needles on a mesh of 5 x 5 mm; of two
needles, the largest separation (10 mm) gives the largest isotherm volumes; of three, the -40 degC fronts of the
tightest two placements merge after 1 min. Ours, volumes below 0 / -20 / -40 degC in mL:

{table(["surface", "separation, mm", "60 s", "180 s", "600 s"], rows)}
The order at the end is theirs; at 60 s some of the colder volumes are largest at 7.07 mm. Fronts
of three needles merged: {merged} (published: after 1 min). UNVERIFIED: active length 15 mm, the surface temperature, gel as gelatin at 22 degC, which placements
are the tightest two.
"""


def icesphere(data):
    measured = data["measured_degC"]
    rows = []
    for t, theirs in measured.items():
        cells = [f"{theirs[k]:.1f} / {data['conduction']['ours_degC'][t][k]:.1f} / "
                 f"{data['with_load']['ours_degC'][t][k]:.1f}" for k in range(4)]
        rows.append([f"{t} s"] + cells)
    errors = [["mean error, K"] + [
        f"- / {data['conduction']['mean_error_K'][k]:.1f} / {data['with_load']['mean_error_K'][k]:.1f}"
        for k in range(4)]]
    arrival = "; ".join(
        f"{c}: {t:.0f} / {data['conduction']['arrival_s'][c]:.0f} / "
        f"{data['with_load']['arrival_s'][c]:.0f} s" for c, t in data["measured_arrival_s"].items())
    tried = [[what, f"{d['fitted']:.0f} {d['unit']}"] + [f"{e:.1f}" for e in d["mean_error_K"]] +
             [" / ".join(f"{f:.1f}" for f in d["front_mm"])]
             for what, d in (("prescribed surface, fall time 15 s", data["surface_slow"]),
                             ("prescribed surface, fall time 1.5 s", data["surface"]),
                             ("coefficient", data["conduction"]),
                             ("coefficient and heat load", data["with_load"]))]
    tried.append(["measured", "", "", "", "", "",
                  " / ".join(f"{f:.1f}" for f in data["measured_front_mm"])])
    laws = table(["law", "fitted", "mean error at 1.1 mm, K", "2 mm", "4 mm", "6 mm",
                  "front at 60 / 120 / 180 s, mm"], tried)
    return f"""## C17: IceSphere in phosphate-buffered saline

Sarshoghi, Cryoablation-Dosimetry (github.com/armansarshoghi/Cryoablation-Dosimetry, figure 1d data): 1.5 mm needle, 27 degC, 6 min; mean of
six thermocouple traces, standard errors 0.4 to 5 K. One number is fitted, h = {data['conduction']['fitted']:.0f} W/m2/K between the reading
of the thermocouple on the needle (-103 degC) and the liquid, to the innermost thermocouple. Measured / conduction only / with a
heat load of {data['with_load']['load_kW_per_m3_K']:.0f} kW/m3/K in the liquid (fitted at 4 mm, h = {data['with_load']['fitted']:.0f} W/m2/K):

{table(["", "1.1 mm from the needle, degC", "2 mm", "4 mm", "6 mm"], rows + errors)}
0 degC arrives (same order): {arrival}.

The laws that were tried, in this order, each fitted to the innermost thermocouple (the last also to that at
4 mm); both surfaces were also tried with a heat load, fitted worse and are not recorded:

{laws}
- With the coefficient, 1.1 and 2 mm are right to the few kelvin that published simulators reach in gel (Int J
  Hyperthermia 2020;37:1268: below 5 K); 4 and 6 mm are too cold and the front is too fast.
- The likely reason is that the liquid convects: the outer thermocouples swing by 1 to 3 K within 10 s (raw
  traces). A heat load fitted at 4 mm removes the error there, but makes 1.1 and 2 mm worse and 6 mm too warm
  late, so that it is a hint, not an explanation.
- The source fits -93 +- 15 degC with a one-dimensional model whose warm boundary lies 3 mm outside the last
  thermocouple; in our block a prescribed surface has to be warmer to fit.

**What was decided when.** The law was chosen after two prescribed surfaces had missed, by its error at the
thermocouple it is fitted to, on the same traces: the agreement there shows that such a law can describe
this needle, not that it predicts another. The fall time is read from the thermocouple on the needle. The
arrival times and their band were added when the front had missed; the source's front positions lie on a
straight line in time, unlike its traces, and both stay as checks.
"""


def checks(findings):
    met, short = [], []
    for name, data in findings.items():
        for c in data["checks"]:
            line = (f"{FIGURES[name]}, {c['what']}: {c['ours']:.3g} {c['unit']}, band "
                    f"{c['low']:.3g} to {c['high']:.3g}")
            (met if c["met"] else short).append(line)
    return (f"## Checks\n\n{len(met)} of {len(met) + len(short)} checks are met.\n\n"
            "### Known shortfalls\n\n" + "".join(f"- {s}\n" for s in short) +
            "\n### Met, and asserted by the slow tests\n\n" + "".join(f"- {s}\n" for s in met))


def page():
    findings = {name: json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
                for name in FIGURES}
    sections = {"littrup": littrup, "double_freeze": double_freeze, "magalov": magalov,
                "icesphere": icesphere}
    parts = [INTRO] + [sections[n](findings[n]) for n in sections] + [checks(findings)]
    return wrapped("\n".join(parts))


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE} is out of date: run scripts/validation_report.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
