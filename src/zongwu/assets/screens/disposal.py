"""The pages of disposals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters as f

from zongwu.assets import actions, forms
from zongwu.assets.models import Disposal, DisposalLine
from zongwu.kernel.amounts import yuan_in_words
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import (
    Approval,
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    Print,
    Screens,
    View,
)


class DisposalFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=DocumentState.choices, empty_label="不限")
    form = f.ChoiceFilter(label="处置形式", choices=Disposal.Form.choices, empty_label="不限")
    waiting = f.ChoiceFilter(
        label="待办", choices=[("proceeds", "收入没有登记")], method="is_waiting", empty_label="不限"
    )

    class Meta:
        model = Disposal
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.unsettled()


def _lines(ctx: Ctx, disposal: Disposal) -> dict[str, Any]:
    lines = DisposalLine.objects.filter(disposal=disposal).select_related("asset").order_by("seq")
    found = list(lines)
    accumulated = sum((line.accumulated for line in found), Decimal(0))
    return {
        "lines": found, "disposal": disposal, "capital": yuan_in_words(disposal.value), "accumulated": accumulated,
        "net": disposal.value - accumulated,
    }  # fmt: skip


DISPOSALS = Screens(
    model=Disposal, area="assets", name="disposals", title="资产处置", icon="recycle", read="assets.read_disposal", unit="张",
    blank="报废、报损、调出、捐出、出售、置换都从这里走手续。先在台账里勾选要处置的资产，再点「申请处置」。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("form", hidden=True), Column("department", phone="line"), Number("cards"),
        Money("value", label="原值合计（元）", sort=True, phone="end", total=True), Column("applicant"), Column("applied_on", sort=True),
        Column("state", badge=TONES, sort=True, phone="badge"), Column("ended_on", hidden=True), Money("proceeds", hidden=True, total=True),
    ],
    default_order="-applied_on", filters=DisposalFilters,
    views=[View("全部", ""), View("审批中", "state=running"), View("草稿", "state=draft"), View("已退回", "state=returned"), View("已核销", "state=approved"),
           View("收入没有登记", "waiting=proceeds")],
    detail=[
        Approval(),
        Facts("申请单", ["form", "department", "applicant", "applied_on", "appraiser", "second_appraiser", "receiver", "ended_on", "reason"]),
        Part("处置清单", "assets/_disposal.html", _lines),
        Facts("处置收入", ["proceeds", "receipt_number", "settled_on"], columns=3),
        Attachments(), History(),
    ],
    forms={
        actions.apply_disposal: forms.DisposalForm, actions.revise_disposal: forms.DisposalForm, actions.drop_disposal: forms.DropForm,
        actions.submit_disposal: forms.SubmitForm, actions.settle_disposal: forms.SettleForm,
    },
    prints=[Print("打印申请单", "assets:disposal-form", "printer", "assets.read_disposal")],
)  # fmt: skip
screens.register(DISPOSALS)

say("disposal.drafted", "起草处置申请", icon="recycle", text="{cards} 张，{value_fen}")
say("disposal.revised", "改处置申请", icon="edit", text="{cards} 张，{value_fen}")
say("disposal.submitted", "提交处置申请", icon="send", tone="info", text="{cards} 张，{value_fen}；{route}")
say("disposal.struck_off", "处置通过，核销", icon="recycle", tone="warn")
say("disposal.dropped", "作废处置申请", icon="ban")
say("disposal.settled", "登记处置收入", icon="coin", tone="ok", text="{proceeds_fen}")
