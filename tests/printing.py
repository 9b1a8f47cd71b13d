"""Papers read back from the PDF that the browser gets."""

from __future__ import annotations

import re

from tests.ui.conftest import client_of
from tests.ui.test_labels import tool
from tests.world import World


def printed(world: World, url: str, who: str = "head") -> bytes:
    answer = client_of(world, who).get(f"/{world.school.code}/{url}")
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer) if answer.streaming else answer.content


def pages(paper: bytes) -> list[str]:
    """The words of each page, without the space between letters that are set wide."""
    text = tool("pdftotext", "-layout", "-", "-", given=paper).decode()
    return [re.sub(r"[ \n]+", "", page) for page in text.split("\f") if page.strip()]


def whole(paper: bytes) -> None:
    """Nothing is drawn in the outermost four millimetres, where a printer would cut it off."""
    drawing = tool("pdftoppm", "-gray", "-r", "50", "-", given=paper)
    while drawing:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", drawing)
        assert head is not None
        width, height = int(head[1]), int(head[2])
        page, drawing = drawing[head.end() : head.end() + width * height], drawing[head.end() + width * height :]
        rows, edge = [page[at : at + width] for at in range(0, len(page), width)], 8
        rim = b"".join((*rows[:edge], *rows[-edge:], *(row[:edge] + row[-edge:] for row in rows)))
        assert min(rim) > 250
        assert min(page) < 100, "the page is empty"
