#!/usr/bin/env pvpython
"""Draws the ice ball, the lethal zone, probes, regions and thermocouples of a run.

Implements: translucent isotherm surfaces at one field time, the surface of what was ever colder
than the coldest isotherm (t_min_degC), probes as cylinders, regions of the case or of its anatomy
as thin outlines, thermocouples as labelled spheres, legend with volumes, time and a scale bar, as
a PNG. Axisymmetric results are swept about their axis over half a turn, behind them the map of
temperature in the cut.

ParaView's Python is used for the VTK in it. Debian's cannot draw without a display; when there is
none, a virtual one (Xvfb) is lent.

Usage: pvpython scripts/render.py RUN_DIR [-o PICTURE.png] [options], see --help.
Exit status 1 when the results cannot be read, 2 when an option is wrong.
"""
import argparse
import os
import sys
import time as clocks
from pathlib import Path

try:
    import render_scene
    from render_data import BadArgument, Results
    from render_regions import box_of, draw_regions, pick
    from render_text import (Camera, along, degrees, draw_axes, draw_scale, rows_between,
                             write_keys, write_labels)
    from render_view import FAINT, View
except ImportError as missing:
    sys.exit(f"render.py: {sys.executable}: {missing} (Debian: paraview, python3-h5py)")
from run_files import clock
from virtual_display import display

TIMES = """field time to draw: seconds, 'last', 'max-ice' (the warmest cold isotherm encloses
most) or 'last-freeze' (default): the last field time within the last freeze of the protocol, its
end if fields were written then"""
LETHAL = """what the coldest cold isotherm shows: 'ever' (default), all tissue that reached it at
some time of the run, from t_min_degC; or 'now', as the others"""


REGIONS = """names of the regions to show; default: those near ice, lesion and probes, targets
(lesion, cord, roots, dura) first, then the largest, as many as there is room for"""
LEGEND_TOP, LEGEND_BOTTOM = 0.845, 0.20
PATIENCE = 4  # seconds until progress is told


def progress(stage, start=clocks.monotonic()):
    """Tells on stderr what is going on, of a picture that takes long."""
    passed = clocks.monotonic() - start
    if passed > PATIENCE:
        print(f"render.py: {passed:.0f} s: {stage}", file=sys.stderr, flush=True)


def volume_text(row):
    """'44.4 mL ± 0.4, 43 × 33 × 52 mm' of an isotherm of the summary."""
    if row is None or row["volume_mL"] is None:
        return ""
    error = row.get("discretisation_error_mL")
    digits = 2 if error and error < 0.1 else 1
    text = f"{row['volume_mL']:.{digits}f} mL"
    if error is not None:
        text += f" ± {error:.{digits}f}"
    if row["volume_mL"] > 0:
        text += ", " + " × ".join(f"{x:.0f}" for x in row["extent_mm"]) + " mm"
    return text


def time_text(results, time):
    text = f"t = {clock(time)} min"
    if not results.freezes:
        return text
    end = max(e for _, e in results.freezes)
    if abs(time - end) < 0.5:
        return text + ", end of the last freeze"
    return text + f" (the last freeze ends at {clock(end)})"


def legend(results, time, shells, options):
    """(colour, text) of everything in the picture; colour None is a remark."""
    keys = []
    for shell in shells:
        if shell.ever:
            keys.append((shell.colour, f"reached {degrees(shell.level)} at some time: "
                                       f"{results.volume_ever(shell.level):.1f} mL"))
            continue
        word = "below" if shell.cold else "above"
        keys.append((shell.colour, f"{word} {degrees(shell.level)} now"))
        volume = volume_text(results.row(shell.level, time))
        if volume:
            keys[-1] = (shell.colour, f"{word} {degrees(shell.level)}: {volume}")
    if results.summary.get("probes"):
        keys.append((render_scene.ACTIVE, "active length of a probe"))
    if options.thermocouples and results.summary.get("thermocouples"):
        keys.append((render_scene.SENSOR, "thermocouple, temperature now"))
    if options.outline == "domain":
        keys.append((FAINT, "outline of the domain"))
    return keys


def legend_bottom(results):
    """The colour bar of an axisymmetric result stands below the legend."""
    return render_scene.BAR[1] + 0.06 if results.axisymmetric else LEGEND_BOTTOM


def labels_of(results, time, options):
    """(text, point) of what is named beside the picture."""
    if not options.thermocouples:
        return []
    return [(name if value is None else f"{name}  {degrees(value, 1)}", position)
            for name, position, value in results.readings(time)]


def chosen_levels(results, options):
    if options.isotherms:
        return [(float(x), True) for x in options.isotherms.split(",")]
    return results.levels()


def draw(results, options):
    view = View(options.size)
    levels = options.isotherms or results.levels()
    time = results.pick_time(options.time, levels)
    if options.elevation is None:
        options.elevation = 8 if results.axisymmetric else 18
    progress("isotherms")
    shells = render_scene.make_shells(results, time, levels, options.lethal)
    centre, radius, ice = render_scene.extent_of(results, shells, options.outline == "domain")
    keys, bottom = legend(results, time, shells, options), legend_bottom(results)
    regions, remarks, box = [], [], None
    if options.show_regions:
        progress("regions")
        box = box_of(results, *ice)
        room = rows_between(LEGEND_TOP, bottom) - len(keys) - 1
        regions, remarks = pick(results, box, options.regions, room)
    camera = aim(view, centre, 1.15 * radius / options.zoom, options, results)
    if results.axisymmetric:
        render_scene.draw_map(results, camera, time)
    render_scene.draw_shells(results, view, shells)
    draw_regions(results, view, regions, box)
    render_scene.draw_probes(results, camera)
    if options.thermocouples:
        render_scene.draw_sensors(results, view, time, 0.016 * radius)
    if options.outline == "domain":
        render_scene.draw_outline(results, view)
    labels = labels_of(results, time, options)
    view.say(results.summary.get("title") or results.directory.name, [0.03, 0.94], 26, bold=1)
    view.say(time_text(results, time), [0.03, 0.90], 21)
    keys += [(region.colour, region.name) for region in regions]
    absent = len(results.regions()) - len(regions)
    if regions and absent:
        keys.append((None, f"{absent} more region{'s' * (absent > 1)} not shown"))
    write_keys(camera, keys, LEGEND_TOP, bottom)
    write_labels(camera, labels, 0.80)
    draw_axes(camera)
    draw_scale(camera)
    progress("drawing")
    view.save(options.output)
    print(f"{options.output}: t = {time:g} s, {len(shells)} isotherms, "
          f"{len(regions)} regions, {len(labels)} labels")
    print("".join(f"{remark}\n" for remark in remarks), end="")


def aim(view, centre, half, options, results):
    """The legend has the left of the picture, the labels its right, the scene what is between."""
    camera = Camera(view, centre, half, options.azimuth, options.elevation)
    right = 0.10 if options.thermocouples and results.summary.get("thermocouples") else 0.22
    centre = along(centre, camera.right, -right * half * camera.aspect)
    camera = Camera(view, centre, half, options.azimuth, options.elevation)
    camera.apply()
    return camera


def size_of(text):
    """'1600x1100' -> (1600, 1100)."""
    width, height = (int(n) for n in text.split("x"))
    if min(width, height) < 1:
        raise ValueError
    return width, height


def levels_of(text):
    """'0,-20' -> cold isotherms."""
    return [(float(x), True) for x in text.split(",")]


def names_of(text):
    return [name.strip() for name in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run_dir", help="directory of a run")
    parser.add_argument("-o", "--output", help="PNG; default RUN_DIR/picture.png")
    parser.add_argument("--time", default="last-freeze", help=TIMES)
    parser.add_argument("--isotherms", metavar="DEGC,DEGC,...", type=levels_of,
                        help="the outermost first; default: those of the summary")
    parser.add_argument("--lethal", choices=("ever", "now"), default="ever", help=LETHAL)
    parser.add_argument("--regions", metavar="NAME,NAME,...", type=names_of, help=REGIONS)
    parser.add_argument("--no-regions", dest="show_regions", action="store_false",
                        help="leave out all regions")
    parser.add_argument("--no-thermocouples", dest="thermocouples", action="store_false",
                        help="leave out thermocouples and their labels")
    parser.add_argument("--outline", choices=("domain", "none"), default="none",
                        help="box of the domain; default none")
    parser.add_argument("--size", default="1600x1100", type=size_of, metavar="WxH",
                        help="pixels, default %(default)s")
    parser.add_argument("--azimuth", type=float, default=25,
                        help="of the camera, degrees about z from -y; default %(default)s")
    parser.add_argument("--elevation", type=float,
                        help="degrees above the x-y plane; default 18, axisymmetric 8")
    parser.add_argument("--zoom", type=float, default=1, help="factor, default 1")
    options = parser.parse_args()
    options.output = options.output or str(Path(options.run_dir) / "picture.png")
    return options


def main():
    options = parse_arguments()
    try:
        with display():
            draw(Results(options.run_dir), options)
    except BadArgument as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Without the orderly end: taking down the GL context on a virtual display raises an X error.
    os._exit(status)
