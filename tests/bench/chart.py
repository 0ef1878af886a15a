"""A line chart as SVG, of few points: what an operation costs as the catalogue grows."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 360
LEFT: Final = 56
RIGHT: Final = 176
TOP: Final = 48
BOTTOM: Final = 48
COLOURS: Final = ("#1f6feb", "#c2410c", "#15803d", "#b45309", "#7e22ce")
DARK: Final = "#444"
PALE: Final = "#ccc"
LOWEST: Final = 0.5  # what the lowest line of the grid stands for


def chart(
    title: str, sizes: Sequence[int], lines: Mapping[str, Sequence[float]], bound: float
) -> str:
    """A line for each name, over steps of equal width and a height by logarithm; `bound` is drawn
    as a dashed one.
    """
    found = [value for values in lines.values() for value in values]
    low, high = math.log(min(LOWEST, *found)), math.log(max(bound, *found) * 1.1)

    def x(place: int) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / max(len(sizes) - 1, 1)

    def y(value: float) -> float:
        part = (math.log(value) - low) / (high - low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="13" aria-label="{title}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(LEFT, TOP - 22, title, DARK, "start"),
        _line(x(0), HEIGHT - BOTTOM, x(len(sizes) - 1), HEIGHT - BOTTOM, DARK),
        _line(x(0), y(bound), x(len(sizes) - 1), y(bound), DARK, ' stroke-dasharray="4 4"'),
        _text(LEFT - 8, y(bound) + 4, f"{bound:g}", DARK, "end"),
        _line(x(0), y(1), x(len(sizes) - 1), y(1), PALE),
        _text(LEFT - 8, y(1) + 4, "1", DARK, "end"),
    ]
    for place, size in enumerate(sizes):
        parts.append(_text(x(place), HEIGHT - BOTTOM + 22, f"{size:,}", DARK, "middle"))
    for (name, values), height, colour in zip(
        lines.items(), _apart([y(values[-1]) for values in lines.values()]), COLOURS, strict=False
    ):
        points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in enumerate(values))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        end = x(len(sizes) - 1) + 8
        parts.append(_text(end, height + 4, f"{name} {values[-1]:.2f}", colour, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _apart(heights: Sequence[float], least: float = 15) -> list[float]:
    """The same heights, moved so far apart that texts there can be read."""
    placed: dict[int, float] = {}
    last = -least
    for place in sorted(range(len(heights)), key=heights.__getitem__):
        last = placed[place] = max(heights[place], last + least)
    return [placed[place] for place in range(len(heights))]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    places = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {places} stroke="{colour}"{more}/>'


def _text(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{text}</text>'
