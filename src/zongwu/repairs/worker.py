"""The worker's one-hand screen: what he has to do, the most urgent first, each with three large buttons (`look/worker-phone`).

Everything on it goes through the phone's queue, so that a cellar without signal loses nothing and doubles nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.repairs import actions, queries
from zongwu.repairs.board import late
from zongwu.repairs.models import Ticket
from zongwu.stores.models import Balance, Item
from zongwu.stores.queries import stock_of
from zongwu.stores.steps import Line
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.choices import Day, numbers
from zongwu.ui.field import UNKNOWN, cleaned, one_step
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.scan import moment_of, quantity_of

PRESSED = {"take": actions.take_ticket, "arrive": actions.arrive, "resume": actions.resume_ticket}
"""Buttons that need no more than the press."""
PARTS = 3
"""Kinds of parts that the page takes at once; more go through the form of 修好了."""


class FinishForm(forms.Form):
    did = forms.CharField(max_length=200, required=False)
    photo = PhotoField()


class HoldForm(forms.Form):
    why = forms.ChoiceField(choices=Ticket.Why.choices, error_messages={"required": "请选一个原因。"})
    until = Day(error_messages={"required": "请选哪天再修。"})


@page(actions.WORK)
def work(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET his repairs; POST one step of one of them."""
    if request.method == "POST":
        return one_step(request, ctx, _step)
    mine, stock = list(queries.mine(ctx)[:100]), stock_of(ctx.person)
    lying = Balance.objects.lying().filter(place=stock).select_related("item").order_by("item__pinyin") if stock else []
    given = {
        "tickets": [(one, photo, late(ctx, one)) for one, photo in _pictured(mine)], "count": len(mine), "key": secrets.token_urlsafe(12), "today": ctx.now,
        "parts": list({one.item_id: one.item for one in lying}.values()), "rows": range(PARTS), "whys": Ticket.Why.choices, "tomorrow": ctx.today + timedelta(days=1),
    }  # fmt: skip
    return TemplateResponse(request, "repairs/work.html", given)


def _step(request: SchoolRequest, ctx: Ctx, pk: int, verb: str) -> Ticket:
    """:raises Refused: no such step, or what was filled in cannot be."""
    device_at = moment_of(request.POST.get("device_at", ""))
    if verb == "hold":
        return actions.hold_ticket(ctx, pk, **cleaned(HoldForm(request.POST)), device_at=device_at)
    if verb == "finish":
        given = cleaned(FinishForm(request.POST, request.FILES))
        return actions.finish_ticket(ctx, pk, **given, used=_used(request), device_at=device_at)
    if verb not in PRESSED:
        raise Refused(UNKNOWN)
    return PRESSED[verb](ctx, pk, device_at=device_at)


def _used(request: SchoolRequest) -> Sequence[Line]:
    """The parts that were chosen, one of each unless a number stands beside it.

    :raises Refused: an item that the school does not have, or a number that is none.
    """
    lines = []
    for n in range(PARTS):
        chosen = numbers(request.POST.get(f"part-{n}"))[:1]
        if not chosen:
            continue
        item = Item.objects.filter(pk=chosen[0]).first()
        if item is None:
            raise Refused("没有这种备件，请刷新后再选。")
        many = quantity_of(request.POST.get(f"many-{n}", ""))
        if many != 0:
            lines.append(Line(item, Decimal(1) if many is None else many))
    return lines


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
