"""The register's pages, described once; and how its verbs are told."""

from __future__ import annotations

from typing import Any

from zongwu.assets import actions, forms, queries
from zongwu.assets.filters import AssetFilters
from zongwu.assets.models import Asset, AssetSpell, DepreciationRun, State
from zongwu.kernel import codes
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Place
from zongwu.ui import home, navigation, screens
from zongwu.ui.history import say
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import (
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    People,
    Print,
    Rows,
    Screens,
    View,
)

TONES: screens.Tones = {
    State.IN_USE: "ok", State.IDLE: "info", State.REPAIR: "doing", State.LENT: "doing", State.PENDING: "warn",
    State.DISPOSED: "neutral", "good": "ok", "broken": "bad",
}  # fmt: skip


def _value(ctx: Ctx, asset: Asset) -> dict[str, Any]:
    depreciation = queries.depreciation_of(asset)
    curve = queries.curve_of(asset, depreciation) if depreciation else ""
    return {"asset": asset, "depreciation": depreciation, "curve": curve, "reason": queries.why_not(asset)}


def _label(ctx: Ctx, asset: Asset) -> dict[str, Any]:
    return {"asset": asset, "code": codes.valid(Asset.kind, [asset.pk]).get(asset.pk, "")}


def _spells(ctx: Ctx, asset: Asset) -> Any:
    return AssetSpell.objects.filter(asset=asset).select_related("place", "department", "custodian").order_by("-seq")


def _in_room(ctx: Ctx, place: Place) -> Any:
    inside = Place.objects.under(place).values("pk")
    return (
        Asset.objects.visible_to(ctx).on_books().filter(place__in=inside).select_related("custodian").order_by("number")
    )


def _of_person(ctx: Ctx, person: Person) -> Any:
    rows = Asset.objects.visible_to(ctx).on_books().select_related("place")
    return (rows.filter(custodian=person) | rows.filter(user=person) | rows.filter(responsible=person)).order_by(
        "number"
    )


ASSETS = Screens(
    model=Asset, area="assets", name="cards", title="资产台账", icon="package", read="assets.read_asset", unit="张",
    blank="学校的固定资产一张卡片一条：是什么、值多少、在哪里、谁在用。手里有 Excel 台账，直接导入最快。",
    columns=[
        Column("number", link=True, sort=True, phone="line"),
        Column("name", label="名称与规格", sub="spec", sort="pinyin", phone="title"),
        Column("place", sort="place_path", phone="line"),
        Column("custodian", sort="custodian_pinyin", low=True),
        Column("state", badge=TONES, sort=True, phone="badge"),
        Number("quantity"),
        Money("value", label="原值（元）", sort=True, total=True, phone="end"),
        Money("net", label="净值（元）", low=True),
        Column("category", label="分类代码", sort=True, hidden=True),
        Column("category_name", label="分类", hidden=True),
        Column("department", sort="department_pinyin", hidden=True),
        Column("user", hidden=True),
        Column("responsible", hidden=True),
        Column("condition", badge=TONES, hidden=True),
        Column("acquired_on", hidden=True),
        Column("precision", hidden=True),
        Money("accumulated", total=True, hidden=True),
        Column("finance_number", hidden=True),
        Column("serial", hidden=True),
        Column("funding", hidden=True),
        Column("warranty_until", hidden=True),
        Column("remark", hidden=True),
    ],
    default_order="-number", filters=AssetFilters,
    views=[View("全部（含已处置）", ""), View("在用", "state=in_use"), View("闲置", "state=idle"), View("待处置", "state=pending"), View("已处置", "state=disposed"),
           View("损坏", "waiting=broken"), View("日期待确认", "waiting=date"), View("作废", "void=yes")],
    detail=[
        Part("已作废", "assets/_void.html", lambda ctx, card: {"card": card} if card.void else None),
        Facts("基本信息", [
            Column("category_name", label="分类"), "spec", "place", "finance_number", "method", Column("acquired", label="取得日期"), "funding", "supplier",
            "department", "quantity", "condition", "serial", "brand", "purpose", "warranty_until", "remark",
        ]),
        People("三个人", ["user", "responsible", "custodian"]),
        Part("价值与折旧", "assets/_value.html", _value, note="平均年限法，无残值；当月入账当月提"),
        Attachments(),
        Rows("变动时段", [Column("from_on", label="自"), Column("until_on", label="至"), Column("state", label="状况", badge=TONES),
                         Column("place", label="地点"), Column("custodian", label="保管人"), Money("value", label="原值")], _spells),
        History("一生"),
        Part("标签", "assets/_label.html", _label, side=True),
    ],
    forms={
        actions.register_asset: forms.RegisterForm, actions.move_asset: forms.MoveForm,
        actions.hand_over_asset: forms.HandOverForm, actions.change_state: forms.StateForm,
        actions.confirm_category: forms.CategoryForm, actions.confirm_date: forms.DateForm,
        actions.correct_asset: forms.CorrectForm, actions.revalue_asset: forms.RevalueForm, actions.void_asset: forms.VoidForm,
    },
    prints=[Print("打标签", "assets:labels", "tag", "assets.print_labels")], imports="assets",
)  # fmt: skip

DEPRECIATION = Screens(
    model=DepreciationRun, area="assets", name="depreciation", title="月折旧", icon="calculator", read="assets.read_depreciation",
    unit="个月", blank="每月提一次折旧：全部在册卡片一次算完。第一次提时，以前各月的折旧一并补上。",
    columns=[
        Column("of_month", "月份", link=True, sort="month", phone="title"), Number("cards"), Money("total", phone="end"), Money("opening_total"),
    ],
    default_order="-of_month", detail=[Facts("本月", ["of_month", "cards", "total", "opening_total"]), History()],
    forms={actions.depreciate_month: forms.DepreciateForm},
)  # fmt: skip

screens.register(ASSETS, DEPRECIATION)
_BRIEF = [
    Column("number", label="编号", link=True), Column("name", label="名称"), Column("custodian", label="保管人"),
    Column("state", label="状况", badge=TONES), Money("value", label="原值（元）"),
]  # fmt: skip
screens.add(Place, Rows("这里的资产", _BRIEF, _in_room, empty="这里没有登记资产。", most=50))
screens.add(Person, Rows("名下的资产", _BRIEF, _of_person, empty="名下没有资产。", most=50))

navigation.register(
    Entry("assets", "资产", "package", "assets:cards", "assets.read_asset", order=20, children=(
        Entry("assets", "台账", "package", "assets:cards", "assets.read_asset"),
        Entry("assets", "月折旧", "calculator", "assets:depreciation", "assets.read_depreciation"),
        Entry("assets", "交接", "user-share", "assets:handovers", "assets.read_handover"),
        Entry("assets", "要东西", "hand-move", "assets:requests", "assets.ask_for_item"),
        Entry("assets", "配发", "package-export", "assets:rollouts", "assets.read_rollout"),
        Entry("assets", "盘点", "clipboard-check", "assets:stocktakes", "assets.read_stocktake"),
        Entry("assets", "要盘的房间", "scan", "assets:rooms", "assets.count_assets"),
        Entry("assets", "责任书", "file-text", "assets:agreements", "assets.read_agreement"),
        Entry("assets", "自查和验收", "checks", "assets:checks", "assets.read_agreement"),
        Entry("assets", "损坏赔偿", "alert-triangle", "assets:damages", "assets.read_damage"),
        Entry("assets", "赔偿价目", "coin", "assets:prices", "assets.set_price"),
        Entry("assets", "处置", "recycle", "assets:disposals", "assets.read_disposal"),
        Entry("assets", "财政核对", "list-details", "assets:reconciliations", "assets.reconcile"),
        Entry("assets", "标签", "tag", "assets:labels", "assets.print_labels"),
    ))
)  # fmt: skip
home.checklist(
    home.Item("导入资产台账", lambda: Asset.objects.all()[:1].exists(), "assets:cards", "assets.import_assets")
)
home.red_line("assets.loans_overdue", "assets.broken", "assets.date_open", "assets.warranty")
for key in ("assets.cards", "assets.value", "assets.added_value", "assets.named"):
    home.tile(key, order=20)
home.shortcut(home.Shortcut("资产", "package", "assets:cards", "assets.read_asset", order=40))

say("asset.registered", "建卡", icon="package-import", tone="ok", text="原值 {value_fen}，取得日期 {acquired_on}")
say("asset.corrected", "改资料", icon="edit")
say("asset.moved", "调拨", icon="transfer", tone="info", text="到 {to}")
say("asset.handed_over", "移交", icon="user-share", tone="info")
say("asset.state_changed", "改状况", icon="refresh", tone="doing")
say("asset.category_confirmed", "定分类", icon="category", tone="ok", text="{category}")
say("asset.date_confirmed", "定日期", icon="calendar", tone="ok", text="{acquired_on}")
say("asset.revalued", "改价值", icon="coin", tone="warn")
say("asset.voided", "作废", icon="ban", tone="neutral")
say("asset.labelled", "打标签", icon="tag", text="{cards} 张")
say("asset.depreciated", "计提折旧", icon="calculator", tone="info", text="{month}：{cards} 张，{total_fen}")
