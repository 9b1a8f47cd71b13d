"""The pages of what people ask for."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.urls import reverse

from zongwu.assets import actions, forms, queries
from zongwu.assets.models import ItemRequest
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Column, Facts, History, Money, Number, Part, Rows, Screens, View


class RequestFilters(Filters):
    waiting = f.ChoiceFilter(label="答复", choices=[("open", "还没答复")], method="is_open", empty_label="不限")

    class Meta:
        model = ItemRequest
        fields: list[str] = []

    def is_open(self, rows: Any, name: str, value: str) -> Any:
        return rows.open()


def _idle(ctx: Ctx, row: ItemRequest) -> Any:
    """For whoever answers: the cards that he may hand out."""
    return queries.idle(row.what).visible_to(ctx) if row.answered_on is None else queries.idle(row.what).none()


def _go(ctx: Ctx, row: ItemRequest) -> dict[str, Any] | None:
    """A slip for what stands idle, with the person who asked."""
    cards = (
        _idle(ctx, row).values_list("pk", flat=True)[:20]
        if ctx.may("assets.hand_out") and ctx.may("assets.answer_request")
        else ()
    )
    if not cards:
        return None
    url = reverse("assets:handovers-new", args=[ctx.school.code, "draw_handover"])
    return {
        "url": f"{url}?asset={','.join(map(str, cards))}&form=loan&receiver={row.asked_by_id}",
        "name": "交接单（闲置的已经选上）",
    }


REQUESTS = Screens(
    model=ItemRequest, area="assets", name="requests", title="要东西", icon="hand-move", read="assets.ask_for_item", unit="张",
    blank="要用什么，先在这里说：学校里有闲置的会告诉您在哪里，没有的再买。",
    columns=[
        Column("number", link=True, phone="line"), Column("what", phone="title"), Number("quantity"), Column("asked_by", phone="line"), Column("department", hidden=True),
        Column("asked_on", sort=True), Column("answered_on"), Column("answer", phone="line"),
    ],
    default_order="-asked_on", filters=RequestFilters, views=[View("全部", ""), View("还没答复", "waiting=open")],
    detail=[
        Facts("申请", ["what", "quantity", "asked_by", "department", "asked_on", "reason", "told", "answered_on", "answer", "handover"]),
        Part("办", "ui/_document.html", _go),
        Rows("现在闲置的", [Column("number", label="编号", link=True), Column("name", label="名称"), Column("place", label="放在"), Column("custodian", label="保管人"), Money("value", label="原值（元）")], _idle),
        History(),
    ],
    forms={actions.ask_for_item: forms.AskForm, actions.answer_request: forms.AnswerForm},
)  # fmt: skip
screens.register(REQUESTS)

say("item.asked", "要东西", icon="hand-move")
say("item.answered", "答复", icon="check", tone="ok", text="{handover}")
