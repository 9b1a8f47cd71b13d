"""The home page of a school: what waits for me, what must not be overlooked, the key figures, what happened lately.

Domains offer what stands there, in their `screens` module:

    tile("assets.cards", "assets.value", order=20)
    red_line("assets.broken")
    checklist(Item("导入资产台账", Asset.objects.exists, "assets:cards", "assets.import_assets"))
    shortcut(Shortcut("报修", "tool", "repairs:tickets-new", "repairs.report_fault", "report_fault", order=10))
    block(Block("我的活", "repairs/_mine.html", "repairs.work", mine))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from zongwu.kernel import figures, refs
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.dues import DUES, Due
from zongwu.kernel.figures import FIGURES, Value
from zongwu.kernel.journal import JournalEntry
from zongwu.ui import history, navigation, periods, records, todo
from zongwu.ui.addresses import named
from zongwu.ui.request import SchoolRequest, page

LATELY = 8
GREETINGS = ((5, "夜深了"), (9, "早上好"), (12, "上午好"), (14, "中午好"), (18, "下午好"), (24, "晚上好"))
RANK = {"bad": 0, "warn": 1, "info": 2}


@dataclass(frozen=True)
class Item:
    """One step of a new school's first day."""

    label: str
    done: Callable[[], bool]
    url: str
    permission: str
    hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """Something that people do every day, one press from the home page: a picture and two or three characters."""

    label: str
    icon: str
    url: str
    permission: str
    verb: str = ""
    """The creating verb whose form it opens, where the address needs one."""
    order: int = 50


@dataclass(frozen=True)
class Block:
    """A sheet of a domain's own on the home pages of those whom it concerns; None from `given` leaves it out."""

    title: str
    template: str
    permission: str
    given: Callable[[Ctx], Mapping[str, Any] | None]
    order: int = 50
    """Below `OWN` it is what he does himself and stands first; else it is what he watches over, under what waits for him."""


OWN = 20
MOST_SHORTCUTS = 6
"""As many as a phone shows in two rows (ux.md §4.5)."""
SHORTCUTS: list[Shortcut] = []
BLOCKS: list[Block] = []
TILES: dict[str, int] = {}
"""Figure → order."""
RED_LINES: list[str] = []
CHECKLIST: list[Item] = []


def tile(*keys: str, order: int = 50) -> None:
    """Show these figures on the home page of everyone who may open them; those of one area stand together."""
    TILES.update(dict.fromkeys(keys, order))


def red_line(*keys: str) -> None:
    """Show these dues among the red lines, a zero too: "none" is not the same as "not counted"."""
    RED_LINES.extend(key for key in keys if key not in RED_LINES)


def shortcut(*shortcuts: Shortcut) -> None:
    """Offer these to everybody who may."""
    SHORTCUTS.extend(one for one in shortcuts if one not in SHORTCUTS)


def block(*blocks: Block) -> None:
    """Show these sheets to everybody who may and whom they concern."""
    BLOCKS.extend(one for one in blocks if one not in BLOCKS)


def checklist(*items: Item) -> None:
    CHECKLIST.extend(items)


@dataclass(frozen=True)
class Line:
    """One red line with its count."""

    due: Due
    count: int
    url: str

    @property
    def tone(self) -> str:
        return self.due.tone if self.count else "ok"


@page()
def home(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    waiting = todo.waiting(ctx, first=3)
    given = {
        "greeting": greeting(ctx), "now": ctx.now.astimezone(SCHOOL_ZONE), "waiting": waiting,
        "waiting_count": sum(one.count for one in waiting), "lines": red_lines(ctx), "tiles": tiles(ctx),
        "steps": steps(ctx), "lately": lately(ctx), "shortcuts": shortcuts(ctx), "blocks": blocks(ctx), "own": OWN,
    }  # fmt: skip
    return TemplateResponse(request, "ui/home.html", given)


def greeting(ctx: Ctx) -> str:
    hour = ctx.now.astimezone(SCHOOL_ZONE).hour
    part = next(word for until, word in GREETINGS if hour < until)
    return f"{part}，{ctx.person}" if ctx.person else part


def red_lines(ctx: Ctx) -> list[Line]:
    """The worst first; what is fine stays visible."""
    found = [DUES[key] for key in RED_LINES if key in DUES and "school" in ctx.spans(DUES[key].permission)]
    lines = [Line(due, due.rows_for(ctx).count(), todo.due_url(ctx, due)) for due in found]
    return sorted(lines, key=lambda line: (not line.count, RANK[line.due.tone]))[:5]


def shortcuts(ctx: Ctx) -> list[tuple[Shortcut, str]]:
    """What he may of it, with where it leads: the usual six."""
    mine = [one for one in sorted(SHORTCUTS, key=lambda one: one.order) if ctx.may(one.permission)]
    verbs = [[one.verb] if one.verb else [] for one in mine]
    return [(one, reverse(one.url, args=[ctx.school.code, *verb])) for one, verb in zip(mine, verbs, strict=True)][
        :MOST_SHORTCUTS
    ]


def blocks(ctx: Ctx) -> list[tuple[Block, Mapping[str, Any]]]:
    """The sheets that concern him."""
    mine = [(one, one.given(ctx)) for one in sorted(BLOCKS, key=lambda one: one.order) if ctx.may(one.permission)]
    return [(one, given) for one, given in mine if given is not None]


def tiles(ctx: Ctx) -> list[tuple[str, list[Value]]]:
    """(area's name, its figures so far this term), each figure only to those who may open its rows."""
    window, labels = periods.so_far(ctx.today), {entry.area: entry.label for entry in navigation.ENTRIES}
    keys = [key for key in sorted(TILES, key=lambda key: TILES[key]) if records.may_see(ctx, FIGURES[key])]
    by_area: dict[str, list[Value]] = {}
    for key, value in figures.values(keys, window).items():
        by_area.setdefault(FIGURES[key].area, []).append(value)
    return [(labels.get(area, area), values) for area, values in by_area.items()]


def steps(ctx: Ctx) -> list[tuple[Item, bool, str]]:
    """The first steps of a new school, for those who can take them; nothing once all are taken."""
    mine = [item for item in CHECKLIST if ctx.may(item.permission)]
    told = [(item, item.done(), named(ctx.school, item.url)) for item in mine]
    return told if any(not done for _, done, _ in told) else []


def lately(ctx: Ctx) -> list[history.Told]:
    """What happened last to things that this person may see."""
    streams = sorted(
        {permission.partition(".")[0] for permission in ctx.grants} - {"ui", "privacy"}
    )  # what people did, not the house's chores
    newest = JournalEntry.objects.filter(stream__in=streams).select_related("detail").order_by("-id")
    entries = list(newest[: LATELY * 4])
    visible = _visible(ctx, entries)
    return history.tell_entries(ctx, [entry for entry in entries if entry.ref in visible][:LATELY])


def _visible(ctx: Ctx, entries: Sequence[JournalEntry]) -> set[str]:
    by_kind: dict[str, set[int]] = {}
    for entry in entries:
        kind, _, number = entry.ref.partition(":")
        by_kind.setdefault(kind, set()).add(int(number))
    found: set[str] = set()
    for kind, ids in by_kind.items():
        model: Any = refs.kinds().get(kind)
        if model is not None:
            visible = model.objects.visible_to(ctx).filter(pk__in=ids).values_list("pk", flat=True)
            found |= {f"{kind}:{pk}" for pk in visible}
    return found
