"""The counter on a phone: who takes, what, how many; his signature; one slip for all of it. `look/counter-phone`."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import plain_price, plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.school.models import Department, Place, SchoolClass
from zongwu.stores import actions, forms, queries
from zongwu.stores.models import Balance, Item, Packing, Slip
from zongwu.stores.steps import Line
from zongwu.ui.choices import numbers
from zongwu.ui.forms import meet
from zongwu.ui.request import SchoolRequest, page


class Row(NamedTuple):
    """An item on the counter, with what lies here, the quota that is left, and what was typed before a refusal."""

    item: Item
    here: str
    price: str
    quota: str
    """How much the department may still take; empty without a quota."""
    typed: str
    alarm: str
    sizes: str
    """What else it comes in, as JSON: unit → how many of its own."""


@page("stores.issue_goods")
def counter(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET the counter, with `receiver` for somebody or the `code` that he tells; POST hands out."""
    if request.method == "POST":
        return _handed_out(request, ctx)
    given = _given(ctx, request.GET)
    if told := request.GET.get("code", "").strip():
        if found := queries.told(ctx, told):
            ahead = reverse("stores:requisitions-do", args=[ctx.school.code, found.pk, "hand_out"])
            return HttpResponseRedirect(f"{ahead}?{urlencode({'told': told})}")
        given["problems"] = [f"没有一张待领的申请是取货码「{told[:20]}」，请再听一遍，或者按人找。"]
    return TemplateResponse(request, "stores/counter.html", given)


def _chosen(said: QueryDict, name: str, rows: Any) -> Any:
    ids = numbers(said.get(name))
    return rows.filter(pk__in=ids[:1]).first() if ids else None


def _given(ctx: Ctx, said: QueryDict) -> dict[str, Any]:
    place: Place | None = _chosen(said, "place", Place.objects.storerooms().open()) or queries.main_store()
    receiver: Person | None = _chosen(said, "receiver", Person.objects.filter(left_on=None))
    given: dict[str, Any] = {
        "place": place,
        "receiver": receiver,
        "key": secrets.token_urlsafe(16),
        "loan": said.get("form") == Slip.Form.LOAN,
        "due_on": said.get("due_on", ""),
    }
    if place is None or receiver is None:
        return given | {
            "done": _chosen(said, "done", Slip.objects.visible_to(ctx)),
            "people": Person.objects.filter(left_on=None).order_by("pinyin"),
            "stores": Place.objects.storerooms().open().order_by("path"),
        }
    charged = queries.charged_to(receiver, ctx.today)
    month = Slip.objects.standing().filter(form=Slip.Form.ISSUE, receiver=receiver, on__gte=ctx.today.replace(day=1))
    again = queries.last_taken(receiver)
    typed = _typed(said)
    rows = _rows(ctx, place, receiver, charged.department, typed, [item for item, _ in again])
    pad = forms.CounterSigns(initial={"signature": said.get("signature", "")})
    meet(pad, ctx, None)
    others = (
        Item.objects.open()
        .filter(balances__in=Balance.objects.lying().filter(place=place))
        .exclude(pk__in=[row.item.pk for row in rows])
        .distinct()
    )
    return given | {
        "charged": SchoolClass.objects.filter(pk=charged.school_class).first() or Department.objects.filter(pk=charged.department).first(),
        "taken": month.count(), "spent": month.aggregate(n=Sum("value", default=0))["n"], "rows": rows,
        "again": "、".join(f"{item} {plain_quantity(many)}" for item, many in again[:4]),
        "again_json": json.dumps({item.pk: plain_quantity(many) for item, many in again}),
        "waiting": queries.waiting_for(place).filter(applicant=receiver), "pad": pad["signature"], "others": others.order_by("pinyin")[:500],
        "until": (ctx.today + timedelta(days=7)).isoformat(),
    }  # fmt: skip


def _rows(
    ctx: Ctx, place: Place, receiver: Person, department: int | None, typed: dict[int, str], again: list[Item]
) -> list[Row]:
    """What is likely to be asked for, and what was typed already."""
    likely = dict.fromkeys([*(item.pk for item in again), *queries.favourites(receiver, place, ctx.today), *typed])
    items = Item.objects.open().in_bulk(list(likely)[:60])
    lying = (
        Balance.objects.filter(place=place, item__in=items).order_by().values_list("item").annotate(n=Sum("quantity"))
    )
    here = dict(lying)
    left = queries.quota_left(department, list(items), ctx.today)
    sizes = {pk: {item.unit: 1.0} for pk, item in items.items()}
    for one in Packing.objects.filter(item__in=items):
        sizes[one.item_id][one.unit] = float(one.size)
    return [
        Row(
            item, plain_quantity(here.get(pk, Decimal(0))), plain_price(item.price), plain_quantity(left[pk]) if pk in left else "",
            typed.get(pk, ""), plain_quantity(item.alarm), json.dumps(sizes[pk], ensure_ascii=False),
        )
        for pk, item in ((pk, items[pk]) for pk in likely if pk in items)
        if here.get(pk) or pk in typed
    ]  # fmt: skip


def _handed_out(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    said = request.POST
    keyed = ctx.keyed(said.get("key", "")[:60])
    try:
        place = _chosen(said, "place", Place.objects.storerooms().open())
        receiver = _chosen(said, "receiver", Person.objects.filter(left_on=None))
        if place is None or receiver is None:
            raise Missing("没有这个库房或领用人，请重新选。")
        given: dict[str, Any] = {
            "place": place,
            "receiver": receiver,
            "lines": _lines(said),
            "signature": said.get("signature", ""),
        }
        if said.get("form") == Slip.Form.LOAN:
            due = forms.CounterSigns(said)
            due.full_clean()
            if not due.cleaned_data.get("due_on"):
                raise Refused("借用要填归还期限。")
            slip = actions.lend_goods(keyed, due_on=due.cleaned_data["due_on"], **given)
        else:
            slip = actions.issue_goods(keyed, **given)
    except Refused as no:
        return TemplateResponse(
            request, "stores/counter.html", _given(ctx, said) | {"problems": no.problems}, status=409
        )
    return HttpResponseRedirect(f"{request.path}?{urlencode({'place': place.pk, 'done': slip.pk})}")


def _typed(said: QueryDict) -> dict[int, str]:
    """Item → what was written beside it."""
    return {
        int(name[2:]): str(value).strip()
        for name, value in said.items()
        if name.startswith("q-") and name[2:].isdecimal() and len(name) < 20
    }


def _lines(said: QueryDict) -> list[Line]:
    """The quantities that are not nothing.

    :raises Refused: one that is no number, or nothing at all.
    """
    asked = _typed(said)
    items = Item.objects.open().in_bulk(list(asked))
    lines, problems = [], []
    for pk, text in asked.items():
        if pk not in items or text in ("", "0"):
            continue
        try:
            lines.append(Line(items[pk], forms.quantity(text, items[pk])))
        except ValueError as no:
            problems.append(f"{items[pk]}：{no}")
    if problems or not lines:
        raise Refused(*(problems or ["还没有选东西：点 + 加数量。"]))
    return lines
