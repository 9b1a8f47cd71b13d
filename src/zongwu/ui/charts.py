"""Small charts from plain data, as SVG: bars for comparisons, columns for months, a line for a value over time.

A page's chart carries class names only; `.plot` in base.css colours it, in the dark too. A document's chart
(`greyscale=True`) carries its colours as attributes and slightly larger letters. Neither has a style attribute or a
script, so the strict content security policy lets it through. Values stand beside their marks: there is no legend and
nothing to hover over. No data is no chart: an empty text.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from typing import NamedTuple

from zongwu.ui import pdf

Amount = Decimal | int


class Bar(NamedTuple):
    """One thing compared: its name, its value, the value as written, and how much of it is drawn light."""

    label: str
    value: Amount
    text: str = ""
    """By default the value with grouped digits."""
    rest: Amount = 0
    """The part at the far end that is not done, paid or found yet."""

    @property
    def said(self) -> str:
        return self.text or f"{self.value:,}"


class Point(NamedTuple):
    """A value at a moment. A January written `2026-01` is ticked with its year."""

    label: str
    value: Amount


class _Look(NamedTuple):
    """What differs between page and paper: letter size in units of the view box, and how a mark gets its colour."""

    size: int
    narrow: int
    """Width of a line's view box; bars and columns are always as wide as a sheet."""
    marks: dict[str, str]

    def __call__(self, mark: str) -> str:
        """The attributes of a mark."""
        return self.marks.get(mark, f'class="{mark}"')


_WIDTH = 540
"""Units of the view box across a sheet; at 138 mm on paper 14 units are 10 pt."""

_PAGE = _Look(12, 400, {"name": ""})
_PAPER = _Look(
    14,
    _WIDTH,
    {
        "b1": 'fill="#4A4A4A"',
        "b0": 'fill="#C4C4C4"',
        "a1": 'fill="#E8E8E8"',
        "axis": 'stroke="#000000" stroke-width="0.8" fill="none"',
        "l1": 'stroke="#000000" stroke-width="2" fill="none"',
        "l2": 'stroke="#4A4A4A" stroke-width="1.5" stroke-dasharray="4 3" fill="none"',
        "v": 'fill="#000000"',
        "name": 'fill="#000000"',
    },
)
"""Greys that a laser printer keeps apart. `v` is a value, `name` a label: a page colours that by `.plot text`."""


def bars(items: Sequence[Bar], *, title: str, greyscale: bool = False) -> str:
    """Horizontal bars, longest value across the sheet. A value below zero has no bar: its text says it."""
    if not items:
        return ""
    look = _PAPER if greyscale else _PAGE
    pitch, thick = look.size * 2, look.size + 2
    left = min(max(breadth(item.label, look.size) for item in items), _WIDTH * 2 / 5) + 8
    right = _WIDTH - max(breadth(item.said, look.size) for item in items) - 8
    most = max(*(item.value for item in items), 1)
    body: list[str] = []
    for at, item in enumerate(items):
        top = at * pitch + (pitch - thick) / 2
        middle = at * pitch + pitch / 2 + look.size * 0.36
        long, light = _span(item, most, right - left)
        body += [
            _text(left - 8, middle, cut(item.label, left - 8, look.size), look("name"), "end"),
            _rect(left, top, long - light, thick, look("b1")),
            _rect(left + long - light, top, light, thick, look("b0")),
            _text(left + long + 6, middle, item.said, look("v")),
        ]
    height = len(items) * pitch
    body.append(f'<path {look("axis")} d="M{_n(left)} 0V{_n(height)}"/>')
    return _svg(body, height, _listing(title, items), look)


def columns(items: Sequence[Bar], *, title: str, greyscale: bool = False) -> str:
    """Upright columns on a base line, in the order of time. A value below zero has no column: its text says it.

    Where one text is wider than its column's room, all are written short (1.86万).
    """
    if not items:
        return ""
    look = _PAPER if greyscale else _PAGE
    head, tall = look.size + 8, 100
    base = head + tall
    step = (_WIDTH - 20) / len(items)
    thick = min(step * 0.58, 56)
    most = max(*(item.value for item in items), 1)
    roomy = all(breadth(item.said, look.size) <= step for item in items)
    body: list[str] = []
    for at, item in enumerate(items):
        middle = 10 + (at + 0.5) * step
        long, light = _span(item, most, tall)
        body += [
            _rect(middle - thick / 2, base - long + light, thick, long - light, look("b1")),
            _rect(middle - thick / 2, base - long, thick, light, look("b0")),
            _text(middle, base - long - 5, item.said if roomy else short(item.value), look("v"), "middle"),
            _text(middle, base + look.size + 4, cut(item.label, step, look.size), look("name"), "middle"),
        ]
    body.append(f'<path {look("axis")} d="M0 {_n(base)}H{_WIDTH}"/>')
    return _svg(body, base + look.size + 8, _listing(title, items), look)


def line(points: Sequence[Point], *, solid: int, mark: str, title: str, greyscale: bool = False) -> str:
    """A value over time: filled and solid up to `points[solid]`, which carries the words `mark`, dashed from there."""
    if not points:
        return ""
    look = _PAPER if greyscale else _PAGE
    top = look.size + 8
    base = top + 100
    first, last = points[0], points[-1]
    most = max(*(point.value for point in points), 1)
    left = max(breadth(short(most), look.size), breadth(first.label, look.size) / 2) + 6
    right = look.narrow - breadth(last.label, look.size) / 2
    step = (right - left) / max(len(points) - 1, 1)
    dots = [(left + at * step, base - 100 * float(max(p.value, 0) / Decimal(most))) for at, p in enumerate(points)]
    solid = min(max(solid, 0), len(points) - 1)
    before, after = _path(dots[: solid + 1]), _path(dots[solid:])
    body = [
        f'<path {look("a1")} d="{before}V{base}H{_n(left)}Z"/>',
        f'<path {look("axis")} d="M{_n(left)} {base}H{_n(right)}"/>',
        _text(left - 6, top + 4, short(most), look("name"), "end"),
        _text(left - 6, base + 4, "0", look("name"), "end"),
        *_ticks(points, left, step, base, look),
        f'<path {look("l1")} d="{before}"/>',
        f'<path {look("l2")} d="{after}"/>',
        f'<circle {look("b1")} cx="{_n(dots[solid][0])}" cy="{_n(dots[solid][1])}" r="4"/>',
        _callout(mark, dots, solid, look),
    ]
    said = f"{title}：{first.label} {first.value:,}，{mark}，{last.label} {last.value:,}"
    return _svg(body, base + look.size + 10, said, look, look.narrow)


def short(value: Amount) -> str:
    """A value for an axis, at most two decimals: 980, 1.86万, 3.2亿."""
    exact = Decimal(value)
    size, word = next(((size, word) for size, word in ((10**8, "亿"), (10**4, "万")) if abs(exact) >= size), (1, ""))
    return f"{exact / size:,.2f}".rstrip("0").rstrip(".") + word


def cut(words: str, room: float, size: int) -> str:
    """The words, shortened with an ellipsis where they are wider than the room."""
    if breadth(words, size) <= room:
        return words
    while words and breadth(words, size) + size > room:
        words = words[:-1]
    return f"{words}…"


def xml_text(words: str) -> str:
    """The words as XML text or attribute: escaped, and without the characters that XML forbids."""
    return escape(re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words))


def breadth(words: str, size: float, *, latin: float = 0.58) -> float:
    """Estimated width in the unit of `size`: a Chinese character is one letter size, any other `latin` of it."""
    return sum(size if unicodedata.east_asian_width(c) in "WFA" else size * latin for c in words)


def svg_to_png(svg: str, *, width_mm: float, dpi: int = 300) -> bytes:
    """A drawing as greyscale PNG, so wide on paper, in this machine's best Chinese serif. Raises pdf.NoCjkFont.

    The family is written into the drawing because typst lets an SVG fall back to any font, Latin ones first.
    """
    from PIL import Image  # heavy

    named = svg.replace("<svg ", f'<svg font-family="{escape(pdf.family("serif"))}" ', 1)
    template = """
#let drawing = json(bytes(sys.inputs.data))
#set page(width: drawing.width * 1mm, height: auto, margin: 0pt)
#image(bytes(drawing.svg), format: "svg", width: 100%)
"""
    coloured = pdf.to_png(template, {"svg": named, "width": width_mm}, dpi=dpi)
    out = io.BytesIO()
    Image.open(io.BytesIO(coloured)).convert("L").save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def _svg(body: Sequence[str], height: float, said: str, look: _Look, width: int = _WIDTH) -> str:
    """The drawing with its sentence for those who do not see it."""
    kind = f'font-size="{look.size}"' if look is _PAPER else 'class="plot"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {kind} viewBox="0 0 {width} {_n(height)}" role="img">'
    return f"{head}<title>{xml_text(said)}</title>{''.join(body)}</svg>"


def _listing(title: str, items: Sequence[Bar]) -> str:
    return f"{title}：{'，'.join(f'{item.label} {item.said}' for item in items)}"


def _span(item: Bar, most: Amount, room: float) -> tuple[float, float]:
    """Length of a bar and of its light end."""
    long = room * float(max(item.value, 0) / Decimal(most))
    return long, min(room * float(max(item.rest, 0) / Decimal(most)), long)


def _ticks(points: Sequence[Point], left: float, step: float, base: float, look: _Look) -> Iterator[str]:
    """Under the axis: the first and the last label, and between them as many Januaries as have room."""
    end = left + step * (len(points) - 1)
    chosen = [(left, points[0].label)]
    taken = left + breadth(points[0].label, look.size) / 2
    until = end - breadth(points[-1].label, look.size) / 2
    for at, point in enumerate(points):
        x = left + at * step
        if re.fullmatch(r"\d{4}-01", point.label) and taken + look.size * 2 <= x <= until - look.size * 2:
            chosen.append((x, point.label[:4]))
            taken = x + look.size * 2
    if len(points) > 1:
        chosen.append((end, points[-1].label))
    for x, label in chosen:
        yield f'<path {look("axis")} d="M{_n(x)} {_n(base)}v4"/>'
        yield _text(x, base + look.size + 5, label, look("name"), "middle")


def _callout(words: str, dots: Sequence[tuple[float, float]], at: int, look: _Look) -> str:
    """The words at a dot: right of it where there is room, and above everything drawn beneath them."""
    long = breadth(words, look.size)
    start = max(min(dots[at][0] + 6, look.narrow - long), 0)
    highest = min([dots[at][1], *(y for x, y in dots if start <= x <= start + long)])
    return _text(start, highest - 7, words, look("v"))


def _path(dots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in dots)


def _rect(x: float, y: float, width: float, height: float, mark: str) -> str:
    """A rectangle; nothing when it has no area."""
    if _n(width) == "0" or _n(height) == "0":
        return ""
    return f'<rect {mark} x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _text(x: float, y: float, words: str, mark: str, anchor: str = "start") -> str:
    place = f'{mark} x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"'.strip()
    return f"<text {place}>{xml_text(words)}</text>"


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
