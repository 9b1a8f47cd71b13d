"""What was broken or lost, who answers for it, and what he pays (损坏赔偿单). Seeds R2.05, R5.07, R6.03."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.assets.models.cards import Asset, State
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import MoneyField, QuantityField
from zongwu.kernel.scope import OPEN, SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class PriceQuerySet(ScopedQuerySet):
    reads = OPEN
    """It hangs on the wall of every classroom."""


class Price(SchoolModel):
    """One line of the price list by which damage is paid (赔偿价目); what was paid keeps its own amount."""

    kind = "price"

    name = models.CharField("名称", max_length=40)
    unit = models.CharField("计量单位", max_length=10, default="件")
    price = MoneyField("单价")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(PriceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "name"], condition=Q(closed_on=None), name="price_name"),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_positive"),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "name", "id"], name="price_by_name")]
        verbose_name = "赔偿价目"

    def __str__(self) -> str:
        return f"{self.name}（{self.price:.2f} 元/{self.unit}）"


class DamageQuerySet(ScopedQuerySet):
    reads = "assets.read_damage"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one reported, answers for, or signs."""
        if span == "own" and ctx.person:
            answers = Q(payer=ctx.person) | Q(payer_class__teacher=ctx.person)
            return Q(applicant=ctx.person) | answers | about(ctx, Damage.kind)
        return super().in_range(ctx, span)

    def to_write_off(self) -> DamageQuerySet:
        """Settled to be written off, and the thing is neither gone nor on its way."""
        rows = self.filter(state=DocumentState.APPROVED, remedy=Damage.Remedy.WRITE_OFF, asset__void=False)
        return rows.exclude(asset__state__in=(State.PENDING, State.DISPOSED))

    def unpaid(self) -> DamageQuerySet:
        """Settled, and not all of it paid yet."""
        return self.filter(state=DocumentState.APPROVED, paid__lt=F("amount"))


class Damage(Document):
    """One report of damage. Of a pupil only the class is kept: who it was stays with the class teacher."""

    kind = "damage"

    class Cause(models.TextChoices):
        WEAR = "wear", "正常损耗"
        NEGLIGENCE = "negligence", "使用不当"
        WILFUL = "wilful", "故意损坏"
        LOST = "lost", "丢失"

    class Remedy(models.TextChoices):
        CLASS_REPAIR = "class_repair", "班级自修"
        SCHOOL_REPAIR = "school_repair", "学校修"
        REPLACE = "replace", "原样赔或换新"
        WRITE_OFF = "write_off", "修不了，报损"

    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="damages", db_index=False, verbose_name="资产"
    )
    item = models.ForeignKey(
        Price, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="赔偿价目"
    )
    what = models.CharField("坏了什么", max_length=60)
    quantity = QuantityField("数量", default=1)
    place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="在哪里"
    )
    happened_on = models.DateField("发生日期")
    cause = models.CharField("原因", max_length=10, choices=Cause)
    account = models.CharField("经过", max_length=300, blank=True)
    payer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="责任人"
    )
    payer_class = models.ForeignKey(
        "school.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="责任班级"
    )  # fmt: skip
    remedy = models.CharField("怎么处理", max_length=14, choices=Remedy)
    cost: Any = MoneyField("修理费或价款", null=True, blank=True)  # type: ignore[misc]
    full = MoneyField("价款", default=0)
    wear = MoneyField("扣正常损耗", default=0)
    amount = MoneyField("应赔", default=0)
    paid = MoneyField("已赔", default=0)
    paid_on = models.DateField("赔清日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(DamageQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="damage_number"),
            models.CheckConstraint(condition=Q(payer=None) | Q(payer_class=None), name="damage_one_answers"),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("amount")), name="damage_paid"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, full__gte=0, wear__gte=0, amount__gte=0), name="damage_positive"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="damage_by_applied_on"),
            models.Index(fields=["school", "asset"], name="damage_of_asset"),
            models.Index(fields=["school", "payer_class", "ended_on"], name="damage_of_class"),
            models.Index(fields=["school", "payer"], name="damage_of_payer"),
        ]
        verbose_name = "损坏赔偿"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def answers(self) -> str:
        """Who pays, in words."""
        return str(self.payer or self.payer_class or "")

    @property
    def left(self) -> Any:
        """Yuan still to be paid."""
        return self.amount - self.paid


class PaymentQuerySet(ScopedQuerySet):
    reads = "assets.read_damage"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What was paid is seen with what it was paid for."""
        damages = Damage.objects.all()
        return Q(damage__in=damages.filter(damages.in_range(ctx, span)).values("pk"))


class Payment(SchoolModel):
    """Money taken for a damage, with the receipt that was given for it."""

    kind = "payment"

    damage = models.ForeignKey(Damage, models.PROTECT, related_name="payments", verbose_name="损坏赔偿")
    amount = MoneyField("金额")
    on = models.DateField("日期")
    receipt_number = models.CharField("收据号", max_length=40)
    cancelled_on = models.DateField("作废日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(PaymentQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "receipt_number"], name="payment_receipt"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "on"], name="payment_by_on")]
        verbose_name = "赔偿收款"

    def __str__(self) -> str:
        return f"收据 {self.receipt_number}"
