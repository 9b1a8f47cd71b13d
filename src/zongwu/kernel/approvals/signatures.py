"""A signature as a finger draws it: strokes of points, drawn again as lines. Pure.

`12,30 15,33 …;40,28 …` in a field of 1000 × 400: no picture to decode, sharp on paper, and nothing that a browser runs.
"""

from __future__ import annotations

import re

from zongwu.kernel.errors import Refused

WIDTH, HEIGHT, LONGEST = 1000, 400, 20_000
_WHOLE = re.compile(r"(?:\d{1,4},\d{1,4}(?: \d{1,4},\d{1,4})*)(?:;\d{1,4},\d{1,4}(?: \d{1,4},\d{1,4})*)*", re.ASCII)


def clean(text: str) -> str:
    """The strokes, if they are a signature.

    :raises Refused: no strokes, too many, or a dot where a name should be.
    """
    text = text.strip()
    if len(text) > LONGEST or not _WHOLE.fullmatch(text):
        raise Refused(fields={"signature": "签名没有收到，请在框里重新签一次。"})
    points = [tuple(map(int, point.split(","))) for stroke in text.split(";") for point in stroke.split(" ")]
    if any(x > WIDTH or y > HEIGHT for x, y in points):
        raise Refused(fields={"signature": "签名画到框外面了，请重签一次。"})
    if len(points) < 8 or max(x for x, _ in points) - min(x for x, _ in points) < 40:
        raise Refused(fields={"signature": "框里只有一点，看不出是谁签的，请写上姓名。"})
    return text


def drawing(text: str) -> str:
    """The strokes as a drawing of its own, for paper; empty without strokes."""
    if not text:
        return ""
    ink = 'fill="none" stroke="black" stroke-width="14" stroke-linecap="round"'
    paths = "".join(f'<path d="{stroke}" {ink}/>' for stroke in lines(text))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paths}</svg>'


def lines(text: str) -> list[str]:
    """The strokes as SVG path data."""
    return [f"M{stroke.replace(' ', 'L')}" for stroke in text.split(";") if stroke]
