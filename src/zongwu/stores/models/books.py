"""Textbooks: the catalogue, what a term needs of each title, and what each class gets. ux.md §2.2; seeds R1.18, R2.01."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.fields import UnitPriceField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.school.models import Term
from zongwu.stores.models.items import Item

UNIQUE = SchoolModel.Meta.constraints


class TextbookQuerySet(ScopedQuerySet):
    reads = "stores.read_books"

    def open(self) -> TextbookQuerySet:
        return self.filter(item__closed_on=None)


class Textbook(SchoolModel):
    """One title of a grade; its copies are an item of the storeroom like any other."""

    kind = "textbook"

    item = models.OneToOneField(Item, models.PROTECT, related_name="textbook", verbose_name="物品")
    name = models.CharField("书名", max_length=60)
    isbn = models.CharField("书号（ISBN）", max_length=17, blank=True)
    grade = models.PositiveSmallIntegerField("年级")
    subject = models.CharField("学科", max_length=20)
    half = models.CharField("学期", max_length=6, choices=Term.Half)
    edition = models.CharField("版本", max_length=30, blank=True)
    price = UnitPriceField("定价", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(TextbookQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "name", "grade", "half"], name="textbook_once"),
            models.CheckConstraint(condition=Q(grade__range=(1, 12)) & Q(price__gte=0), name="textbook_grade"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "grade", "id"], name="textbook_by_grade")]
        verbose_name = "教材"

    def __str__(self) -> str:
        return self.name


class BookPlanQuerySet(ScopedQuerySet):
    reads = "stores.read_books"


class BookPlan(SchoolModel):
    """A term's textbooks: counted from the classes, ordered, arrived in bundles, given to the classes."""

    kind = "book_plan"

    number = models.CharField("单号", max_length=40)
    term = models.ForeignKey("school.Term", models.PROTECT, related_name="+", db_index=False, verbose_name="学期")
    spare = models.PositiveSmallIntegerField("备用（%）", default=2, help_text="每百个学生多订几册备用")
    made_on = models.DateField("编制日期")
    ordered_on = models.DateField("征订日期", null=True, blank=True)
    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="供货单位"
    )  # fmt: skip

    objects: ClassVar[Any] = Scoped.from_queryset(BookPlanQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "term"], name="book_plan_once"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "made_on", "id"], name="book_plan_by_made_on")]
        verbose_name = "教材征订"

    def __str__(self) -> str:
        return f"{self.number} {self.term}教材"

    @property
    def stage(self) -> str:
        return "已征订" if self.ordered_on else "编制中"


class BookLine(SchoolModel):
    """One title of a plan: for how many pupils and teachers, how many were ordered, how many came."""

    plan = models.ForeignKey(BookPlan, models.PROTECT, related_name="lines", db_index=False)
    textbook = models.ForeignKey(Textbook, models.PROTECT, related_name="+", db_index=False, verbose_name="教材")
    pupils = models.PositiveIntegerField("学生数")
    teachers = models.PositiveIntegerField("教师用书", default=0)
    ordered = models.PositiveIntegerField("征订数")
    arrived = models.PositiveIntegerField("到货数", default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "plan", "textbook"], name="book_line_once"),
        ]
        verbose_name = "征订明细"

    def __str__(self) -> str:
        return str(self.textbook)

    @property
    def short(self) -> int:
        """Ordered and not here yet."""
        return max(self.ordered - self.arrived, 0)

    @property
    def amount(self) -> Decimal:
        return self.ordered * self.textbook.price


class BookShare(SchoolModel):
    """Where a class gets another number of a title than it has pupils: so many more, or less."""

    plan = models.ForeignKey(BookPlan, models.PROTECT, related_name="shares", db_index=False)
    school_class = models.ForeignKey("school.SchoolClass", models.PROTECT, related_name="+", db_index=False)
    textbook = models.ForeignKey(Textbook, models.PROTECT, related_name="+", db_index=False)
    extra = models.IntegerField("多几册")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "plan", "school_class", "textbook"], name="book_share_once"),
        ]
        verbose_name = "班级增减"


class PackQuerySet(ScopedQuerySet):
    reads = "stores.read_item"

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(pk__isnull=False) if span == "own" else super().in_range(ctx, span)


class Pack(SchoolModel):
    """What every class gets at term opening (开学包): given to all of them in one act."""

    kind = "pack"

    name = models.CharField("名称", max_length=40)
    made_on = models.DateField("编制日期")
    issued_on = models.DateField("发放日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(PackQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "name"], name="pack_named"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "made_on", "id"], name="pack_by_made_on")]
        verbose_name = "开学包"

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> str:
        return "已发" if self.issued_on else "没发"


class PackLine(SchoolModel):
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name="物品")
    quantity = models.PositiveIntegerField("每班")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "pack", "item"], name="pack_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pack_line_some"),
        ]
        verbose_name = "开学包明细"

    def __str__(self) -> str:
        return str(self.item)
