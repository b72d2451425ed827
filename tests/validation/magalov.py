"""C5: placement of two and three needles in gel.

Implements: Magalov, Shitzer and Degani 2008, J Heat Transfer 130(3), doi 10.1115/1.2804943
(abstract): of the placements of two needles on a mesh of 5 x 5 mm the largest separation (10 mm) gives
the largest volumes of the isotherms; in the two tightest placements of three needles the -40 degC
fronts merge after 1 min.
"""
from harness import Findings

LEVELS = (0.0, -20.0, -40.0)
TIMES = (60.0, 180.0, 600.0)
SEPARATIONS = {"5": (2.5, 0.0), "7.07": (2.5, 2.5), "10": (5.0, 0.0)}  # mm: half of the distance
TIGHT = {"corner, 5 x 5 mm": ("0 5", "0 2.5 0 mm"), "row, 5 mm apart": ("10 0", "7.5 0 0 mm")}
FINE = {"numerics.cell_size": "0.8 mm", "numerics.error_estimate": "false"}
LAW = "{surface_temperature: {end_temperature: %s degC, fall: exponential, fall_time: 15 s, " \
      "off_temperature: 37 degC}}"
SURFACES = ("-140", "-93")  # degC: tip reading of argon probes; fitted beside an IceSphere


def surface(celsius, probes):
    sets = {f"probes.{p}.device": "needle" for p in probes}
    sets["devices"] = "{needle: {from: cryoprobe_1.47mm, law: " + LAW % celsius + "}}"
    return sets


def volumes(program, celsius):
    """Separation -> time -> volumes of the isotherms, mL."""
    found = {}
    for name, (x, y) in SEPARATIONS.items():
        run = program.run("magalov_2_needles", sets={
            **FINE, **surface(celsius, "ab"),
            "probes.a.tip": f"{-x} {-y} -7.5 mm", "probes.b.tip": f"{x} {y} -7.5 mm"})
        found[name] = {f"{t:g}": [run.isotherm(level, t)["volume_mL"] for level in LEVELS]
                       for t in TIMES}
    return found


def merge_time(program, celsius, place, middle):
    """Time at which both points between neighbours have fallen below -40 degC, s."""
    run = program.run("magalov_3_needles", sets={
        **FINE, "numerics.cell_size": "0.6 mm", **surface(celsius, "abc"),
        "probes.c.tip": f"{place} -7.5 mm", "thermocouples.between_a_and_c": middle})
    traces = run.traces()
    columns = [traces["between_a_and_b_degC"], traces["between_a_and_c_degC"]]
    return next((t for t, *v in zip(traces["time_s"], *columns) if max(v) < -40), 1e9)


def judge(findings, data):
    for celsius, found in data["volumes_mL"].items():
        for i, level in enumerate(LEVELS):
            widest, *closer = (found[s]["600"][i] for s in ("10", "5", "7.07"))
            findings.check(f"surface {celsius} degC: volume of the {level:g} degC isotherm at 10 mm "
                           "against the largest of the closer ones", widest / max(closer), 1.0, 2.0,
                           "1")
        for name, time in data["merged_s"][celsius].items():
            findings.check(f"surface {celsius} degC, {name}: -40 degC fronts merged", time, 0.0, 60.0,
                           "s")


def investigate(program):
    findings = Findings("magalov")
    data = findings.data
    data["volumes_mL"] = {c: volumes(program, c) for c in SURFACES}
    data["merged_s"] = {c: {name: merge_time(program, c, *p) for name, p in TIGHT.items()}
                        for c in SURFACES}
    judge(findings, data)
    return findings
