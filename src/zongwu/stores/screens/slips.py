"""The pages of the storeroom's papers."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.kernel import clock
from zongwu.kernel.approvals import signatures
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Department, Place, SchoolClass
from zongwu.stores import actions, forms
from zongwu.stores.forms import books
from zongwu.stores.models import Balance, Move, Slip
from zongwu.ui import screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import (
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    Print,
    Rows,
    Screens,
    Tones,
    View,
)

FORMS: Tones = {
    "receipt": "ok", "issue": "info", "loan": "doing", "return": "neutral", "transfer": "neutral", "send_back": "warn", "loss": "warn",
    "correct": "neutral", "count": "neutral", "used": "neutral",
}  # fmt: skip


class SlipFilters(Filters):
    form = f.ChoiceFilter(label="单据", choices=Slip.Form.choices, empty_label="不限")
    since = f.DateFilter(label="从", field_name="on", lookup_expr="gte")
    until = f.DateFilter(label="到", field_name="on", lookup_expr="lte")
    place = f.ModelChoiceFilter(
        label="仓库", queryset=lambda request: Place.objects.storerooms().order_by("path"), empty_label="不限"
    )
    department = f.ModelChoiceFilter(
        label="领用部门", queryset=lambda request: Department.objects.order_by("pinyin"), empty_label="不限"
    )
    school_class = f.ModelChoiceFilter(
        label="领用班级",
        queryset=lambda request: SchoolClass.objects.open().order_by("grade", "id"),
        empty_label="不限",
    )
    waiting = f.ChoiceFilter(
        label="待办", choices=[("sign", "还没签字"), ("lent", "借出还在外面"), ("overdue", "借出过期没还")], method="is_waiting", empty_label="不限"
    )  # fmt: skip

    class Meta:
        model = Slip
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return {"sign": rows.unsigned, "lent": rows.lent}.get(value, lambda: rows.overdue(clock.today()))()


def _moves(ctx: Ctx, slip: Slip) -> Any:
    return (
        Move.objects.filter(slip=slip).with_returned().select_related("item", "from_place", "to_place").order_by("seq")
    )


def _back(ctx: Ctx, slip: Slip) -> Any:
    """The papers by which something of this one came back, or which took it back."""
    later = Slip.objects.filter(moves__of__slip=slip).values("pk")
    return Slip.objects.filter(pk__in=later) | Slip.objects.filter(reverses=slip)


def _ink(ctx: Ctx, slip: Slip) -> dict[str, Any] | None:
    if slip.confirmed:
        return {"sentence": f"{slip.receiver} 凭取货码领取。", "lines": []}
    return {"lines": signatures.lines(slip.ink), "who": slip.receiver} if slip.ink else None


SLIPS = Screens(
    model=Slip, area="stores", name="slips", title="出入库单", icon="file-text", read="stores.read_slip", unit="张", imports="stock-in",
    blank="每一次入库、领用、借用、归还、调库、退货、报损都是一张单子，号码连续，开错了冲销，不改。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("form", badge=FORMS, phone="badge"), Column("on", sort=True, phone="line"),
        Column("place", low=True), Column("receiver"), Column("department", hidden=True), Column("school_class", hidden=True), Column("supplier"),
        Number("kinds"), Money("value", sort=True, phone="end"), Column("keeper", hidden=True), Column("due_on", low=True),
        Column("paper_number", hidden=True), Column("standing", label="状态"),
    ],
    default_order="-on", filters=SlipFilters,
    views=[View("全部", ""), View("入库", "form=receipt"), View("领用", "form=issue"), View("还没签字", "waiting=sign"), View("还在外面", "waiting=lent"), View("过期没还", "waiting=overdue")],
    detail=[
        Facts("单据", ["form", "on", "place", "to_place", "receiver", "department", "school_class", "supplier", "paper_number", "purpose", "due_on", "keeper", Column("standing", label="状态"), "reverses"]),
        Rows("明细", [
            Column("item", label="物品", link=False), Number("quantity"), Column("item.unit", label="单位"), Money("price", label="单价（元）"), Money("value", label="金额（元）"), Column("lot"),
            Column("expires_on"), Number("returned", label="已退回"), Column("note"),
        ], _moves, most=500),
        Part("领用人签名", "stores/_signed.html", _ink),
        Rows("退回和冲销", [Column("number", link=True), Column("form"), Column("on"), Money("value")], _back, most=50),
        Attachments(), History(),
    ],
    forms={
        actions.receive_goods: forms.ReceiveForm, actions.issue_goods: forms.IssueForm, actions.lend_goods: forms.LendForm,
        actions.transfer_goods: forms.TransferForm, actions.send_back_goods: forms.SendBackForm, actions.write_off_goods: forms.WriteOffForm,
        actions.return_goods: forms.ReturnForm, actions.extend_loan: forms.ExtendForm, actions.reverse_slip: forms.ReverseForm, actions.sign_slip: books.SignSlipForm,
    },
    prints=[Print("打印单据", "stores:slip-paper", "printer", "stores.read_slip")],
)  # fmt: skip
screens.register(SLIPS)


def _in_store(ctx: Ctx, place: Place) -> Any:
    rows = Balance.objects.visible_to(ctx) if ctx.may("stores.read_balance") else Balance.objects.none()
    return rows.lying().filter(place=place).select_related("item").order_by("item__pinyin")


screens.add(
    Place,
    Rows("这里的存货", [Column("item", label="物品", link=True), Column("lot"), Number("quantity"), Column("item.unit", label="单位"), Money("value", label="金额（元）")], _in_store, most=50),
)  # fmt: skip

say("stores.received", "入库", icon="package-import", tone="ok", text="{kinds} 种，{value_fen}")
say("stores.issued", "发料", icon="package-export", tone="info", text="{kinds} 种，{value_fen}")
say("stores.lent", "借出", icon="hand-move", tone="doing", text="{kinds} 种")
say("stores.returned", "退回", icon="arrow-back-up", tone="ok", text="{slip}：{kinds} 种，{value_fen}")
say("stores.extended", "续借", icon="calendar", tone="info", text="到 {due_on}")
say("stores.transferred", "调库", icon="transfer", text="到 {to}：{kinds} 种")
say("stores.sent_back", "退货", icon="arrow-back-up", tone="warn", text="{kinds} 种，{value_fen}")
say("stores.written_off", "报损", icon="recycle", tone="warn", text="{kinds} 种，{value_fen}")
say("stores.reversed", "冲销", icon="refresh", tone="warn", text="{slip}")
