"""The worker's one-hand screen: what he has to do, the most urgent first, each with three large buttons (`look/worker-phone`)."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.repairs import actions, queries
from zongwu.repairs.board import late
from zongwu.repairs.models import Ticket
from zongwu.ui.request import SchoolRequest, page

PRESSED = {"take": actions.take_ticket, "arrive": actions.arrive, "resume": actions.resume_ticket}
"""Buttons that need no more than the press; 修好了 and 挂起 open their form."""


@page(actions.WORK)
def work(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET his repairs; POST one step of one of them."""
    if request.method == "POST":
        verb, pk = PRESSED.get(request.POST.get("verb", "")), request.POST.get("pk", "")
        try:
            if verb is None or not pk.isdecimal() or len(pk) > 18:
                raise Refused("没有这一步，请刷新后再点。")
            ticket = verb(ctx.keyed(request.POST.get("key", "")[:60]), int(pk))
            messages.success(request, f"{ticket.get_state_display()}：{ticket.title}")
        except Refused as no:
            messages.error(request, str(no))
        return HttpResponseRedirect(request.path)
    mine = list(queries.mine(ctx)[:100])
    given = {
        "tickets": [(one, photo, late(ctx, one)) for one, photo in _pictured(mine)],
        "count": len(mine),
        "key": secrets.token_urlsafe(12),
        "today": ctx.now,
    }
    return TemplateResponse(request, "repairs/work.html", given)


def _pictured(tickets: list[Ticket]) -> list[tuple[Ticket, Any]]:
    """Each with its first photograph: it says which tools to bring."""
    rows = Attachment.objects.filter(
        object_kind=Ticket.kind,
        object_id__in=[one.pk for one in tickets],
        void_on=None,
        media_type__startswith="image/",
    )
    first: dict[int, Any] = {}
    for row in rows.order_by("-id"):
        first[row.object_id] = row
    return [(one, first.get(one.pk)) for one in tickets]
