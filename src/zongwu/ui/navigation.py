"""The side bar: domains register where one can go; a person sees what his permissions open.

register(Entry("assets", "资产", "package", "assets:cards", "assets.read_asset", order=20, children=(
    Entry("assets", "台账", "package", "assets:cards", "assets.read_asset"),
)))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zongwu.kernel.ctx import Ctx
from zongwu.ui.addresses import named

MOST = 9


@dataclass(frozen=True)
class Entry:
    """One place of the side bar. `url` is a URL name that takes the school's code."""

    area: str
    label: str
    icon: str
    url: str
    permission: str = ""
    order: int = 50
    children: Sequence[Entry] = ()


@dataclass(frozen=True)
class Place:
    """An entry as one person sees it on one page."""

    label: str
    icon: str
    url: str
    current: bool
    exact: bool
    children: Sequence[Place] = ()


ENTRIES: list[Entry] = []


def register(*entries: Entry) -> None:
    for entry in entries:
        assert entry not in ENTRIES, f"{entry.label} stands twice in the side bar"
        ENTRIES.append(entry)


def for_(ctx: Ctx, path: str) -> list[Place]:
    """What this person can open, in order, with the place where he is."""
    ordered = sorted(ENTRIES, key=lambda entry: entry.order)
    return [place for entry in ordered if (place := _place(ctx, entry, path)) is not None]


def _place(ctx: Ctx, entry: Entry, path: str) -> Place | None:
    children = [child for part in entry.children if (child := _place(ctx, part, path)) is not None]
    url = named(ctx.school, entry.url)
    if not url or (entry.permission and not ctx.may(entry.permission)):
        if not children:
            return None
        url = children[0].url
    inside = path.startswith(f"/{ctx.school.code}/{entry.area}/")
    return Place(entry.label, entry.icon, url, inside, path.startswith(url), children)
