"""What was ordered, and what of it was accepted when it came: by people who did not buy it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, about
from zongwu.kernel.fields import MoneyField, QuantityField, UnitPriceField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.purchasing.models.buying import Purchase, PurchaseLine

UNIQUE = SchoolModel.Meta.constraints


class OrderQuerySet(ScopedQuerySet):
    reads = "purchasing.read_order"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            mine = Acceptance.objects.filter(Q(members__person=ctx.person) | Q(applicant=ctx.person)).values("order")
            return Q(buyer=ctx.person) | Q(purchase__applicant=ctx.person) | Q(pk__in=mine)
        return super().in_range(ctx, span)

    def open(self) -> OrderQuerySet:
        """Something of it has not come yet."""
        return self.filter(closed_on=None)

    def late(self, today: Any) -> OrderQuerySet:
        return self.open().filter(due_on__lt=today)


class Order(SchoolModel):
    """An order or contract with one supplier, over lines of one approved request."""

    kind = "order"

    number = models.CharField("订单号", max_length=40)
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="orders", db_index=False, verbose_name="采购申请"
    )
    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, related_name="+", db_index=False, verbose_name="供应商"
    )
    buyer = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="采购人")
    ordered_on = models.DateField("下单日期")
    due_on = models.DateField("约定到货", null=True, blank=True)
    contract_number = models.CharField("合同号", max_length=40, blank=True)
    invoice_number = models.CharField("发票号", max_length=40, blank=True)
    amount = MoneyField("金额", default=0)
    title = models.CharField("内容", max_length=120)
    came_on = models.DateField("最近到货", null=True, blank=True)
    closed_on = models.DateField("收齐日期", null=True, blank=True)
    closed_because = models.CharField("没收齐的原因", max_length=100, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OrderQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="order_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", column, "id"], name=f"order_by_{column}")
            for column in ("ordered_on", "amount")
        ]
        verbose_name = "采购订单"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def stage(self) -> str:
        return (
            "已收齐"
            if self.closed_on and not self.closed_because
            else "已了结"
            if self.closed_on
            else "部分到货"
            if self.came_on
            else "待到货"
        )


class OrderLine(SchoolModel):
    """What was ordered of a line, at which price, and how much of it was accepted so far."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(PurchaseLine, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField("序号")
    quantity = QuantityField("数量")
    price = UnitPriceField("单价")
    accepted = QuantityField("已验收", default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "line"], name="order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(price__gte=0), name="order_line_some"),
            models.CheckConstraint(
                condition=Q(accepted__gte=0) & Q(accepted__lte=F("quantity")), name="order_line_not_beyond"
            ),
        ]
        verbose_name = "订单明细"

    def __str__(self) -> str:
        return str(self.line)

    @property
    def open(self) -> Decimal:
        return self.quantity - self.accepted


class AcceptanceQuerySet(ScopedQuerySet):
    reads = "purchasing.read_acceptance"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            return Q(applicant=ctx.person) | about(ctx, Acceptance.kind)
        return super().in_range(ctx, span)


class Acceptance(Document):
    """A delivery looked at and signed for (验收单), by at least two who did not buy it, for equipment three (政府采购法 art. 41)."""

    kind = "delivery"

    order = models.ForeignKey(Order, models.PROTECT, related_name="acceptances", db_index=False, verbose_name="订单")
    accepted_on = models.DateField("验收日期")
    place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="入哪个库房或放到哪里"
    )  # fmt: skip
    looks = models.CharField("外观", max_length=60, default="完好")
    works = models.CharField("质量和功能", max_length=100, default="合格")
    problems = models.CharField("问题和处理", max_length=200, blank=True)
    invoice_number = models.CharField("发票号", max_length=40, blank=True)
    value = MoneyField("验收金额", default=0)
    slip = models.OneToOneField(
        "stores.Slip", models.PROTECT, null=True, blank=True, related_name="acceptance", verbose_name="入库单"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(AcceptanceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="acceptance_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "accepted_on", "id"], name="acceptance_by_accepted_on")
        ]
        verbose_name = "验收单"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class AcceptanceMember(SchoolModel):
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="members", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "acceptance", "person"], name="acceptance_member_once")
        ]  # fmt: skip
        verbose_name = "验收人"


class AcceptanceLine(SchoolModel):
    """Of one ordered line: how much came, how much was accepted; the rest goes back."""

    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="arrived", db_index=False)
    arrived = QuantityField("到货")
    accepted = QuantityField("合格")
    note = models.CharField("不合格的", max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "acceptance", "line"], name="acceptance_line_once"),
            models.CheckConstraint(
                condition=Q(accepted__gte=0) & Q(arrived__gt=0) & Q(accepted__lte=F("arrived")),
                name="acceptance_line_within",
            ),
        ]
        verbose_name = "验收明细"

    def __str__(self) -> str:
        return str(self.line)


class SupplierRecord(SchoolModel):
    """How a delivery of a supplier was judged: on time, quality, service, each of five."""

    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, related_name="scores", db_index=False, verbose_name="供应商"
    )
    order = models.OneToOneField(Order, models.PROTECT, related_name="score", verbose_name="订单")
    on_time = models.PositiveSmallIntegerField("到货及时")
    quality = models.PositiveSmallIntegerField("质量")
    service = models.PositiveSmallIntegerField("服务")
    note = models.CharField("说明", max_length=100, blank=True)
    scored_on = models.DateField("评分日期")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.CheckConstraint(
                condition=Q(on_time__range=(1, 5)) & Q(quality__range=(1, 5)) & Q(service__range=(1, 5)),
                name="score_of_five",
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "supplier"], name="score_of_supplier")]
        verbose_name = "供应商评分"

    def __str__(self) -> str:
        return f"{self.supplier} {self.order.number}"


class LicenceQuerySet(ScopedQuerySet):
    reads = "purchasing.read_licence"

    def live(self) -> LicenceQuerySet:
        return self.filter(void=False)

    def expiring(self, until: Any) -> LicenceQuerySet:
        return self.live().filter(expires_on__lte=until)


class Licence(SchoolModel):
    """A supplier's licence with its last day: 营业执照, 食品经营许可证."""

    kind = "licence"

    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, related_name="licences", db_index=False, verbose_name="供应商"
    )
    name = models.CharField("证照", max_length=40)
    number = models.CharField("证号", max_length=40, blank=True)
    noted_on = models.DateField("登记日期")
    expires_on = models.DateField("有效期至", null=True, blank=True)
    void = models.BooleanField("作废", default=False)

    objects: ClassVar[Any] = Scoped.from_queryset(LicenceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "supplier", "name"], condition=Q(void=False), name="licence_once")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "noted_on", "id"], name="licence_by_noted_on")]
        verbose_name = "供应商证照"

    def __str__(self) -> str:
        return f"{self.supplier} {self.name}"
