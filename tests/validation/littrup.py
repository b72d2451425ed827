"""C1: lethal isotherms in agar with 1 to 4 probes, one probe law fitted to one probe.

Implements: Littrup et al. 2009, J Vasc Interv Radiol 20:1343, doi 10.1016/j.jvir.2009.05.038. The
heat-transfer coefficient of a convective probe law is fitted to the 12 mm of one 2.4 mm probe; 2, 3
and 4 probes, 1.7 mm probes and colder agar are predictions. Sizes are taken in the plane across the
probes at the middle of the active length: diameter = that of the circle of equal area; the largest
width stands beside it, because the abstract does not define the diameter.
"""
import math

import measures
import yaml
from harness import CASES, QUICK, Findings, secant

# Abstract of the paper: 39 degC, 2.4 mm probes, 15 min. Number of probes -> (diameter of the zone
# below -30 degC in mm, its share of the area of the ice in %).
PUBLISHED = {1: (12.0, 13.0), 2: (33.0, 46.0), 3: (41.0, 51.0), 4: (49.0, 56.0)}
PUBLISHED_THIN = {"area_percent": 71.0, "diameter_percent": 84.0}  # 1.7 mm against 2.4 mm probes
BAND_DIAMETER, BAND_SHARE = 0.15, 10.0  # of the value; points

TIME, ICE, LETHAL = 900.0, 0.0, -30.0
DEVICE = "devices.argon_probe."
COEFFICIENT = DEVICE + "law.convective.coefficient"
CRYOGEN = DEVICE + "law.convective.cryogen_temperature"
CORNERS = {1: [(0, 0)], 2: [(-10, 0), (10, 0)],
           3: [(-10, -5.7735), (10, -5.7735), (0, 11.547)],
           4: [(-10, -10), (10, -10), (10, 10), (-10, 10)]}
RHOMBUS = [(-17.3205, 0), (0, -10), (17.3205, 0), (0, 10)]


def case_name(n):
    return "littrup_1_probe" if n == 1 else f"littrup_{n}_probes"


def one_law_for_all():
    """The coefficient of the case files; ValueError when they differ in more than the probes."""
    cases = [yaml.safe_load((CASES / f"{case_name(n)}.yaml").read_text()) for n in PUBLISHED]
    for case in cases:
        for key in ("domain", "tissue", "materials", "devices", "protocol", "accuracy"):
            if case[key] != cases[0][key]:
                raise ValueError(f"the case files differ in {key}")
    law = cases[0]["devices"]["argon_probe"]["law"]["convective"]
    return float(law["coefficient"].split()[0])


def tips(n, active_length, corners=None):
    """Overrides that centre the active length of n probes on z = 0."""
    places = zip("abcd", corners or CORNERS[n])
    return {f"probes.{p}.tip": f"{x} {y} {-active_length / 2} mm" for p, (x, y) in places}


def measure(run):
    """Sizes across the probes, and what the probes did."""
    section = measures.section(run.plane(TIME), ICE, LETHAL)
    section["energy_per_probe_kJ"] = run.energy_per_probe_kj()
    section["surface_degC"] = min(p["min_surface_temperature_degC"] for p in run.summary["probes"])
    lethal = run.isotherm(LETHAL, TIME)
    if lethal["discretisation_error_mL"] is not None:
        section["volume_error_percent"] = (
            100 * lethal["discretisation_error_mL"] / lethal["volume_mL"])
    return section


def fit(program, sets, key, unit, guesses, target=PUBLISHED[1][0], of="lethal"):
    """The value of `key` that gives one probe the diameter `target`."""
    def diameter(value):
        run = program.run(case_name(1), sets={**QUICK, **sets, key: f"{value} {unit}"})
        return measure(run)[of]["diameter_mm"]
    return secant(diameter, target, *guesses, tolerance=0.04)


def variants():
    """Name -> (overrides, active length, fitted key, unit, guesses, fitted size, corners of 4)."""
    lethal, ice = ("lethal", PUBLISHED[1][0]), ("ice", 10 * 1.2 / math.sqrt(0.13))
    h = (COEFFICIENT, "W/m2/K")
    surface = DEVICE + "law"
    bound = ("{surface_temperature: {end_temperature: -70 degC, fall: exponential, "
             "fall_time: 15 s, off_temperature: 39 degC}}")
    end = DEVICE + "law.surface_temperature.end_temperature"
    agar = "materials.agar."
    return {
        "as shipped": ({}, 35, *h, (1000, 1200), lethal, None),
        "active length 25 mm": ({DEVICE + "active_length": "25 mm"}, 25, *h, (1200, 1400), lethal,
                                None),
        "active length 45 mm": ({DEVICE + "active_length": "45 mm"}, 45, *h, (1000, 1200), lethal,
                                None),
        "cryogen at -186 degC": ({CRYOGEN: "-186 degC"}, 35, *h, (650, 750), lethal, None),
        "cryogen at -120 degC": ({CRYOGEN: "-120 degC"}, 35, *h, (1700, 1900), lethal, None),
        "surface temperature instead of h": ({surface: bound}, 35, end, "degC", (-65, -75), lethal,
                                             None),
        "frozen conductivity +20 %": ({agar + "frozen_conductivity": "2.664 W/m/K"}, 35, *h,
                                      (1100, 1300), lethal, None),
        "latent heat -20 %": ({agar + "freezing": "{linear: {solidus: -1 degC, liquidus: 0 degC, "
                               "latent_heat: 262 kJ/kg}}"}, 35, *h, (900, 1100), lethal, None),
        "four probes on a rhombus": ({}, 35, *h, (1000, 1200), lethal, RHOMBUS),
        "one probe 13.5 mm instead of 12": ({}, 35, *h, (1250, 1450), ("lethal", 13.5), None),
        "fitted to the ice of one probe": ({}, 35, *h, (1700, 2100), ice, None),
    }


def sensitivity(program):
    """Fit and prediction under other assumptions: what the misses can and cannot come from."""
    rows = []
    for name, (sets, length, key, unit, guesses, (of, target), corners) in variants().items():
        value = fit(program, {**sets, **tips(1, length)}, key, unit, guesses, target, of)
        row = {"name": name, "fitted": value, "unit": unit, "fitted_to": f"{of} {target:.1f} mm",
               "probes": {}}
        for n in PUBLISHED:
            place = tips(n, length, corners if n == 4 else None)
            run = program.run(case_name(n), sets={**QUICK, **sets, **place, key: f"{value} {unit}"})
            row["probes"][str(n)] = measure(run)
        rows.append(row)
    return rows


def table(program, sets=None, name=None):
    """Sections of 1 to 4 probes; as shipped, or coarser with overrides."""
    found = {}
    for n in PUBLISHED:
        run = program.run(case_name(n), name=f"{name}_{n}" if name else "scratch",
                          sets=sets if sets is not None else {})
        found[str(n)] = measure(run)
    return found


def half_gap(section):
    """Distance between the circles of equal area of both isotherms, mm."""
    return (section["ice"]["diameter_mm"] - section["lethal"]["diameter_mm"]) / 2


def judge_other_fit(findings, row):
    """The same bands for the law that is fitted to the ice of one probe instead."""
    for n in (2, 3, 4):
        diameter, share = PUBLISHED[n]
        m = row["probes"][str(n)]
        findings.near(f"{n} probes, law fitted to the ice of one: diameter below -30 degC, of equal "
                      "area", m["lethal"]["diameter_mm"], diameter, BAND_DIAMETER * diameter, "mm")
        findings.near(f"{n} probes, law fitted to the ice of one: share of the area",
                      m["share_percent"], share, BAND_SHARE, "%")


def judge(findings, data):
    """The bands, set before the runs: +-15 % on diameters, +-10 points on shares."""
    check, main = findings.near, data["probes"]
    for n, (diameter, share) in PUBLISHED.items():
        m, band = main[str(n)], BAND_DIAMETER * diameter
        who = "1 probe" if n == 1 else f"{n} probes"
        if n == 1:
            check(f"{who}: diameter below -30 degC (fitted)", m["lethal"]["diameter_mm"], diameter,
                  0.02 * diameter, "mm")
        else:
            check(f"{who}: diameter below -30 degC, of equal area", m["lethal"]["diameter_mm"],
                  diameter, band, "mm")
            check(f"{who}: diameter below -30 degC, largest width",
                  m["lethal"]["largest_width_mm"], diameter, band, "mm")
        check(f"{who}: share of the area", m["share_percent"], share, BAND_SHARE, "%")
        ice = diameter / math.sqrt(share / 100)
        check(f"{who}: diameter of the ice, of equal area (implied)", m["ice"]["diameter_mm"], ice,
              BAND_DIAMETER * ice, "mm")
    thin, published = data["thin_to_thick"], PUBLISHED_THIN
    check("1.7 mm against 2.4 mm: diameter", thin["diameter_percent"],
          published["diameter_percent"], 10.0, "%")
    check("1.7 mm against 2.4 mm: area", thin["area_percent"], published["area_percent"], 10.0, "%")
    gaps = [half_gap(m) for m in main.values()]
    findings.check("probe counts at 39 degC with -30 degC less than 10 mm behind the edge, of 4",
                   float(sum(g < 10 for g in gaps)), 4, 4, "counts")
    colder = data["colder"]
    ordered = sum(colder["6 degC"][n]["share_percent"] > colder["24 degC"][n]["share_percent"] >
                  main[n]["share_percent"] for n in main)
    findings.check("probe counts whose share falls from 6 over 24 to 39 degC (one reading of the "
                   "abstract), of 4", float(ordered), 4, 4, "counts")
    for sections in colder.values():
        gaps += [half_gap(m) for m in sections.values()]
    findings.check("the same at 39, 24 and 6 degC, of 12 (nearly all: 10)",
                   float(sum(g < 10 for g in gaps)), 10, 12, "counts")
    findings.check("coefficient of the case files against the fit",
                   data["coefficient_of_cases"] / data["coefficient_fitted"], 0.98, 1.02, "1")


def thin_to_thick(thin, thick):
    """Mean over the probe counts of lethal area and diameter of 1.7 mm against 2.4 mm probes."""
    area = [thin[n]["lethal"]["area_mm2"] / thick[n]["lethal"]["area_mm2"] for n in thick]
    diameter = [math.sqrt(a) for a in area]
    return {"area_percent": 100 * sum(area) / len(area),
            "diameter_percent": 100 * sum(diameter) / len(diameter),
            "per_count_area_percent": [100 * a for a in area]}


def investigate(program):
    findings = Findings("littrup")
    data = findings.data
    data["coefficient_of_cases"] = one_law_for_all()
    data["coefficient_fitted"] = fit(program, {}, COEFFICIENT, "W/m2/K", (1000, 1200))
    data["published"] = {str(n): list(v) for n, v in PUBLISHED.items()}
    data["published_thin"] = PUBLISHED_THIN
    data["probes"] = table(program, name="littrup")
    coarse = table(program, QUICK)
    thin = table(program, {**QUICK, DEVICE + "diameter": "1.7 mm"})
    data["thin_to_thick"] = thin_to_thick(thin, coarse)
    data["colder"] = {}
    for temperature in (24, 6):
        data["colder"][f"{temperature} degC"] = table(program, {
            **QUICK, "domain.initial_temperature": f"{temperature} degC",
            "domain.faces.all.fixed": f"{temperature} degC"})
    data["sensitivity"] = sensitivity(program)
    judge(findings, data)
    judge_other_fit(findings, data["sensitivity"][-1])
    return findings
