"""Which regions of a run a picture shows.

Implements: the choice of render.py among the regions of a case or an anatomy: those asked for by
name; else those near what is treated, the targets first, then by size, as many as there is room.
"""
import re

# What a treatment aims at or must spare is never left out for want of room as long as others are.
TARGETS = re.compile(r"(^|[^a-z])(lesion|tumou?r|metasta|cord|cauda|nerve|root|dura)")
LESIONS = re.compile(r"(^|[^a-z])(lesion|tumou?r|metasta)")


def is_lesion(name):
    return bool(LESIONS.search(name.lower()))


def named(names, wanted):
    """Ids of the regions called by name; ValueError with all names for one that is unknown."""
    ids = {name: i for i, name in names.items()}
    unknown = [name for name in wanted if name not in ids]
    if unknown:
        known = ", ".join(names[i] for i in sorted(names)) or "none"
        raise ValueError(f"--regions: found '{unknown[0]}', the regions of this run are: {known}")
    return [ids[name] for name in dict.fromkeys(wanted)]


def choose(names, nodes, near, room, own=()):
    """Ids of the regions to show, the most important first. `nodes` and `near` are their nodes in
    all and near what is treated, `own` the names that the case itself gave to shapes."""
    def rank(i):
        name = names[i]
        return (not is_lesion(name), not TARGETS.search(name.lower()), name not in own, -near[i], i)
    return sorted((i for i in names if nodes.get(i) and near.get(i)), key=rank)[:room]


def left_out(names, nodes, near, shown):
    """Sentences about the regions that are not shown, by reason."""
    reasons = {"no room": [], "far from ice, lesion and probes": [],
               "without a node of the mesh": []}
    for i in sorted(set(names) - set(shown)):
        reason = ("without a node of the mesh" if not nodes.get(i) else
                  "no room" if near.get(i) else "far from ice, lesion and probes")
        reasons[reason].append(names[i])
    return [f"regions left out ({reason}): {', '.join(found)}"
            for reason, found in reasons.items() if found]
