"""The ledger of goods: slips, and the moves that each of them makes. Moves are reversed, never edited."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from zongwu.kernel.accounts import Person
from zongwu.kernel.fields import MoneyField, QuantityField, UnitPriceField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.stores.models.items import Item

UNIQUE = SchoolModel.Meta.constraints


class SlipQuerySet(ScopedQuerySet):
    reads = "stores.read_slip"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one took oneself; of a department or class what went to it; of a branch keeper his storerooms' slips."""
        if span == "own" and ctx.person:
            return (
                Q(receiver=ctx.person)
                | Q(keeper=ctx.person)
                | Q(place__keeper=ctx.person)
                | Q(to_place__keeper=ctx.person)
                | Q(school_class__teacher=ctx.person)
            )
        if span == "department":
            return Q(department__in=ctx.departments) | Q(receiver=ctx.person)
        return super().in_range(ctx, span)

    def visible_to(self, ctx: Any) -> SlipQuerySet:
        """Each with whether it was taken back: its badge asks."""
        undone = Exists(Slip.objects.filter(reverses=OuterRef("pk")))
        rows: SlipQuerySet = super().visible_to(ctx).annotate(undone=undone)
        return rows

    def standing(self) -> SlipQuerySet:
        """But for what was taken back, and what took it back."""
        return self.filter(reverses=None, reversed_by=None)

    def unsigned(self) -> SlipQuerySet:
        """Handed out to somebody who has not signed for it yet: what a pack gave to a class."""
        return self.standing().filter(form__in=(Slip.Form.ISSUE, Slip.Form.LOAN), ink="", confirmed=False)

    def lent(self) -> SlipQuerySet:
        """Loans of which something is still out."""
        return self.standing().filter(form=Slip.Form.LOAN, pk__in=Move.objects.out().values("slip"))

    def overdue(self, today: Any) -> SlipQuerySet:
        return self.lent().filter(due_on__lt=today)


class Slip(SchoolModel):
    """One paper of the storeroom: what came in, went out or changed place, and who signed for it."""

    kind = "slip"

    class Form(models.TextChoices):
        RECEIPT = "receipt", "入库"
        ISSUE = "issue", "领用"
        LOAN = "loan", "借用"
        RETURN = "return", "归还"
        TRANSFER = "transfer", "调库"
        SEND_BACK = "send_back", "退货"
        LOSS = "loss", "报损"
        CORRECT = "correct", "更正"
        COUNT = "count", "盘点"
        USED = "used", "用料"

    number = models.CharField("单号", max_length=40)
    form = models.CharField("单据", max_length=10, choices=Form)
    on = models.DateField("日期")
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="仓库")
    to_place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="调入仓库"
    )
    keeper = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="保管员"
    )
    receiver = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="领用人"
    )
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="领用部门"
    )  # fmt: skip
    school_class = models.ForeignKey(
        "school.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="领用班级"
    )  # fmt: skip
    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="供货单位"
    )  # fmt: skip
    pack = models.ForeignKey(
        "stores.Pack",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slips",
        db_index=False,
        verbose_name="开学包",
    )
    paper_number = models.CharField("随货单号", max_length=40, blank=True)
    purpose = models.CharField("用途或原因", max_length=100, blank=True)
    due_on = models.DateField("归还期限", null=True, blank=True)
    ink = models.TextField("签名", blank=True, help_text="领用人在手机上写的笔画")
    confirmed = models.BooleanField("凭取货码领取", default=False)
    kinds = models.PositiveIntegerField("几种", default=0)
    value = MoneyField("金额", default=0)
    title = models.CharField("内容", max_length=120)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销哪张"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(SlipQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="slip_number"),
            models.CheckConstraint(condition=~Q(form="loan") | Q(due_on__isnull=False), name="slip_loan_is_due"),
            models.CheckConstraint(condition=~Q(form="transfer") | Q(to_place__isnull=False), name="slip_goes_to"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "on", "id"], name="slip_by_on"),
            models.Index(fields=["school", "value", "id"], name="slip_by_value"),
            models.Index(fields=["school", "form", "on"], name="slip_of_form"),
            models.Index(fields=["school", "receiver", "on"], name="slip_of_receiver"),
            models.Index(fields=["school", "department", "on"], name="slip_of_department"),
            models.Index(fields=["school", "pack"], condition=Q(pack__isnull=False), name="slip_of_pack"),
        ]
        verbose_name = "出入库单"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def signed(self) -> str:
        """Whether whoever received it signed, in a word."""
        return "凭取货码" if self.confirmed else "已签" if self.ink else "没签"

    @property
    def standing(self) -> str:
        """Whether it holds, in one word for its badge."""
        if self.reverses_id:
            return "冲销单"
        undone = self.__dict__["undone"] if "undone" in self.__dict__ else hasattr(self, "reversed_by")
        return "已冲销" if undone else "有效"


class MoveQuerySet(ScopedQuerySet):
    reads = "stores.read_slip"

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(slip__in=Slip.objects.filter(Slip.objects.all().in_range(ctx, span)).values("pk"))

    def coming_back(self) -> MoveQuerySet:
        """Moves that bring something back, as long as their slip holds."""
        rows: MoveQuerySet = self.filter(of__isnull=False, slip__reversed_by=None)
        return rows

    def with_returned(self) -> MoveQuerySet:
        """Each with how much of it has come back (`returned`)."""
        back = (
            Move.objects.coming_back()
            .filter(of=OuterRef("pk"))
            .order_by()
            .values("of")
            .annotate(n=Sum("quantity"))
            .values("n")
        )
        returned = Coalesce(Subquery(back, output_field=QuantityField()), 0, output_field=QuantityField())
        rows: MoveQuerySet = self.annotate(returned=returned)
        return rows

    def out(self) -> MoveQuerySet:
        """Lines of loans of which something has not come back."""
        rows = self.filter(slip__form=Slip.Form.LOAN, slip__reversed_by=None).with_returned()
        found: MoveQuerySet = rows.filter(quantity__gt=F("returned"))
        return found


class Move(SchoolModel):
    """So much of an item went from here to there. One of the ends may be outside: bought from, used up, lent to."""

    kind = "move"
    guard = "append_only"

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="moves", db_index=False, verbose_name="单据")
    seq = models.PositiveIntegerField("序号")
    item = models.ForeignKey(Item, models.PROTECT, related_name="moves", db_index=False, verbose_name="物品")
    lot = models.CharField("批次", max_length=30, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    from_place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="从"
    )
    to_place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="到"
    )
    on = models.DateField("日期", help_text="单据的日期，月报按它分")
    quantity = QuantityField("数量")
    value = MoneyField("金额")
    price = UnitPriceField("单价", default=0)
    note = models.CharField("备注", max_length=60, blank=True)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="back", db_index=False)
    """The line of a loan that this one brings back."""

    objects: ClassVar[Any] = Scoped.from_queryset(MoveQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "slip", "seq"], name="move_seq"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(value__gte=0), name="move_forward"),
            models.CheckConstraint(
                condition=Q(from_place__isnull=False) | Q(to_place__isnull=False), name="move_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(from_place=None) | Q(to_place=None) | ~Q(from_place=F("to_place")), name="move_moves"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "item", "on", "id"], name="move_of_item"),
            models.Index(fields=["school", "on", "id"], name="move_by_on"),
            models.Index(fields=["school", "of"], condition=Q(of__isnull=False), name="move_brings_back"),
        ]
        verbose_name = "出入库明细"

    def __str__(self) -> str:
        return str(self.item)

    returned: Decimal = Decimal(0)
    """How much of it has come back; set by `with_returned`."""

    @property
    def left(self) -> Decimal:
        """What is still out; needs `with_returned`."""
        return self.quantity - self.returned
