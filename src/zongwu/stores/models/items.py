"""What a storeroom keeps: items, the units they come in, and what lies where. Seeds R1.15, R6.02."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from zongwu.kernel.amounts import round_price
from zongwu.kernel.fields import MoneyField, QuantityField, UnitPriceField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class ItemQuerySet(ScopedQuerySet):
    reads = "stores.read_item"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What the school keeps in store is no secret: everybody who takes things sees what there is."""
        return Q(pk__isnull=False) if span == "own" else super().in_range(ctx, span)

    def visible_to(self, ctx: Any) -> ItemQuerySet:
        rows: ItemQuerySet = super().visible_to(ctx)
        return rows.with_stock()

    def with_stock(self) -> ItemQuerySet:
        """Each with what is in store of it, over all storerooms."""
        lying = Balance.objects.filter(item=OuterRef("pk")).order_by().values("item")
        rows: ItemQuerySet = self.annotate(
            held=_sum(lying.annotate(n=Sum("quantity")), QuantityField()),
            worth=_sum(lying.annotate(n=Sum("value")), MoneyField()),
        )
        return rows

    def open(self) -> ItemQuerySet:
        return self.filter(closed_on=None)

    def low(self) -> ItemQuerySet:
        """At or below the alarm level; those without one are never low."""
        return self.open().filter(alarm__gt=0).with_stock().filter(held__lte=F("alarm"))


def _sum(rows: Any, kind: models.Field[Any, Any]) -> Any:
    return Coalesce(Subquery(rows.values("n"), output_field=kind), 0, output_field=kind)


class Item(SchoolModel):
    """One kind of goods, counted in its own unit."""

    kind = "item"

    class Sort(models.TextChoices):
        OFFICE = "office", "办公用品"
        TEACHING = "teaching", "教学用品"
        CLEANING = "cleaning", "清洁用品"
        REPAIR = "repair", "维修材料"
        SAFETY = "safety", "安全防护"
        SPORT = "sport", "文体用品"
        BOOK = "book", "教材"
        OTHER = "other", "其他"

    number = models.CharField("编号", max_length=30)
    name = models.CharField("品名", max_length=60)
    pinyin = models.CharField(max_length=200, editable=False)
    spec = models.CharField("规格", max_length=60, blank=True)
    unit = models.CharField("单位", max_length=10)
    sort = models.CharField("类别", max_length=10, choices=Sort, default=Sort.OTHER)
    shelf = models.CharField("库位", max_length=20, blank=True, help_text="架号，如 2 架 3 层；领料单按它排")
    alarm = QuantityField("警戒线", default=0, help_text="剩到这个数就提醒补货；0 是不提醒")
    target = QuantityField("补到", default=0, help_text="补货补到这个数")
    price = UnitPriceField("参考单价", default=0, help_text="最近一次入库的单价")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(ItemQuerySet)()

    held: Decimal = Decimal(0)
    """In store, over all storerooms; set by `with_stock`."""
    worth: Decimal = Decimal(0)
    """Yuan of that."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="item_number"),
            models.UniqueConstraint(fields=["school", "name", "spec"], name="item_named"),
            models.CheckConstraint(condition=Q(alarm__gte=0) & Q(target__gte=0) & Q(price__gte=0), name="item_levels"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", column, "id"], name=f"item_by_{column}") for column in ("pinyin", "sort")
        ]
        verbose_name = "物品"

    def __str__(self) -> str:
        return f"{self.name} {self.spec}".strip()

    @property
    def lacking(self) -> Decimal:
        """How many to buy to come up to the target; needs `with_stock`."""
        return max(max(self.target, self.alarm) - self.held, Decimal(0))


class Packing(SchoolModel):
    """A larger unit in which an item comes: 1 箱 = 20 包."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="packings", db_index=False)
    unit = models.CharField("包装", max_length=10)
    size = QuantityField("合多少")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "item", "unit"], name="packing_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="packing_size"),
        ]
        verbose_name = "包装"

    def __str__(self) -> str:
        return self.unit


class BalanceQuerySet(ScopedQuerySet):
    reads = "stores.read_balance"

    def in_range(self, ctx: Any, span: str) -> Q:
        """A branch keeper sees what lies in his storerooms."""
        if span == "own" and ctx.person:
            return Q(place__keeper=ctx.person)
        return super().in_range(ctx, span)

    def locked(self, items: Iterable[int], *places: Any) -> BalanceQuerySet:
        """Every batch of these items in these storerooms, to be changed: locked in key order, so that nobody waits for whoever waits for him."""
        return self.filter(place__in=places, item__in=set(items)).select_for_update(of=("self",)).order_by("pk")

    def lying(self) -> BalanceQuerySet:
        return self.filter(quantity__gt=0)

    def expiring(self, until: Any) -> BalanceQuerySet:
        return self.lying().filter(expires_on__lte=until)


class Balance(SchoolModel):
    """What lies of an item in one storeroom, of one batch. The moves say why; the database lets none go below zero."""

    kind = "balance"

    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="仓库")
    item = models.ForeignKey(Item, models.PROTECT, related_name="balances", db_index=False, verbose_name="物品")
    lot = models.CharField("批次", max_length=30, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    quantity = QuantityField("数量", default=0)
    value = MoneyField("金额", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(BalanceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "item", "place", "lot"], name="balance_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0) & Q(value__gte=0), name="balance_not_below_zero"),
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(value=0), name="balance_nothing_costs_nothing"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "place", "item"], name="balance_of_place"),
            models.Index(fields=["school", "value", "id"], name="balance_by_value"),
            models.Index(fields=["school", "quantity", "id"], name="balance_by_quantity"),
            models.Index(
                fields=["school", "expires_on"], condition=Q(expires_on__isnull=False), name="balance_expiring"
            ),
        ]
        verbose_name = "库存"

    def __str__(self) -> str:
        return f"{self.item}（{self.place}{f'，批次 {self.lot}' if self.lot else ''}）"

    @property
    def cost(self) -> Decimal:
        """Average unit cost, yuan."""
        return round_price(self.value / self.quantity) if self.quantity else Decimal(0)
