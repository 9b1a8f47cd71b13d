"""The page behind a number: the figure, its definition, and the rows that it was computed from."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing
from zongwu.kernel.figures import FIGURES, Figure, Window
from zongwu.ui import addresses, cells, paging, periods
from zongwu.ui import screens as described
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.screens import Column, Money, Number, Screens

LENGTH = 50


def may_see(ctx: Ctx, figure: Figure) -> bool:
    """A figure is about the whole school and shows its rows: it opens to whoever may read those for the whole school."""
    screens, _ = _owner(figure.rows(Window(ctx.today, ctx.today)).model)
    return screens is not None and "school" in ctx.spans(screens.read)


@page()
def figure_page(request: SchoolRequest, ctx: Ctx, key: str) -> HttpResponse:
    figure = FIGURES.get(key)
    if figure is None:
        raise Missing("没有这个数字。")
    if not may_see(ctx, figure):
        raise Forbidden("这个数字是全校的，您只看得到自己名下的记录。")
    window = periods.asked(request.GET, ctx.today)
    rows = figure.rows(window)
    found = paging.page_of(
        _with_owner(rows), "-id", LENGTH, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    given = {
        "figure": figure, "value": figure.value(window), "window": window, "page": found,
        "count": paging.capped_count(rows), "lines": [_line(ctx, figure, row) for row in found.rows],
        "measured": getattr(figure.measure, "field", ""), "list_url": _list_url(ctx, figure, rows.model, window),
    }  # fmt: skip
    return TemplateResponse(request, "ui/figure.html", given)


def _owner(model: type[models.Model]) -> tuple[Screens | None, str]:
    """The screens that show these rows; for a row of a history the thing that it is about, and by which key."""
    own = described.of(model)
    if own is not None:
        return own, ""
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey) and (screens := described.of(field.related_model)):
            return screens, field.name
    return None, ""


def _with_owner(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    _, key = _owner(rows.model)
    return rows.select_related(key) if key else rows


def _line(ctx: Ctx, figure: Figure, row: Any) -> dict[str, Any]:
    _, key = _owner(type(row))
    shown = getattr(row, key) if key else row
    name = getattr(figure.measure, "field", "")
    amount = figure.measure.amount(row) if name else None
    look: Column = Money(name) if figure.unit == "元" else Number(name)
    return {"name": str(shown), "url": addresses.url_of(ctx.school, shown), "amount": cells.write(amount, look)}


def _list_url(ctx: Ctx, figure: Figure, model: type[models.Model], window: Window) -> str:
    screens, _ = _owner(model)
    if screens is None or not figure.opens or not ctx.may(screens.read):
        return ""
    return addresses.list_url(ctx.school, screens, figure.opens.format(since=window.since, until=window.until))
