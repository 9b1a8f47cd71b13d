"""Pages of the storerooms that a description cannot say: the monthly statement, and papers as PDF."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.school.models import Place
from zongwu.stores import prints, queries
from zongwu.stores.models import Balance, Slip, StockCount
from zongwu.ui import papers
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest, page


def _month(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of a month as the browser names it (`2026-11`); without one, of this month.

    :raises Refused: no month.
    """
    fits = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    if text and fits is None:
        raise Refused(f"「{text}」不是月份，请写成 2026-11 的样子。")
    first = date(int(fits[1]), int(fits[2]), 1) if fits else today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _asked(request: SchoolRequest, ctx: Ctx) -> dict[str, Any]:
    """The statement that the address asks for."""
    since, until = _month(request.GET.get("month", ""), ctx.today)
    stores, whole = Place.objects.storerooms().order_by("path"), "school" in ctx.spans("stores.read_balance")
    if not whole:  # who keeps a branch sees his own
        stores = stores.filter(pk__in=Balance.objects.visible_to(ctx).values("place"))
    wanted = numbers(request.GET.get("place"))
    place = next((one for one in stores if one.pk in wanted), None if whole else stores.first())
    if place is None and not whole:
        raise Missing("没有归您管的库房，月报看不了。")
    lines = queries.statement(place, since, until)
    sums = {
        name: sum((getattr(line, name) for line in lines), Decimal(0)) for name in ("begins_value", "came_value", "went_value", "ends_value")
    }  # fmt: skip
    return {
        "since": since,
        "until": until,
        "month": f"{since:%Y-%m}",
        "place": place,
        "whole": whole,
        "stores": stores,
        "lines": lines,
        "sums": sums,
    }


@page("stores.read_balance")
def statement(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """What was there, came, went and is there, month by month (收发存月报)."""
    return TemplateResponse(request, "stores/statement.html", _asked(request, ctx))


@page("stores.read_balance")
def statement_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The same as PDF, with the lines on which keeper and bookkeeper sign."""
    return papers.served(prints.statement(ctx, _asked(request, ctx)), "statement.pdf")


@page("stores.read_slip")
def slip_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """One slip as PDF."""
    links = ("place", "to_place", "receiver", "department", "school_class", "supplier", "keeper", "reverses")
    slip = papers.asked_for(request, ctx, Slip, *links)
    return papers.served(prints.slip(ctx, slip), f"{slip.number}.pdf")


@page("stores.read_count")
def count_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The sheet to count from, or what came of it (盘点表)."""
    count = papers.asked_for(request, ctx, StockCount, "place")
    return papers.served(prints.count_sheet(ctx, count), f"{count.number}.pdf")
