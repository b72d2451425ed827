"""Where the labels beside a picture stand.

Implements: heights of a column of labels that do not overlap, and an order of them in which the
lines to their points do not cross.
"""


def spread(wanted, gap):
    """Places at least `gap` apart, in descending order like `wanted`, each crowd about its mean."""
    crowds = []  # [sum of the wanted places, how many]
    for y in wanted:
        crowds.append([y, 1])
        while len(crowds) > 1:
            (upper, n), (lower, m) = crowds[-2:]
            if upper / n - lower / m >= 0.5 * gap * (n + m):
                break
            crowds[-2:] = [[upper + lower, n + m]]
    return [total / n + (0.5 * (n - 1) - i) * gap for total, n in crowds for i in range(n)]


def crosses(a, b, c, d):
    """Whether the segments a-b and c-d cross."""
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def untangle(points, x, heights):
    """Order of the points against the heights of a column at x so that no two lines cross: each
    exchange makes the lines shorter, so that it ends."""
    order = list(range(len(points)))
    changed = True
    while changed:
        changed = False
        for i in range(len(order)):
            for j in range(i):
                if crosses(points[order[i]], [x, heights[i]], points[order[j]], [x, heights[j]]):
                    order[i], order[j], changed = order[j], order[i], True
    return order
