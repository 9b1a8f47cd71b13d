"""Approvals as pages: the list of cases, who signs in whose place, the routes."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.urls import reverse

from zongwu.kernel.approvals import (
    actions,
    conditions,
    deputies,
    editing,  # noqa: F401 - its verbs are told by pages of their own
    people,
)
from zongwu.kernel.approvals.matters import MATTERS, Matter
from zongwu.kernel.approvals.models import Case, CaseState, Deputy
from zongwu.kernel.approvals.people import Seat
from zongwu.kernel.approvals.prescribed import Route
from zongwu.kernel.ctx import Ctx
from zongwu.ui import addresses, case_forms, navigation, screens
from zongwu.ui.filters import Filters
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Approval, Column, Facts, History, Money, Number, Part, Screens, View

TONES: screens.Tones = {
    CaseState.RUNNING: "info", CaseState.RETURNED: "back", CaseState.APPROVED: "ok", CaseState.REFUSED: "bad", CaseState.WITHDRAWN: "neutral",
    "draft": "neutral", "dropped": "neutral",
}  # fmt: skip
"""Of cases and of documents."""


class CaseFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=CaseState.choices, empty_label="不限")
    matter = f.ChoiceFilter(
        label="事项", choices=lambda: [(code, one.label) for code, one in MATTERS.items()], empty_label="不限"
    )

    class Meta:
        model = Case
        fields: list[str] = []


def _document(ctx: Ctx, case: Case) -> dict[str, str]:
    return {"url": addresses.ref_url(ctx.school, f"{case.object_kind}:{case.object_id}"), "name": str(case)}


def _route(ctx: Ctx, route: Route) -> dict[str, Any]:
    matter = MATTERS[route.matter]
    steps = people.steps_of(route, ctx.today)
    told = [
        (step, conditions.spoken(step.condition, matter.asks), [_seat(matter, seat) for seat in step.seats])
        for step in steps
    ]
    url = reverse("route-revise", args=[ctx.school.code, route.pk]) if route.retired_on is None else ""
    add_url = reverse("route-add", args=[ctx.school.code, route.matter])
    return {"told": told, "url": url, "add_url": add_url, "route": route}


def _seat(matter: Matter, seat: Seat) -> tuple[str, str]:
    """What stands at a stage, and who that is today."""
    if seat.party:
        return matter.parties[seat.party].label if seat.party in matter.parties else seat.party, "看单子"
    return seat.label, "、".join(who.name for who in seat.people) or "现在没有人"


DECISIONS = (
    actions.agree, actions.refuse, actions.send_back, actions.pass_on, actions.add_signers, actions.withdraw, actions.answer_withdrawal,
    actions.copy_to, actions.urge,
)  # fmt: skip
"""Offered by the panel to whom they concern."""

CASES = Screens(
    model=Case, area="approvals", name="cases", title="审批", icon="checks", read="approvals.read_case", unit="件",
    blank="处置、调拨、盘点结果这些要签字的单子，提交以后都在这里：走到哪一步、等谁。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("matter_label", label="事项"),
        Money("amount", label="金额（元）", phone="end"), Column("starter", phone="line"), Column("stage", label="现在的步骤"), Column("state", badge=TONES, phone="badge"),
        Column("started_at", label="发起时间", sort=True),
    ],
    default_order="-started_at", filters=CaseFilters,
    views=[View("全部", ""), View("审批中", "state=running"), View("已退回", "state=returned"), View("已通过", "state=approved"), View("已拒绝", "state=refused")],
    detail=[
        Approval(),
        Facts("基本信息", ["number", "title", "matter_label", "amount", "starter", "started_at", "ended_at", "route"]),
        Part("单子", "ui/_document.html", _document, side=True),
        History(),
    ],
    quiet=DECISIONS,
    forms={
        actions.agree: case_forms.AgreeForm, actions.refuse: case_forms.RefuseForm, actions.send_back: case_forms.SendBackForm,
        actions.pass_on: case_forms.PassOnForm, actions.add_signers: case_forms.AddSignersForm, actions.withdraw: case_forms.WithdrawForm,
        actions.answer_withdrawal: case_forms.AnswerWithdrawalForm, actions.copy_to: case_forms.CopyForm, actions.reassign: case_forms.ReassignForm,
    },
)  # fmt: skip


DEPUTIES = Screens(
    model=Deputy, area="approvals", name="deputies", title="委托代办", icon="user-share", read="approvals.sign", unit="次",
    blank="出差、请假时请人代签，写明从哪天到哪天，到期自动收回。经过里两个人的名字都在。",
    columns=[
        Column("person", label="委托人", phone="line"), Column("deputy", label="代办人", link=True, phone="title"), Column("from_on"),
        Column("until_on", sort=True), Column("ended_on"),
    ],
    default_order="-until_on", detail=[Facts("委托", ["person", "deputy", "from_on", "until_on", "ended_on"]), History()],
    forms={deputies.deputise: case_forms.DeputyForm},
)  # fmt: skip

ROUTES = Screens(
    model=Route, area="approvals", name="routes", title="审批路线", icon="sitemap", read="approvals.edit_routes", unit="条",
    blank="哪种单子走哪几步、每步谁签。程序带了一套，学校可以改；改了只管以后的单子。",
    columns=[
        Column("matter_label", label="事项", phone="line"), Column("name", link=True, phone="title"), Number("version", label="版本"),
        Column("when", label="什么时候走"), Column("made_on", label="自", sort=True), Column("retired_on", label="停用"),
    ],
    default_order="-made_on",
    detail=[
        Facts("路线", ["matter_label", "name", "version", "rank", Column("when", label="什么时候走"), "source", "made_on", "retired_on"]),
        Part("步骤", "ui/_route.html", _route), History(),
    ],
)  # fmt: skip
screens.register(CASES, DEPUTIES, ROUTES)
navigation.register(
    Entry("approvals", "审批", "checks", "approvals:cases", "approvals.read_case", order=10, children=(
        Entry("approvals", "全部审批", "checks", "approvals:cases", "approvals.read_case"),
        Entry("approvals", "委托代办", "user-share", "approvals:deputies", "approvals.sign"),
        Entry("approvals", "审批路线", "sitemap", "approvals:routes", "approvals.edit_routes"),
    ))
)  # fmt: skip
