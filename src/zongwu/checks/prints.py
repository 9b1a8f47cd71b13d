"""Plates of points: what hangs on the wall beside what is to be looked at."""

from __future__ import annotations

from django.http import HttpResponse

from zongwu.checks.models import Point
from zongwu.kernel import codes
from zongwu.kernel.ctx import Ctx
from zongwu.school.settings import PHONE
from zongwu.ui import plates as sheets
from zongwu.ui.choices import numbers
from zongwu.ui.labels import Label, address
from zongwu.ui.papers import served
from zongwu.ui.request import SchoolRequest, page


@page("checks.read_list")
def plates(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The plates of the chosen points; of all where none is chosen."""
    rows = Point.objects.open().visible_to(ctx).select_related("place").order_by("place__path", "name")
    if chosen := numbers(request.GET.getlist("ids")):
        rows = rows.filter(pk__in=chosen)
    points = list(rows[: sheets.MOST + 1])
    known = codes.valid(Point.kind, [one.pk for one in points])
    made = [
        Label(address(known[one.pk]), ctx.school.name, one.name, str(one.place), "扫码：检查、报修、报隐患", known[one.pk])
        for one in points
    ]  # fmt: skip
    return served(sheets.to_pdf(made, PHONE.text(ctx.today)), "plates.pdf")
