"""The pages of custody: agreements, rooms looked through, and what was not as it should be."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.urls import reverse

from zongwu.assets import actions, custody, forms
from zongwu.assets.actions.custody import DRAW
from zongwu.assets.models import Agreement, AgreementLine, Finding, RoomCheck
from zongwu.kernel import clock
from zongwu.kernel.approvals import signatures
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Place
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
    Rows,
    Screens,
    View,
)

FOUND: screens.Tones = {"missing": "bad", "broken": "warn", "elsewhere": "info"}


class AgreementFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=DocumentState.choices, empty_label="不限")
    waiting = f.ChoiceFilter(
        label="等什么", choices=[("check", "这个月没有自查"), ("accept", "到期没有验收")], method="is_waiting", empty_label="不限"
    )  # fmt: skip
    accepted = f.ChoiceFilter(
        label="验收", choices=[("clean", "没有损失"), ("loss", "有损失")], method="was_accepted", empty_label="不限"
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        return rows.to_check(today) if value == "check" else rows.to_accept(today)

    def was_accepted(self, rows: Any, name: str, value: str) -> Any:
        done = rows.exclude(accepted_on=None)
        return done.filter(loss=0, missing=0) if value == "clean" else done.exclude(loss=0, missing=0)


class CheckFilters(Filters):
    purpose = f.ChoiceFilter(label="哪一种", choices=RoomCheck.Purpose.choices, empty_label="不限")

    class Meta:
        model = RoomCheck
        fields: list[str] = []


class FindingFilters(Filters):
    how = f.ChoiceFilter(label="怎么不对", choices=Finding.How.choices, empty_label="不限")
    settled = f.ChoiceFilter(label="办了没有", choices=[("no", "还没办")], method="is_open", empty_label="不限")

    class Meta:
        model = Finding
        fields: list[str] = []

    def is_open(self, rows: Any, name: str, value: str) -> Any:
        return rows.open()


def _lines(ctx: Ctx, agreement: Agreement) -> Any:
    return AgreementLine.objects.filter(agreement=agreement).select_related("asset").order_by("seq")


def _checks(ctx: Ctx, agreement: Agreement) -> Any:
    return RoomCheck.objects.visible_to(ctx).filter(agreement=agreement).order_by("-id")


def _findings(ctx: Ctx, check: RoomCheck) -> Any:
    return Finding.objects.filter(check_of=check).select_related("asset").order_by("asset__number")


def _room(ctx: Ctx, place: Place) -> dict[str, Any] | None:
    """What a room's page says of its things, and the way to look them through."""
    cards = custody.standing(place).count()
    if not cards or not custody.answers_for(ctx, place):
        return None
    last = RoomCheck.objects.filter(place=place, state=DocumentState.APPROVED).order_by("-id").first()
    return {
        "cards": cards, "last": last, "agreement": custody.agreement_of(place), "today": ctx.today,
        "url": reverse("assets:room", args=[ctx.school.code, place.pk]),
        "draw": f"{reverse('assets:agreements-new', args=[ctx.school.code, 'draw_agreements'])}?places={place.pk}" if ctx.may(DRAW) else "",
    }  # fmt: skip


def _go(ctx: Ctx, agreement: Agreement) -> dict[str, Any] | None:
    return _room(ctx, agreement.place) if agreement.state == DocumentState.APPROVED else None


def _inks(ctx: Ctx, row: Agreement | RoomCheck) -> dict[str, Any] | None:
    """Who signed beside those of the approval: a pupil, and whoever made a self-check."""
    signed = [("学生代表", row.pupils_ink), (str(row.applicant), getattr(row, "ink", ""))]
    drawn = [(name, signatures.lines(ink)) for name, ink in signed if ink]
    return {"drawn": drawn} if drawn else None


AGREEMENTS = Screens(
    model=Agreement, area="assets", name="agreements", title="财产保管责任书", icon="file-text", read="assets.read_agreement", unit="份",
    blank="开学给每个班、每间专用室各开一份：清单从台账抄，班主任和学生代表签字，期末按清单验收。",
    columns=[
        Column("number", link=True, phone="line"), Column("place", phone="title"), Column("whose", label="谁负责", needs=("school_class", "keeper"), phone="line"), Column("keeper", hidden=True),
        Number("cards"), Money("value", label="原值（元）", total=True), Column("until_on"), Column("accepted_on"), Number("missing"), Money("loss", label="损失（元）", total=True),
        Column("loss_rate", label="损失率"), Column("applied_on", label="开的日期", sort=True, hidden=True), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-applied_on", filters=AgreementFilters,
    views=[View("全部", ""), View("在签", "state=running"), View("这个月没有自查", "waiting=check"), View("到期没有验收", "waiting=accept"), View("没有损失", "accepted=clean")],
    detail=[
        Approval(),
        Facts("责任书", ["term", "place", "school_class", "keeper", "head", "until_on", "pupils_signed_on", "accepted_on", "missing", Money("loss", label="损失（元）"), Column("loss_rate", label="损失率")]),
        Facts("约定", ["terms"], columns=1),
        Part("签名", "assets/_ink.html", _inks),
        Part("点一遍", "assets/_room.html", _go),
        Rows("清单", [Column("asset.number", label="编号"), Column("asset", label="资产", link=False), Number("quantity"), Money("value", label="原值（元）")], _lines, most=500),
        Rows("自查和验收", [Column("number", link=True), Column("title", label="结果"), Column("applied_on", label="日期"), Column("state", badge=TONES)], _checks),
        Attachments(), History(),
    ],
    forms={
        actions.draw_agreements: forms.DrawForm, actions.submit_agreement: forms.AgainForm, actions.drop_agreement: forms.DropForm,
        actions.sign_for_pupils: forms.PupilsForm,
    },
    prints=[Print("打印责任书", "assets:agreement-paper", "printer", "assets.read_agreement")],
)  # fmt: skip
CHECKS = Screens(
    model=RoomCheck, area="assets", name="checks", title="自查和验收", icon="checks", read="assets.read_agreement", unit="次",
    blank="扫房间的码，或者打开房间的页面，点「点一遍」：都在就一下，不对的标出来。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("purpose", phone="line"), Number("cards"), Number("wrong"),
        Column("applicant", label="谁点的"), Column("applied_on", label="日期", sort=True), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-applied_on", filters=CheckFilters, views=[View("全部", ""), View("期末验收", "purpose=accept")],
    detail=[
        Approval(), Facts("结果", ["place", "purpose", "agreement", "keeper", "head", "cards", "wrong", "applicant", "applied_on"]),
        Rows("不对的", [Column("asset.number", label="编号", link=False), Column("asset", label="资产", link=True), Column("how", badge=FOUND), Number("quantity"), Column("note"),
                        Column("outcome"), Column("settled_on")], _findings, most=200),
        Part("签名", "assets/_ink.html", _inks), Attachments(), History(),
    ],
    forms={actions.drop_check: forms.DropForm},
)  # fmt: skip
FINDINGS = Screens(
    model=Finding, area="assets", name="findings", title="自查发现", icon="alert-triangle", read="assets.read_agreement", unit="件",
    blank="自查和验收里标出来的，一件一件落实：找到了、报修了、开了赔偿单，写上结果。",
    columns=[
        Column("asset", link=True, phone="title"), Column("check_of.place", label="房间", phone="line"), Column("how", badge=FOUND, phone="badge"), Number("quantity"), Column("note"),
        Column("check_of.applicant", label="谁点的"), Column("found_on", sort=True), Column("settled_on"), Column("outcome", label="结果"),
    ],
    default_order="-found_on", filters=FindingFilters, views=[View("还没办", "settled=no"), View("全部", "")],
    detail=[Facts("发现", ["asset", "check_of", "how", "quantity", "note", "found_on", "settled_on", "outcome"]), History()],
    forms={actions.settle_finding: forms.OutcomeForm},
)  # fmt: skip
screens.register(AGREEMENTS, CHECKS, FINDINGS)
screens.add(
    Place,
    Part("点一遍", "assets/_room.html", _room),
    Print("打房间码", "assets:room-labels", "qrcode", "assets.print_labels"),
)

say("place.labelled", "打房间码", icon="qrcode")
say("agreement.drawn", "开责任书", icon="file-text", text="{agreements} 份，{cards} 张卡片；{until_on} 到期")
say("agreement.submitted", "责任书重新送签", icon="send", tone="info", text="{cards} 张；{route}")
say("agreement.pupils_signed", "学生代表签了名", icon="edit", tone="ok")
say("agreement.signed", "责任书生效", icon="check", tone="ok")
say("agreement.dropped", "作废责任书", icon="ban")
say("room.checked", "点了一遍", icon="checks", tone="ok", text="{cards} 项，{wrong} 项不对")
say("room.accepting", "期末验收送签", icon="send", tone="info", text="{cards} 项，{wrong} 项不对；{route}")
say("room.accepted", "期末验收完成", icon="clipboard-check", tone="ok")
say("room.dropped", "作废验收", icon="ban")
say("finding.settled", "自查发现办完", icon="check", tone="ok", text="{on}")
