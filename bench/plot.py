"""Draws the cost of one view against the number of views, both on logarithmic scales, as SVG."""
import math

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 30, 60
COLOURS = ("#777777", "#1f6fb4", "#b08030", "#2a9d5c", "#aa7799", "#c0392b")


def label(nanoseconds):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:g} {unit}"
    return f"{nanoseconds:g} ns"


def draw(lines):
    """`lines`: by name, the points (views, nanoseconds a view)."""
    points = [point for line in lines.values() for point in line]
    x_low, x_high = (math.log10(choose(views for views, _ in points)) for choose in (min, max))
    y_low = math.floor(math.log10(min(cost for _, cost in points)))
    y_high = math.ceil(math.log10(max(cost for _, cost in points)))

    def x(views):
        return LEFT + (math.log10(views) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def y(cost):
        return HEIGHT - BOTTOM - (math.log10(cost) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="13">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']

    def text(at_x, at_y, what, anchor="middle", colour="#333333"):
        svg.append(f'<text x="{at_x:.1f}" y="{at_y:.1f}" text-anchor="{anchor}" fill="{colour}">{what}</text>')

    def rule(x1, y1, x2, y2):
        svg.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#dddddd"/>')

    for exponent in range(y_low, y_high + 1):
        at = y(10 ** exponent)
        rule(LEFT, at, WIDTH - RIGHT, at)
        text(LEFT - 8, at + 4, label(10 ** exponent), "end")
    for views in sorted({views for views, _ in points}):
        rule(x(views), TOP, x(views), HEIGHT - BOTTOM)
        text(x(views), HEIGHT - BOTTOM + 20, f"{views:,}")
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, "views in the document")
    text(LEFT, TOP - 12, "time for each view", "start")

    # Names beside the lines' ends, moved apart where they would touch.
    ends = sorted((y(line[-1][1]), name) for name, line in lines.items())
    free = TOP
    places = {}
    for at, name in ends:
        places[name] = free = max(at, free + 16)
    for colour, (name, line) in zip(COLOURS, lines.items()):
        path = "L".join(f"{x(views):.1f} {y(cost):.1f}" for views, cost in line)
        svg.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        svg += [f'<circle cx="{x(views):.1f}" cy="{y(cost):.1f}" r="3" fill="{colour}"/>' for views, cost in line]
        text(WIDTH - RIGHT + 12, places[name] + 4, name, "start", colour)
    return "\n".join(svg + ["</svg>", ""])
# SPDX-License-Identifier: Apache-2.0
