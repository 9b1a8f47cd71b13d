"""The pages of a comparison with the finance bureau's list."""

from __future__ import annotations

import django_filters as f

from zongwu.assets import actions, forms
from zongwu.assets.models import Mismatch, Reconciliation
from zongwu.ui import screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Column, Facts, History, Money, Number, Part, Screens, View

RESULTS: screens.Tones = {"differs": "warn", "here": "info", "there": "bad"}


class MismatchFilters(Filters):
    reconciliation = f.ModelChoiceFilter(
        label="哪一次核对", queryset=lambda request: Reconciliation.objects.order_by("-id"), empty_label="不限"
    )
    result = f.ChoiceFilter(label="结果", choices=Mismatch.Result.choices, empty_label="不限")

    class Meta:
        model = Mismatch
        fields: list[str] = []


RECONCILIATIONS = Screens(
    model=Reconciliation, area="assets", name="reconciliations", title="财政核对", icon="list-details", read="assets.reconcile", unit="次",
    blank="从财政局的资产系统导出卡片明细表，在这里上传：哪些一样、哪些不一样、哪些只在一边，一张一张列出来。",
    columns=[
        Column("number", link=True, phone="line"), Column("file_name", phone="title"), Column("made_on", sort=True, phone="line"), Column("made_by"), Number("same"),
        Number("differ"), Number("only_here"), Number("only_there"), Money("gap", label="原值相差（元）"),
    ],
    default_order="-made_on",
    detail=[
        Facts("两边", ["file_name", "made_on", "made_by", "ours", "theirs", Money("our_value", label="台账原值（元）"), Money("their_value", label="财政原值（元）"), Money("gap", label="相差（元）"), "unread"]),
        Part("结果", "assets/_reconciliation.html", lambda ctx, made: {"made": made}), History(),
    ],
    forms={actions.reconcile_register: forms.ReconcileForm},
)  # fmt: skip
MISMATCHES = Screens(
    model=Mismatch, area="assets", name="mismatches", title="核对差异", icon="list-details", read="assets.reconcile", unit="条",
    columns=[
        Column("result", badge=RESULTS, sort=True, phone="badge"), Column("asset", label="台账卡片", phone="title"), Column("finance_number", link=True, phone="line"), Column("name"),
        Number("asset.quantity", label="台账数量"), Number("quantity"), Money("asset.value", label="台账原值"), Money("value"), Column("says", phone="line"), 
        Number("row", label="表上第几行", hidden=True), Column("outcome", label="怎么办的"), Column("reconciliation", hidden=True),
    ],
    default_order="result", filters=MismatchFilters,
    views=[View("全部", ""), View("不一致", "result=differs"), View("只在台账", "result=here"), View("只在财政", "result=there")],
    detail=[Facts("差异", ["result", "asset", "finance_number", "name", "quantity", "value", "says", "row", "reconciliation", "settled_on", "outcome"]), History()],
    forms={actions.settle_mismatch: forms.SettledForm},
)  # fmt: skip
screens.register(RECONCILIATIONS, MISMATCHES)

say(
    "register.reconciled",
    "和财政卡片核对",
    icon="list-details",
    text="一致 {same}，不一致 {differ}，只在台账 {only_here}，只在财政 {only_there}",
)
say("mismatch.settled", "核对差异办完", icon="check", tone="ok", text="{on}")
say("asset.finance_number", "填财政卡片号", icon="edit", text="{number}")
