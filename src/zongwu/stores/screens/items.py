"""The pages of the catalogue and of what lies where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters as f

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Place
from zongwu.stores import actions, forms
from zongwu.stores.figures import EXPIRY
from zongwu.stores.models import Balance, Item, Move, Quota
from zongwu.ui import home, navigation, screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Column, Facts, History, Money, Number, Rows, Screens, View


class ItemFilters(Filters):
    sort = f.ChoiceFilter(label="类别", choices=Item.Sort.choices, empty_label="不限")
    waiting = f.ChoiceFilter(
        label="提醒", choices=[("low", "到了警戒线"), ("none", "库里没有")], method="is_waiting", empty_label="不限"
    )
    closed = f.BooleanFilter(label="连停用的", method="with_closed")
    unless = "closed"

    class Meta:
        model = Item
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.open()

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        if value == "low":
            return rows.filter(pk__in=Item.objects.low().values("pk"))
        return rows.exclude(pk__in=Balance.objects.lying().values("item"))

    def with_closed(self, rows: Any, name: str, value: bool) -> Any:
        return rows


def _lying(ctx: Ctx, item: Item) -> Any:
    rows = Balance.objects.visible_to(ctx) if ctx.may("stores.read_balance") else Balance.objects.none()
    return rows.lying().filter(item=item).select_related("place").order_by("place__path", "expires_on", "lot")


def _moves(ctx: Ctx, item: Item) -> Any:
    """The latest first. Not read by whoever may not see the slips."""
    rows = Move.objects.visible_to(ctx) if ctx.may("stores.read_slip") else Move.objects.none()
    return (
        rows.filter(item=item)
        .select_related("slip", "slip__receiver", "slip__supplier", "from_place", "to_place")
        .order_by("-on", "-id")
    )


def _quotas(ctx: Ctx, item: Item) -> Any:
    rows = Quota.objects.visible_to(ctx) if ctx.may("stores.read_quota") else Quota.objects.none()
    return rows.filter(item=item).select_related("department").order_by("department__pinyin")


ITEMS = Screens(
    model=Item, area="stores", name="items", title="物品目录", icon="list-details", read="stores.read_item", unit="种", imports="",
    blank="库房里有的东西一种一行：品名、规格、单位、包装和警戒线。可以先添，也可以在入库时顺手添。",
    columns=[
        Column("name", link=True, sort="pinyin", sub="spec", phone="title"), Column("number", phone="line"), Column("sort", sort=True),
        Number("held", label="现存", phone="end"), Column("unit", phone="line"), Number("alarm"), Money("price"), Money("worth", label="库存金额（元）"),
        Column("shelf", low=True), Column("closed_on", hidden=True), Number("lacking", label="该补", low=True),
    ],
    default_order="name", filters=ItemFilters, views=[View("全部", ""), View("到了警戒线", "waiting=low"), View("库里没有", "waiting=none")],
    detail=[
        Facts("物品", ["number", "spec", "unit", "sort", "shelf", Number("held", label="现存"), Money("worth", label="库存金额（元）"), "alarm", "target", Number("lacking", label="该补"), Money("price"), "closed_on"]),
        Rows("在哪里", [Column("place", label="仓库"), Column("lot"), Column("expires_on"), Number("quantity"), Money("value", label="金额（元）"), Number("cost", label="平均单价")], _lying, empty="库里没有。", most=50),
        Rows("进出", [
            Column("on"), Column("slip", label="单据"), Column("slip.form", label="办什么"), Column("from_place", label="从"), Column("to_place", label="到"),
            Number("quantity"), Money("value", label="金额（元）"), Column("slip.receiver", label="领用人"), Column("slip.supplier", label="供货单位"),
        ], _moves, empty="还没有进出。", most=30),
        Rows("部门定额", [Column("department"), Column("period"), Number("quantity")], _quotas, most=30),
        History(),
    ],
    forms={actions.add_item: forms.ItemForm, actions.change_item: forms.ChangeItemForm},
)  # fmt: skip


class BalanceFilters(Filters):
    place = f.ModelChoiceFilter(
        label="仓库", queryset=lambda request: Place.objects.storerooms().order_by("path"), empty_label="不限"
    )
    sort = f.ChoiceFilter(label="类别", choices=Item.Sort.choices, field_name="item__sort", empty_label="不限")
    waiting = f.ChoiceFilter(label="提醒", choices=[("expiring", "快过期")], method="is_waiting", empty_label="不限")
    gone = f.BooleanFilter(label="连空的", method="with_gone")
    unless = "gone"

    class Meta:
        model = Balance
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.lying()

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        return rows.expiring(today + timedelta(days=int(EXPIRY.on(today))))

    def with_gone(self, rows: Any, name: str, value: bool) -> Any:
        return rows


BALANCES = Screens(
    model=Balance, area="stores", name="stock", title="库存", icon="building-warehouse", read="stores.read_balance", unit="条",
    blank="入库以后，这里一种、一批一行，数量和金额跟着每一张单子走。",
    columns=[
        Column("item", link=True, phone="title"), Column("place", phone="line"), Column("lot", phone="line"), Column("expires_on"),
        Number("quantity", sort=True, phone="end"), Column("item.unit", label="单位"), Number("cost", label="平均单价"), Money("value", sort=True, total=True),
    ],
    default_order="-value", filters=BalanceFilters, views=[View("全部", ""), View("快过期", "waiting=expiring")],
    detail=[Facts("库存", ["item", "place", "lot", "expires_on", "quantity", "item.unit", Number("cost", label="平均单价"), "value"]), History()],
)  # fmt: skip

screens.register(ITEMS, BALANCES)
navigation.register(
    Entry("stores", "库存", "building-warehouse", "stores:stock", "stores.read_balance", order=22, children=(
        Entry("stores", "库存", "building-warehouse", "stores:stock", "stores.read_balance"),
        Entry("stores", "发料台", "package-export", "stores:counter", "stores.issue_goods"),
        Entry("stores", "领东西", "shopping-cart", "stores:requisitions", "stores.read_requisition"),
        Entry("stores", "出入库单", "file-text", "stores:slips", "stores.read_slip"),
        Entry("stores", "物品目录", "list-details", "stores:items", "stores.read_item"),
        Entry("stores", "部门定额", "calculator", "stores:quotas", "stores.read_quota"),
        Entry("stores", "教材", "book", "stores:bookplans", "stores.read_books"),
        Entry("stores", "教材目录", "book", "stores:textbooks", "stores.read_books"),
        Entry("stores", "开学包", "package", "stores:packs", "stores.read_item"),
        Entry("stores", "盘点", "clipboard-check", "stores:counts", "stores.read_count"),
        Entry("stores", "收发存月报", "calendar-stats", "stores:statement", "stores.read_balance"),
    ))
)  # fmt: skip
for key in ("stores.value", "stores.issued_value"):
    home.tile(key, order=30)
home.red_line("stores.low", "stores.loans_overdue")

say("item.added", "添物品", icon="plus", tone="ok")
say("item.changed", "改物品资料", icon="edit")
say("item.closed", "停用物品", icon="ban")
say("item.reopened", "恢复物品", icon="refresh")
say("quota.set", "定领用定额", icon="calculator")
say("quota.dropped", "取消领用定额", icon="ban")
