"""Draws measurements as an SVG: panels with both axes logarithmic, a line for each program."""
import html
import math

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 420, 260, 56, 36, 34, 28
_COLOURS = ("#6b7280", "#1d6fb8", "#b4541a")


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten from one below `low` to one above `high`."""
    steps = [factor * 10.0 ** power for power in range(-3, 7) for factor in (1, 2, 5)]
    below = max(step for step in steps if step <= low)
    above = min(step for step in steps if step >= high)
    return [step for step in steps if below <= step <= above]


def _label(value: float) -> str:
    return f"{value:g}" if value < 10000 else f"{value:,.0f}"


def _panel(title: str, lines: dict[str, list[tuple[float, float]]], left: float, top: float) -> str:
    xs = _ticks(min(x for line in lines.values() for x, _ in line), max(x for line in lines.values() for x, _ in line))
    ys = _ticks(min(y for line in lines.values() for _, y in line), max(y for line in lines.values() for _, y in line))
    if len(ys) == 1:
        ys.append(ys[0] * 2)

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log(x) - math.log(xs[0])) / (math.log(xs[-1]) - math.log(xs[0]))
        up = (math.log(y) - math.log(ys[0])) / (math.log(ys[-1]) - math.log(ys[0]))
        return left + _LEFT + across * (_WIDTH - _LEFT - _RIGHT), top + _HEIGHT - _BOTTOM - up * (_HEIGHT - _BOTTOM - _TOP)

    out = [f'<text x="{left + _LEFT}" y="{top + 18}" class="title">{html.escape(title)}</text>']
    for x in xs:
        (px, bottom), (_, ceiling) = at(x, ys[0]), at(x, ys[-1])
        out.append(f'<path class="grid" d="M{px:.1f} {bottom:.1f}V{ceiling:.1f}"/><text x="{px:.1f}" y="{bottom + 16:.1f}" text-anchor="middle">{_label(x)}</text>')
    for y in ys:
        (start, py), (end, _) = at(xs[0], y), at(xs[-1], y)
        out.append(f'<path class="grid" d="M{start:.1f} {py:.1f}H{end:.1f}"/><text x="{start - 6:.1f}" y="{py + 4:.1f}" text-anchor="end">{_label(y)}</text>')
    for colour, (name, line) in zip(_COLOURS, lines.items()):
        places = [at(x, y) for x, y in line]
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{html.escape(name)}: {_label(value)}</title></circle>'
                for (x, y), (_, value) in zip(places, line)]
    return "\n".join(out)


def draw(panels: list[tuple[str, dict[str, list[tuple[float, float]]]]]) -> str:
    """Two panels a row. @param panels title, and by name the points of each line; all above zero."""
    rows = (len(panels) + 1) // 2
    names = list(panels[0][1])
    legend = "".join(f'<circle cx="{_LEFT + 150 * i}" cy="14" r="4" fill="{colour}"/><text x="{_LEFT + 10 + 150 * i}" y="18">{html.escape(name)}</text>'
                     for i, (name, colour) in enumerate(zip(names, _COLOURS)))
    body = "\n".join(_panel(title, lines, (i % 2) * _WIDTH, 24 + (i // 2) * _HEIGHT) for i, (title, lines) in enumerate(panels))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {24 + rows * _HEIGHT}" width="{2 * _WIDTH}" height="{24 + rows * _HEIGHT}">\n'
            "<style>text{font:12px sans-serif;fill:#374151}.title{font-weight:bold}.grid{stroke:#e5e7eb;fill:none}</style>\n"
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n{legend}\n{body}\n</svg>\n')
