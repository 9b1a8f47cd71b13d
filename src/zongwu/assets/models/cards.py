"""The asset register: a card, the spells of its life, and the depreciation that was charged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.assets.catalogue import name_of
from zongwu.kernel.fields import MoneyField, QuantityField, UnitPriceField
from zongwu.kernel.figures import Window
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class State(models.TextChoices):
    IN_USE = "in_use", "在用"
    IDLE = "idle", "闲置"
    REPAIR = "repair", "维修"
    LENT = "lent", "借出"
    PENDING = "pending", "待处置"
    DISPOSED = "disposed", "已处置"


AT_HAND = (State.IN_USE, State.IDLE)
"""Nobody else has it: not lent, not under repair, not waiting for disposal."""


class Condition(models.TextChoices):
    GOOD = "good", "完好"
    BROKEN = "broken", "损坏"


class Precision(models.TextChoices):
    """How exact a date is; the stored date is the first day of what is known."""

    DAY = "day", "准确到日"
    MONTH = "month", "准确到月"
    YEAR = "year", "只知道年份"
    RANGE = "range", "一段时间"
    AMBIGUOUS = "ambiguous", "月份不明"
    NONE = "none", "不知道"


EXACT_ENOUGH = (Precision.DAY, Precision.MONTH)
"""Depreciation counts months, so a date that is exact to the month is exact enough."""


class Method(models.TextChoices):
    BOUGHT = "bought", "新购"
    TRANSFERRED = "transferred", "调拨"
    DONATED = "donated", "接受捐赠"
    BUILT = "built", "自建"
    EXCHANGED = "exchanged", "置换"
    SURPLUS = "surplus", "盘盈"
    OTHER = "other", "其他"


class ValueType(models.TextChoices):
    COST = "cost", "原值"
    PROVISIONAL = "provisional", "暂估值"
    APPRAISED = "appraised", "评估值"
    REPLACEMENT = "replacement", "重置值"
    NOMINAL = "nominal", "名义金额"


class Purpose(models.TextChoices):
    TEACHING = "teaching", "教学"
    OFFICE = "office", "办公"
    TRAINING = "training", "培训"
    LOGISTICS = "logistics", "生活与后勤"
    OTHER = "other", "其他"


class Procurement(models.TextChoices):
    GOVERNMENT = "government", "政府集中采购"
    DEPARTMENT = "department", "部门集中采购"
    OWN = "own", "分散采购"
    OTHER = "other", "其他"


ORDER_KEYS = {"place_path": "place_id", "department_pinyin": "department_id", "custodian_pinyin": "custodian_id"}
"""What a card repeats of its room, department and custodian, so that lists can be sorted by them → the link it follows."""


class AssetQuerySet(ScopedQuerySet):
    reads = "assets.read_asset"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            mine = Q(custodian=ctx.person) | Q(user=ctx.person) | Q(responsible=ctx.person)
            return mine | Q(place__keeper=ctx.person)
        if span == "department":
            return Q(department__in=ctx.departments)
        return super().in_range(ctx, span)

    def on_books(self) -> AssetQuerySet:
        """Cards that count: not void, not disposed of (decisions 24)."""
        return self.filter(void=False).exclude(state=State.DISPOSED)

    def waiting_for_date(self) -> AssetQuerySet:
        """Cards whose date nobody has settled yet (日期待确认)."""
        return self.on_books().exclude(precision__in=EXACT_ENOUGH)

    def broken(self) -> AssetQuerySet:
        """Broken things for which nobody has asked for disposal."""
        return self.on_books().filter(condition=Condition.BROKEN).exclude(state=State.PENDING)

    def lent_beyond(self, today: Any) -> AssetQuerySet:
        """Out on a loan that should have been back."""
        return self.on_books().filter(
            state=State.LENT, handover_lines__returned_on=None, handover_lines__handover__form="loan",
            handover_lines__handover__state="approved", handover_lines__handover__due_on__lt=today,
        )  # fmt: skip

    def live(self) -> AssetQuerySet:
        """Cards that are not void; disposed ones stay readable."""
        return self.filter(void=False)


class Asset(SchoolModel):
    """One asset card (资产卡片); a batch such as fifty desks may be one card. Fields: rules.md §1.4."""

    kind = "asset"

    number = models.CharField("资产编号", max_length=40)
    finance_number = models.CharField("财政卡片号", max_length=40, blank=True, help_text="财政局资产系统里的编号")
    name = models.CharField("资产名称", max_length=100)
    pinyin = models.CharField(max_length=80, editable=False)
    category = models.CharField("分类代码", max_length=9, blank=True, help_text="GB/T 14885-2022")
    category_confirmed = models.BooleanField("分类已确认", default=False)
    category_2010 = models.CharField(
        "旧分类代码", max_length=12, blank=True, help_text="原表上的 2010 版代码，只存不转"
    )
    spec = models.CharField("规格型号", max_length=120, blank=True)
    brand = models.CharField("品牌", max_length=60, blank=True)
    manufacturer = models.CharField("生产厂家", max_length=80, blank=True)
    serial = models.CharField("序列号", max_length=60, blank=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    purpose = models.CharField("设备用途", max_length=10, choices=Purpose, blank=True)
    method = models.CharField("取得方式", max_length=12, choices=Method, default=Method.BOUGHT)
    procurement = models.CharField("采购组织形式", max_length=12, choices=Procurement, blank=True)
    acquired_on = models.DateField("取得日期", null=True, blank=True)
    precision = models.CharField("日期精度", max_length=10, choices=Precision, default=Precision.DAY)
    date_text = models.CharField("原表日期", max_length=40, blank=True, editable=False)
    funding = models.CharField("资金来源", max_length=60, blank=True)
    fiscal_fund = MoneyField("财政拨款", default=0)
    supplier = models.ForeignKey(
        "school.Supplier", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="供应商",
    )  # fmt: skip
    contract_number = models.CharField("合同编号", max_length=40, blank=True)
    invoice_number = models.CharField("发票号", max_length=40, blank=True)
    voucher_number = models.CharField("会计凭证号", max_length=40, blank=True)
    warranty_until = models.DateField("保修到", null=True, blank=True)
    value_type = models.CharField("价值类型", max_length=12, choices=ValueType, default=ValueType.COST)
    posted_on = models.DateField("记账日期", null=True, blank=True, help_text="折旧从这个月开始")
    life_months = models.PositiveSmallIntegerField("折旧年限（月）", null=True, blank=True)
    monthly = MoneyField("月折旧额", default=0)
    accumulated = MoneyField("累计折旧", default=0)
    months_taken = models.PositiveSmallIntegerField("已提月数", default=0)
    remark = models.TextField("备注", blank=True)
    void = models.BooleanField("作废", default=False)

    # What follows repeats the open spell, so that lists sort and filter by it.
    state = models.CharField("使用状况", max_length=10, choices=State, default=State.IN_USE)
    state_known = models.BooleanField("状况已确认", default=True)
    condition = models.CharField("完好情况", max_length=8, choices=Condition, default=Condition.GOOD)
    place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, db_index=False, related_name="assets", verbose_name="存放地点",
    )  # fmt: skip
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, db_index=False, related_name="assets", verbose_name="使用部门",
    )  # fmt: skip
    user = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="使用人"
    )
    custodian = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="保管人"
    )
    responsible = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="责任人"
    )
    quantity = QuantityField("数量", default=1)
    unit_price = UnitPriceField("单价", default=0)
    value = MoneyField("原值", default=0)
    place_path = models.CharField(max_length=200, editable=False, default="")
    department_pinyin = models.CharField(max_length=80, editable=False, default="")
    custodian_pinyin = models.CharField(max_length=80, editable=False, default="")
    in_books_on = models.DateField("入册日期", editable=False, help_text="第一段的开始：取得日期，不知道的从建账日起")

    objects: ClassVar[Any] = Scoped.from_queryset(AssetQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], condition=Q(void=False), name="asset_number"),
            models.CheckConstraint(condition=Q(value__gte=0) & Q(quantity__gt=0), name="asset_positive"),
            models.CheckConstraint(
                condition=Q(accumulated__gte=0, accumulated__lte=F("value")), name="asset_written_down"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", column, "id"], name=f"asset_by_{column}")
            for column in ("number", "pinyin", "value", "state", "category", "in_books_on", *ORDER_KEYS)
        ] + [
            models.Index(fields=["school", link], name=f"asset_of_{link}")
            for link in ("place", "custodian", "user", "responsible")
        ] + [  # a head of department opens his own in the list's own order
            models.Index(fields=["school", "department", "number", "id"], name="asset_by_department_number")
        ]  # fmt: skip
        verbose_name = "资产"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def net(self) -> Any:
        """Net book value, yuan."""
        return self.value - self.accumulated

    @property
    def acquired(self) -> str:
        """The date of acquisition as exact as it is known; never a first of the month that nobody wrote down."""
        if self.acquired_on is None:
            return f"待确认（{self.date_text}）" if self.date_text else "待确认"
        day = self.acquired_on.isoformat()
        return {
            Precision.MONTH: day[:7],
            Precision.YEAR: f"{day[:4]} 年",
            Precision.RANGE: self.date_text or day[:7],
        }.get(Precision(self.precision), day)

    @property
    def category_name(self) -> str:
        return name_of(self.category) or "" if self.category else ""


class AssetSpellQuerySet(ScopedQuerySet):
    def as_of(self, window: Window) -> AssetSpellQuerySet:
        """The spell in which each card stood at the end of the window, cards on the books only."""
        day = window.until
        return (
            self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day, asset__void=False)
            .exclude(state=State.DISPOSED)
            .select_related("asset")
        )


class AssetSpell(SchoolModel):
    """How a card stood from one day until, exclusively, another. Exactly one spell of a card is open."""

    asset = models.ForeignKey(Asset, models.PROTECT, db_index=False, related_name="spells")
    seq = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State)
    place = models.ForeignKey("school.Place", models.PROTECT, null=True, db_index=False, related_name="+")
    department = models.ForeignKey("school.Department", models.PROTECT, null=True, db_index=False, related_name="+")
    user = models.ForeignKey("kernel.Person", models.PROTECT, null=True, db_index=False, related_name="+")
    custodian = models.ForeignKey("kernel.Person", models.PROTECT, null=True, db_index=False, related_name="+")
    responsible = models.ForeignKey("kernel.Person", models.PROTECT, null=True, db_index=False, related_name="+")
    quantity = QuantityField()
    value = MoneyField()

    objects: ClassVar[Any] = Scoped.from_queryset(AssetSpellQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "asset", "seq"], name="spell_seq"),
            models.UniqueConstraint(fields=["school", "asset"], condition=Q(until_on=None), name="spell_open_once"),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="spell_forward"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "from_on", "until_on"], name="spell_as_of")]

    def __str__(self) -> str:
        return str(self.asset)


class DepreciationRunQuerySet(ScopedQuerySet):
    reads = "assets.read_depreciation"


class DepreciationRun(SchoolModel):
    """One month's depreciation of the whole register."""

    kind = "depreciation"

    month = models.DateField("月份", help_text="每月一日")
    cards = models.PositiveIntegerField("卡片数")
    total = MoneyField("折旧额")
    opening_total = MoneyField("补提期初", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(DepreciationRunQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "month"], name="depreciation_month")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "month", "id"], name="depreciation_by_month")]
        verbose_name = "月折旧"

    def __str__(self) -> str:
        return f"{self.month.year} 年 {self.month.month} 月"

    @property
    def of_month(self) -> str:
        return f"{self.month:%Y-%m}"


class DepreciationCharge(SchoolModel):
    """What one card was charged in one month; an opening charge stands for all the months before."""

    run = models.ForeignKey(DepreciationRun, models.PROTECT, null=True, related_name="charges")
    asset = models.ForeignKey(Asset, models.PROTECT, db_index=False, related_name="charges")
    month = models.DateField()
    months = models.PositiveSmallIntegerField(default=1)
    opening = models.BooleanField(default=False)
    reversal = models.BooleanField(db_default=False)
    """Takes back what was charged for a part that is gone: negative, for no month, of no run."""
    amount = MoneyField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(
                fields=["school", "asset", "month", "opening"], condition=Q(reversal=False), name="charge_once"
            ),
            models.CheckConstraint(
                condition=Q(reversal=False, amount__gte=0, run__isnull=False)
                | Q(reversal=True, amount__lt=0, months=0, run=None),
                name="charge_positive",
            ),
        ]
