"""Pages of safety that a description cannot say: the notice and the inspector's pack as PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.safety import prints, queries
from zongwu.safety.models import Hazard
from zongwu.ui import papers, periods
from zongwu.ui.request import SchoolRequest, page


@page("safety.read_hazard")
def notice(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The notice to put one hazard right."""
    hazard = papers.asked_for(request, ctx, Hazard, "supervisor")
    return papers.served(prints.notice(ctx, hazard), f"{hazard.number}.pdf")


@page(queries.OVERSEE)
def pack(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """Choose the days; with `?since=&until=` the pack of these days."""
    window = periods.asked(request.GET, ctx.today)
    given = {"window": window}
    if not request.GET.get("since"):
        return TemplateResponse(request, "safety/pack.html", given)
    try:
        return papers.served(prints.pack(ctx, window), f"inspection-{window.since}-{window.until}.pdf")
    except Refused as no:
        return TemplateResponse(request, "safety/pack.html", given | {"problems": no.problems}, status=409)
