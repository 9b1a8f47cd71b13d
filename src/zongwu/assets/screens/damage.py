"""The pages of damage and of the price list."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.assets import actions, forms
from zongwu.assets.models import Asset, Damage, Payment, Price
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Approval, Attachments, Column, Facts, History, Money, Rows, Screens, View


class DamageFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=DocumentState.choices, empty_label="不限")
    cause = f.ChoiceFilter(label="原因", choices=Damage.Cause.choices, empty_label="不限")
    waiting = f.ChoiceFilter(
        label="赔款", choices=[("unpaid", "没有收清"), ("write_off", "等报损")], method="is_waiting", empty_label="不限"
    )

    class Meta:
        model = Damage
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.unpaid() if value == "unpaid" else rows.to_write_off()


def _payments(ctx: Ctx, damage: Damage) -> Any:
    return Payment.objects.filter(damage=damage).order_by("id")


def _of_asset(ctx: Ctx, card: Asset) -> Any:
    return Damage.objects.visible_to(ctx).filter(asset=card).order_by("-id")


DAMAGES = Screens(
    model=Damage, area="assets", name="damages", title="损坏赔偿", icon="alert-triangle", read="assets.read_damage", unit="张",
    blank="东西坏了、丢了，先报一张：谁的责任、怎么处理、赔多少。责任人签认，总务处核定，收了钱开收据。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("cause", hidden=True), Column("answers", label="谁赔", needs=("payer", "payer_class")),
        Column("remedy"), Money("amount", label="应赔（元）", phone="end", total=True), Money("paid", label="已赔（元）", total=True),
        Column("applied_on", sort=True, phone="line"), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-applied_on", filters=DamageFilters,
    views=[View("全部", ""), View("审批中", "state=running"), View("赔款没有收清", "waiting=unpaid")],
    detail=[
        Approval(),
        Facts("损坏", ["asset", "what", "quantity", "place", "happened_on", "cause", "remedy", "payer", "payer_class", "applicant", "account"]),
        Facts("赔偿", ["item", Money("full", label="价款（元）"), Money("wear", label="扣正常损耗（元）"), Money("amount", label="应赔（元）"), Money("paid", label="已赔（元）"), "paid_on"], columns=3),
        Rows("收款", [Column("receipt_number"), Column("on"), Money("amount", label="金额（元）"), Column("cancelled_on")], _payments),
        Attachments(), History(),
    ],
    forms={
        actions.report_damage: forms.DamageForm, actions.revise_damage: forms.DamageForm, actions.submit_damage: forms.SubmitForm,
        actions.drop_damage: forms.DropForm, actions.take_payment: forms.PaymentForm, actions.cancel_payment: forms.CancelForm,
    },
)  # fmt: skip
PRICES = Screens(
    model=Price, area="assets", name="prices", title="赔偿价目", icon="coin", read="assets.read_damage", unit="条",
    blank="玻璃、门锁、桌面这些常坏的，定好价，坏了按价目赔。",
    columns=[
        Column("name", link=True, sort=True, phone="title"), Column("unit", phone="line"), Money("price", label="单价（元）", phone="end"), Column("closed_on"),
    ],
    default_order="name", detail=[Facts("价目", ["name", "unit", Money("price", label="单价（元）"), "closed_on"]), History()],
    forms={actions.add_price: forms.PriceForm, actions.change_price: forms.ChangePriceForm},
)  # fmt: skip
screens.register(DAMAGES, PRICES)
screens.add(
    Asset,
    Rows("损坏赔偿", [Column("number", link=True), Column("title", label="内容"), Money("amount", label="应赔（元）"), Column("state", badge=TONES)], _of_asset),
)  # fmt: skip

say("damage.reported", "报损坏", icon="alert-triangle", tone="warn", text="{cause}，{remedy}；应赔 {amount_fen}")
say("damage.revised", "改赔偿单", icon="edit", text="{cause}，{remedy}；应赔 {amount_fen}")
say("damage.submitted", "赔偿单送签", icon="send", tone="info", text="应赔 {amount_fen}；{route}")
say("damage.settled", "损坏已核定", icon="check", tone="ok")
say("damage.dropped", "作废赔偿单", icon="ban")
say("damage.paid", "收到赔款", icon="coin", tone="ok", text="{amount_fen}，{on}")
say("damage.unpaid", "作废收据", icon="ban", tone="warn", text="{amount_fen}")
say("price.added", "添赔偿价目", icon="plus", text="{price_fen}")
say("price.changed", "改价", icon="edit", text="{price_fen}")
say("price.closed", "停用价目", icon="ban")
