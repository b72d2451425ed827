"""C10: freeze - thaw - freeze against a single freeze in gelatin.

Implements: Open Biomed Eng J 2016;10:62, doi 10.2174/1874120701610010062. The 0, -20 and -40 degC
isotherms after 10 min of freezing and at the end of 10 min freeze, 5 min passive thaw, 10 min freeze,
as diameters of circles of equal area in the plane across the probes and as volumes, for several probe
laws, layouts and start temperatures; then with a heat load in the gel, and with a weaker second freeze.
"""
import measures
from harness import QUICK, ROOT, Findings

LEVELS = (0.0, -20.0, -40.0)
SINGLE, REST, DOUBLE = 600.0, 900.0, 1500.0  # s: end of first freeze, rest, second freeze
FEW_PERCENT = 5.0  # "no significant difference" read as a change of the diameter within this

LAW = "devices.needle.law"
END = LAW + ".surface_temperature.end_temperature"
EFFECTIVE = {END: "-93 degC"}  # fitted to thermocouples beside an IceSphere, see icesphere.py
FITTED_TO_AGAR = {  # the law of littrup.py
    "devices.needle.diameter": "2.4 mm", "devices.needle.active_length": "35 mm",
    LAW: "{convective: {cryogen_temperature: -145 degC, coefficient: 1124 W/m2/K, fall: exponential, "
         "fall_time: 15 s, thaw_coefficient: 1124 W/m2/K, off_temperature: 37 degC}}"}


def start_at(celsius):
    return {"domain.initial_temperature": f"{celsius} degC",
            "domain.faces.all.fixed": f"{celsius} degC"}


def square(side):
    """The four probes on a square of this side, mm."""
    half = side / 2
    corners = zip("abcd", ((-half, -half), (half, -half), (half, half), (-half, half)))
    return {f"probes.{p}.tip": f"{x} {y} -15 mm" for p, (x, y) in corners}


def load(kilowatt):
    """Exchange with 37 degC in unfrozen gel, kW/m3/K."""
    return {"materials.gel.perfusion": f"{kilowatt} kW/m3/K",
            "materials.gel.arterial_temperature": "37 degC"}


def conduction_variants():
    """Name -> (case, overrides): the gel only conducts."""
    one, four = "gelatin_1_probe", "gelatin_4_probes"
    return {
        "1 probe, tip at -140 degC, gel 22 degC": (one, {}),
        "1 probe, surface at -93 degC, gel 22 degC": (one, EFFECTIVE),
        "1 probe, tip at -140 degC, gel 37 degC": (one, start_at(37)),
        "1 probe, surface at -93 degC, gel 37 degC": (one, {**EFFECTIVE, **start_at(37)}),
        "1 probe, law fitted to agar, gel 37 degC": (one, {**FITTED_TO_AGAR, **start_at(37)}),
        "4 probes 10 mm apart, tip at -140 degC, gel 22 degC": (four, square(10)),
        "4 probes 15 mm apart, tip at -140 degC, gel 22 degC": (four, square(15)),
        "4 probes 20 mm apart, tip at -140 degC, gel 22 degC": (four, square(20)),
        "4 probes 15 mm apart, surface at -93 degC, gel 22 degC": (four, {**square(15),
                                                                          **EFFECTIVE}),
        "4 probes 15 mm apart, tip at -140 degC, gel 37 degC": (four, {**square(15),
                                                                       **start_at(37)}),
    }


def other_variants():
    """Name -> (case, overrides): what would have to be different."""
    case, found = "gelatin_1_probe", {}
    for kilowatt in (5, 20, 60):
        found[f"heat load {kilowatt} kW/m3/K"] = (case, {**EFFECTIVE, **start_at(37),
                                                         **load(kilowatt)})
    for power in (90, 80):
        found[f"second freeze at {power} % power"] = (
            case, {**EFFECTIVE, "protocol.0.steps.2.power": f"{power} %"})
    return found


def change(run):
    """Level -> sizes after both freezes and their change in %."""
    found = {}
    planes = {t: run.plane(t) for t in (SINGLE, DOUBLE)}
    for level in LEVELS:
        d = [measures.equivalent_diameter(measures.area_below(planes[t], level)) for t in planes]
        v = [run.isotherm(level, t)["volume_mL"] for t in planes]
        length = [run.isotherm(level, t)["extent_along_axis_mm"] for t in planes]
        found[f"{level:g}"] = {
            "diameter_mm": d, "volume_mL": v, "length_mm": length,
            "left_after_rest_percent": 100 * run.isotherm(level, REST)["volume_mL"] / v[0],
            "diameter_change_percent": 100 * (d[1] / d[0] - 1),
            "length_change_percent": 100 * (length[1] / length[0] - 1),
            "volume_change_percent": 100 * (v[1] / v[0] - 1)}
    return found


def rows(program, variants):
    return [{"name": name, "levels": change(program.run(case, sets={**QUICK, **sets}))}
            for name, (case, sets) in variants.items()]


def independent(program):
    """The shipped axisymmetric case on the mesh engine against the same needle on the grid."""
    mesh = program.run(ROOT / "cases/gel_axisymmetric/case.yaml", name="mesh",
                       sets={"accuracy": "4 %", "numerics.error_estimate": "false"})
    grid = program.run("gelatin_1_probe", name="grid", sets={
        **QUICK, **EFFECTIVE, "devices.needle.active_length": "22 mm", "probes.a.tip": "0 0 -11 mm"})
    found = {"engines": [mesh.summary["engine"], grid.summary["engine"]]}
    for level in LEVELS:
        pair = [[r.isotherm(level, t)["volume_mL"] for t in (SINGLE, DOUBLE)] for r in (mesh, grid)]
        found[f"{level:g}"] = [100 * (v[1] / v[0] - 1) for v in pair]
    return found


def judge(findings, data):
    for level in LEVELS:
        for who, of in (("1 probe", "1 probe,"), ("4 probes", "4 probes ")):
            changes = [r["levels"][f"{level:g}"]["diameter_change_percent"]
                       for r in data["conduction"] if r["name"].startswith(of)]
            findings.near(f"{who}, gel conducts only: largest change of the {level:g} degC diameter",
                          max(changes, key=abs), 0.0, FEW_PERCENT, "%")
        loaded = data["other"][1]
        findings.near(f"{loaded['name']}: change of the {level:g} degC diameter",
                      loaded["levels"][f"{level:g}"]["diameter_change_percent"], 0.0, FEW_PERCENT,
                      "%")
        mesh, grid = data["independent_percent"][f"{level:g}"]
        findings.near(f"mesh against grid: change of the {level:g} degC volume", grid - mesh, 0.0, 4.0,
                      "points")


def investigate(program):
    findings = Findings("double_freeze")
    findings.data["few_percent"] = FEW_PERCENT
    findings.data["conduction"] = rows(program, conduction_variants())
    findings.data["other"] = rows(program, other_variants())
    findings.data["independent_percent"] = independent(program)
    judge(findings, findings.data)
    return findings
