"""What waits for a person: what he has to sign, his dues, each with its first rows; and his notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel import dues
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.dues import Due
from zongwu.kernel.errors import Refused
from zongwu.kernel.notify import Notice
from zongwu.ui import actions, addresses, boxes, cells, paging
from zongwu.ui import screens as described
from zongwu.ui.request import SchoolRequest, page


@dataclass(frozen=True)
class Waiting:
    """One due with its count and its first rows."""

    due: Due
    count: int
    url: str
    rows: Sequence[tuple[str, str, str]]
    """(name, address, day by which)."""


def waiting(ctx: Ctx, first: int) -> list[Waiting]:
    """The gravest first."""
    return [Waiting(due, count, due_url(ctx, due), _first(ctx, due, first)) for due, count in dues.mine(ctx)]


def due_url(ctx: Ctx, due: Due) -> str:
    """The list that shows the same rows; the to-do page where the domain names none."""
    screens = described.of(due.rows(ctx.today).model)
    if screens is not None and due.opens and ctx.may(screens.read):
        return addresses.list_url(ctx.school, screens, due.opens)
    return addresses.named(ctx.school, "todo")


def _first(ctx: Ctx, due: Due, count: int) -> list[tuple[str, str, str]]:
    rows = due.rows_for(ctx)
    rows = rows.order_by(due.by, "id") if due.by else rows.order_by("id")
    shown = []
    for row in rows[:count]:
        by = cells.write(getattr(row, due.by)) if due.by else ""
        shown.append((str(row), addresses.url_of(ctx.school, row), by))
    return shown


@page()
def todo(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    box = request.GET.get("box", "mine")
    box = box if box in boxes.BOXES else "mine"
    lines, found = boxes.lines_of(ctx, box, request.GET.get("after", ""), request.GET.get("before", ""))
    counts = boxes.counts(ctx)
    more = max(counts[0][2] - len(lines), 0) if box == "mine" else 0
    given = {
        "box": box, "boxes": counts, "more": more, "groups": boxes.grouped(lines), "page": found,
        "batch": any(line.together for line in lines), "waiting": waiting(ctx, first=10) if box == "mine" else [],
    }  # fmt: skip
    return TemplateResponse(request, "ui/todo.html", given)


@page()
def badge(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """How much waits, for the side bar: asked for after the page, so that no page waits for it."""
    count = sum(count for _, count in dues.mine(ctx)) + boxes.waiting_count(ctx)
    return TemplateResponse(request, "ui/_badge.html", {"count": count})


@page("ui.read_notice")
def notices(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET lists them, unread first; POST marks all as read."""
    if request.method == "POST":
        try:
            actions.read_notices(ctx)
            messages.success(request, "已全部标为已读")
        except Refused as no:
            messages.info(request, str(no))
        return HttpResponseRedirect(addresses.named(ctx.school, "notices"))
    mine = Notice.objects.filter(person=ctx.person)
    found = paging.page_of(mine, "-id", 50, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    shown = [(notice, addresses.ref_url(ctx.school, notice.about)) for notice in found.rows]
    given = {"notices": shown, "page": found, "unread": mine.filter(read_at=None).count()}
    return TemplateResponse(request, "ui/notices.html", given)
