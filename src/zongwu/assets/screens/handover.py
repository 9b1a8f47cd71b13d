"""The pages of hand-over slips."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.assets import actions, forms
from zongwu.assets.models import Handover, HandoverLine
from zongwu.kernel import clock
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Approval, Attachments, Column, Facts, History, Number, Print, Rows, Screens, View


class HandoverFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=DocumentState.choices, empty_label="不限")
    form = f.ChoiceFilter(label="办什么", choices=Handover.Form.choices, empty_label="不限")
    waiting = f.ChoiceFilter(
        label="借用", choices=[("lent", "还在外面"), ("overdue", "过期没还")], method="is_out", empty_label="不限"
    )

    class Meta:
        model = Handover
        fields: list[str] = []

    def is_out(self, rows: Any, name: str, value: str) -> Any:
        return rows.lent() if value == "lent" else rows.overdue(clock.today())


def _lines(ctx: Ctx, handover: Handover) -> Any:
    return HandoverLine.objects.filter(handover=handover).select_related("asset", "asset__place").order_by("seq")


HANDOVERS = Screens(
    model=Handover, area="assets", name="handovers", title="资产交接", icon="user-share", read="assets.read_handover", unit="张",
    blank="领用、借用、部门调拨、保管移交都开一张单子，双方签字，台账跟着改。先在台账里勾选资产，再点「开交接单」；离岗移交可以不勾，按人一次交完。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("form", hidden=True), Column("giver", hidden=True), Column("receiver", phone="line"),
        Number("cards"), Column("due_on", label="归还期限"), Column("applied_on", sort=True), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-applied_on", filters=HandoverFilters,
    views=[View("全部", ""), View("审批中", "state=running"), View("还在外面", "waiting=lent"), View("过期没还", "waiting=overdue")],
    detail=[
        Approval(),
        Facts("交接单", ["form", "giver", "receiver", "witness", "from_department", "to_department", "to_place", "due_on", "applicant", "applied_on", "reason"]),
        Rows("交接明细", [
            Column("asset.number", label="编号"), Column("asset", label="资产", link=False), Column("asset.place", label="现在在"), Column("returned_on"),
            Column("condition"), Column("note"),
        ], _lines, most=500),
        Attachments(), History(),
    ],
    forms={
        actions.draw_handover: forms.HandoverForm, actions.submit_handover: forms.SubmitForm, actions.drop_handover: forms.DropForm,
        actions.return_loan: forms.ReturnForm, actions.renew_loan: forms.RenewForm,
    },
    prints=[Print("打印交接单", "assets:handover-slip", "printer", "assets.read_handover")],
)  # fmt: skip
screens.register(HANDOVERS)

say("handover.drawn", "开交接单", icon="user-share", text="{form}，{cards} 张；给{to}")
say("handover.submitted", "交接单送签", icon="send", tone="info", text="{cards} 张；{route}")
say("handover.done", "交接完成", icon="user-share", tone="ok")
say("handover.dropped", "作废交接单", icon="ban")
say("handover.returned", "归还", icon="arrow-back-up", tone="ok", text="{cards} 张，{on}")
say("handover.renewed", "续借", icon="calendar", tone="info", text="到 {due_on}")
