"""What the school wants to buy, and how it is bought: requests, budgets, quotes. Seeds R1.17, R2.12, R6.01; rules.md §2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from zongwu.kernel.amounts import from_price_units, round_yuan
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import MoneyField, QuantityField, UnitPriceField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class Method(models.TextChoices):
    """How something is bought (政府采购法 art. 26; below its limits by the school's own rules)."""

    CENTRAL = "central", "集中采购"
    FRAMEWORK = "framework", "框架协议"
    TENDER = "tender", "公开招标"
    INQUIRY = "inquiry", "询价"
    COMPARE = "compare", "比价"
    SMALL = "small", "零星采购"


class Sort(models.TextChoices):
    """What kinds of things are alike, so that many small purchases are seen as one large."""

    OFFICE = "office", "办公用品"
    TEACHING = "teaching", "教学用品"
    EQUIPMENT = "equipment", "设备"
    FURNITURE = "furniture", "家具"
    REPAIR = "repair", "维修材料"
    CLEANING = "cleaning", "清洁用品"
    BOOKS = "books", "图书教材"
    WORKS = "works", "工程修缮"
    SERVICE = "service", "服务"
    OTHER = "other", "其他"


class BudgetQuerySet(ScopedQuerySet):
    reads = "purchasing.read_budget"

    def visible_to(self, ctx: Any) -> BudgetQuerySet:
        rows: BudgetQuerySet = super().visible_to(ctx)
        return rows.with_bound()

    def with_bound(self) -> BudgetQuerySet:
        """Each with what is bound of it (`committed`)."""
        mine = Purchase.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        open_ones = mine.filter(state__in=(DocumentState.RUNNING, DocumentState.APPROVED), closed_on=None).annotate(
            n=Sum("amount")
        )
        done = mine.filter(state=DocumentState.APPROVED, closed_on__isnull=False).annotate(n=Sum("spent"))
        first, second = (
            Coalesce(Subquery(rows.values("n"), output_field=MoneyField()), 0, output_field=MoneyField()) for rows in (open_ones, done)
        )  # fmt: skip
        found: BudgetQuerySet = self.annotate(bound=ExpressionWrapper(first + second, output_field=MoneyField()))
        return found


class Budget(SchoolModel):
    """Money that may be spent on purchases in a year. `money` will keep it once the school has its books there."""

    kind = "budget"

    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("预算项目", max_length=40)
    funding = models.CharField("资金来源", max_length=40, blank=True, help_text="如 公用经费、专项")
    amount = MoneyField("预算数")

    objects: ClassVar[Any] = Scoped.from_queryset(BudgetQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "year", "name"], name="budget_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_not_negative"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "amount", "id"], name="budget_by_amount")]
        verbose_name = "采购预算"

    def __str__(self) -> str:
        return f"{self.year} {self.name}"

    @property
    def committed(self) -> Decimal:
        """Yuan of the requests that are being approved or were; of those that are done what was really spent."""
        known: Decimal | None = self.__dict__.get("bound")
        return known if known is not None else Budget.objects.with_bound().get(pk=self.pk).bound

    @property
    def left(self) -> Decimal:
        return self.amount - self.committed


class PurchaseQuerySet(ScopedQuerySet):
    reads = "purchasing.read_purchase"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own, and those on whose way one stands; of a department also its own."""
        if span == "own" and ctx.person:
            return Q(applicant=ctx.person) | about(ctx, Purchase.kind)
        if span == "department":
            return Q(department__in=ctx.departments) | Q(applicant=ctx.person) | about(ctx, Purchase.kind)
        return super().in_range(ctx, span)

    def to_order(self) -> PurchaseQuerySet:
        """Approved, and not ordered yet."""
        return self.filter(state=DocumentState.APPROVED, closed_on=None, orders=None)


class Purchase(Document):
    """A purchase request (采购申请): its lines, the quotes for it, and which of them was chosen and why."""

    kind = "purchase"

    reason = models.CharField("事由", max_length=200)
    origin = models.CharField("由来", max_length=60, blank=True, editable=False)
    """What it was begun from: a repair, a hazard (`hazard:17`)."""
    sort = models.CharField("类别", max_length=10, choices=Sort)
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="申请部门"
    )  # fmt: skip
    budget = models.ForeignKey(
        Budget, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="预算项目"
    )
    needed_on = models.DateField("需要日期", null=True, blank=True)
    catalogue = models.BooleanField("在集中采购目录内", default=False)
    framework = models.BooleanField("有框架协议", default=False)
    method = models.CharField("采购方式", max_length=10, choices=Method)
    amount = MoneyField("金额", default=0)
    chosen = models.ForeignKey(
        "Quote", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name="中选报价"
    )
    why = models.CharField("不选最低价的理由", max_length=300, blank=True)
    tender_number = models.CharField("招标或项目编号", max_length=40, blank=True)
    alike = models.CharField("同类采购提示", max_length=200, blank=True)
    """What was confirmed about like purchases of the year when it was submitted; whoever approves reads it."""
    spent = MoneyField("实际金额", default=0)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(PurchaseQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="purchase_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", column, "id"], name=f"purchase_by_{column}")
            for column in ("applied_on", "state", "amount")
        ] + [
            models.Index(fields=["school", "sort", "applied_on"], name="purchase_alike"),
            models.Index(fields=["school", "origin"], condition=~Q(origin=""), name="purchase_from"),
        ]
        verbose_name = "采购申请"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def stage(self) -> str:
        """Where it stands, in a word or two."""
        if self.state != DocumentState.APPROVED:
            return str(self.get_state_display())
        return "办结" if self.closed_on else "在买"


class PurchaseLineQuerySet(ScopedQuerySet):
    reads = "purchasing.read_purchase"

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(purchase__in=Purchase.objects.filter(Purchase.objects.all().in_range(ctx, span)).values("pk"))


class PurchaseLine(SchoolModel):
    """One thing that is wanted, and what becomes of it when it is there."""

    kind = "purchase_line"

    class Becomes(models.TextChoices):
        STOCK = "stock", "入库"
        CARDS = "cards", "建资产卡片"
        NOTHING = "nothing", "不入账"

    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="lines", db_index=False, verbose_name="采购申请"
    )
    seq = models.PositiveIntegerField("序号")
    name = models.CharField("品名", max_length=60)
    spec = models.CharField("规格要求", max_length=120, blank=True)
    unit = models.CharField("单位", max_length=10)
    quantity = QuantityField("数量")
    price = UnitPriceField("预计单价")
    becomes = models.CharField("到货以后", max_length=8, choices=Becomes, default=Becomes.STOCK)
    category = models.CharField("资产分类", max_length=10, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(PurchaseLineQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "purchase", "seq"], name="purchase_line_seq"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(price__gte=0), name="purchase_line_some"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "name"], name="purchase_line_named")]
        verbose_name = "采购明细"

    def __str__(self) -> str:
        return f"{self.name} {self.spec}".strip()

    @property
    def amount(self) -> Decimal:
        return round_yuan(self.quantity * self.price)


class Demand(SchoolModel):
    """Something asked of every quote beside the price: 阻燃 B1 级, 质保 1 年."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="demands", db_index=False)
    seq = models.PositiveIntegerField()
    name = models.CharField("要求", max_length=30)
    wanted = models.CharField("要达到", max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "purchase", "seq"], name="demand_seq"),
        ]
        verbose_name = "采购要求"

    def __str__(self) -> str:
        return self.name


class Quote(SchoolModel):
    """What one supplier asks. Once the request is on its way it stays as it is."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="quotes", db_index=False)
    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, related_name="+", db_index=False, verbose_name="供应商"
    )
    quoted_on = models.DateField("报价日期")
    delivery = MoneyField("送货费", default=0)
    total = MoneyField("总价", default=0)
    delivers_on = models.DateField("到货日期", null=True, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)
    fit = models.BooleanField("合要求", default=True)
    prices = models.JSONField(default=dict)
    """Line's id → ten-thousandths of a yuan a piece."""
    answers = models.JSONField(default=dict)
    """Demand's id → [what was answered, whether it fits]."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "purchase", "supplier"], name="quote_once"),
            models.CheckConstraint(condition=Q(total__gte=0) & Q(delivery__gte=0), name="quote_not_negative"),
        ]
        verbose_name = "报价"

    def __str__(self) -> str:
        return str(self.supplier)

    def price_of(self, line: PurchaseLine) -> Decimal:
        """Yuan a piece."""
        return from_price_units(self.prices.get(str(line.pk), 0))
