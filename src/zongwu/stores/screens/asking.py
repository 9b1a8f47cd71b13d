"""The pages of what people ask the storeroom for."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.stores import actions, forms
from zongwu.stores.models import Quota, Requisition, RequisitionLine
from zongwu.ui import home, screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Approval, Column, Facts, History, Number, Part, Rows, Screens, View


class RequisitionFilters(Filters):
    state = f.ChoiceFilter(label="审批", choices=DocumentState.choices, empty_label="不限")
    waiting = f.ChoiceFilter(label="领取", choices=[("ready", "待领取")], method="is_ready", empty_label="不限")

    class Meta:
        model = Requisition
        fields: list[str] = []

    def is_ready(self, rows: Any, name: str, value: str) -> Any:
        return rows.ready()


def _lines(ctx: Ctx, asked: Requisition) -> Any:
    """By shelf, as the keeper walks."""
    return RequisitionLine.objects.filter(requisition=asked).select_related("item").order_by("item__shelf", "seq")


def _code(ctx: Ctx, asked: Requisition) -> dict[str, Any] | None:
    """Only for whoever asked: who holds the code has the goods."""
    mine = ctx.person is not None and asked.applicant_id == ctx.person.pk
    return {"code": asked.code} if mine and asked.state == DocumentState.APPROVED and asked.slip_id is None else None


REQUISITIONS = Screens(
    model=Requisition, area="stores", name="requisitions", title="领东西", icon="shopping-cart", read="stores.read_requisition", unit="张",
    blank="要领什么写在这里：定额以内直接去库房，凭取货码或签名领走；超过定额的先审批。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("place", low=True), Column("department"), Column("school_class", hidden=True),
        Column("applicant", phone="line"), Column("applied_on", sort=True), Column("state", badge=TONES, sort=True), Column("stage", label="领取", phone="line"), Column("slip", hidden=True),
    ],
    default_order="-applied_on", filters=RequisitionFilters, views=[View("全部", ""), View("待领取", "waiting=ready"), View("审批中", "state=running")],
    detail=[
        Approval(), Part("取货码", "stores/_code.html", _code),
        Facts("申请", ["applicant", "applied_on", "place", "department", "school_class", "purpose", "above", Column("stage", label="领取"), "slip"]),
        Rows("要领的", [Column("item", label="物品", link=True), Number("quantity"), Column("item.unit", label="单位"), Column("item.shelf", label="库位")], _lines, most=100),
        History(),
    ],
    forms={actions.ask_for_goods: forms.AskForm, actions.revise_requisition: forms.ReviseForm, actions.hand_out: forms.HandOutForm},
)  # fmt: skip

QUOTAS = Screens(
    model=Quota, area="stores", name="quotas", title="领用定额", icon="calculator", read="stores.read_quota", unit="条",
    blank="给部门的某样东西定一个月或一学期最多领多少；不定就不限。",
    columns=[
        Column("item", link=True, phone="title"), Column("department", phone="line"), Column("period"), Number("quantity", phone="end"), Column("item.unit", label="单位"),
        Column("set_on", sort=True),
    ],
    default_order="-set_on", detail=[Facts("定额", ["department", "item", "period", "quantity", "set_on"]), History()],
    forms={actions.set_quota: forms.QuotaForm},
)  # fmt: skip
screens.register(REQUISITIONS, QUOTAS)
home.shortcut(
    home.Shortcut(
        "领东西", "package-export", "stores:requisitions-new", "stores.ask_for_goods", "ask_for_goods", order=25
    )
)

say("requisition.asked", "申请领用", icon="shopping-cart", text="{kinds} 种")
say("requisition.revised", "改领用申请", icon="edit", text="{kinds} 种")
say("requisition.approved", "超定额领用批准", icon="check", tone="ok")
say("requisition.dropped", "不领了", icon="ban")
say("requisition.handed_out", "按申请发料", icon="package-export", tone="ok", text="{slip}，{value_fen}")
