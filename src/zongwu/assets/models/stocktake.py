"""Counting what is there: a plan with its rooms, the list as the books had it, and every scan. Seeds R1.07, rules.md §1.5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.assets.models.cards import Asset
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import MoneyField, QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class StocktakeQuerySet(ScopedQuerySet):
    reads = "assets.read_stocktake"

    def in_range(self, ctx: Any, span: str) -> Q:
        """Those in which one counts a room, and those that one signs."""
        if span == "own" and ctx.person:
            rooms = StocktakeRoom.objects.all()
            mine = rooms.filter(rooms.in_range(ctx, "own")).values("stocktake")
            return Q(pk__in=mine) | about(ctx, Stocktake.kind)
        return super().in_range(ctx, span)

    def counting(self) -> StocktakeQuerySet:
        return self.filter(phase=Stocktake.Phase.COUNTING)


class Stocktake(Document):
    """One count of the register, or of a part of it (资产盘点)."""

    kind = "stocktake"
    OPEN_STATES = (*Document.OPEN_STATES, DocumentState.REFUSED)

    class Phase(models.TextChoices):
        PLANNED = "planned", "计划"
        COUNTING = "counting", "盘点中"
        SETTLING = "settling", "处理差异"
        DONE = "done", "已结束"

    name = models.CharField("盘点", max_length=40)
    phase = models.CharField("阶段", max_length=10, choices=Phase, default=Phase.PLANNED)
    base_on = models.DateField("账面日期", null=True, blank=True, help_text="开始盘点时账面定格的日子")
    deadline_on = models.DateField("盘完期限")
    blind = models.BooleanField("盲盘", default=False, help_text="盘点的人看不到账上有什么")
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="只盘这个部门"
    )  # fmt: skip
    category = models.CharField("只盘这一类", max_length=9, blank=True)
    watcher = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="监盘人"
    )
    second_watcher = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="第二监盘人"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(StocktakeQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="stocktake_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "deadline_on", "id"], name="stocktake_by_deadline_on"),
            models.Index(fields=["school", "phase", "id"], name="stocktake_by_phase"),
        ]
        verbose_name = "资产盘点"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def standing(self) -> str:
        """Phase while it is counted, the approval's state after that: one word for lists."""
        if self.state in (DocumentState.RUNNING, DocumentState.RETURNED, DocumentState.REFUSED, DocumentState.DROPPED):
            return str(self.get_state_display())
        return str(self.get_phase_display())


class RoomQuerySet(ScopedQuerySet):
    reads = "assets.count_assets"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own rooms: those given to one for this count, and those that one keeps."""
        if span == "own" and ctx.person:
            return Q(counter=ctx.person) | Q(place__keeper=ctx.person)
        return super().in_range(ctx, span)

    def open(self) -> RoomQuerySet:
        return self.filter(state=StocktakeRoom.State.OPEN)


class StocktakeRoom(SchoolModel):
    """One room of a count: a scan locks it, so that phones in different rooms never wait for each other."""

    kind = "stocktake_room"

    class State(models.TextChoices):
        WAITING = "waiting", "没开始"
        OPEN = "open", "待盘"
        DONE = "done", "盘完"
        CLOSED = "closed", "已截止"

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="rooms", verbose_name="盘点", db_index=False)
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", verbose_name="房间", db_index=False)
    counter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁盘", db_index=False
    )
    state = models.CharField("状态", max_length=8, choices=State, default=State.WAITING)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="盘完签字", db_index=False
    )
    done_at = models.DateTimeField("盘完时间", null=True)
    signature = models.TextField(blank=True)
    path = models.CharField(max_length=200, editable=False, default="")
    """The room's place when the count was planned, by which lists are sorted."""

    objects: ClassVar[Any] = Scoped.from_queryset(RoomQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "stocktake", "place"], name="stocktake_room_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "counter", "state"], name="stocktake_room_of_counter"),
            models.Index(fields=["school", "path", "id"], name="stocktake_room_by_path"),
            models.Index(fields=["school", "place", "state"], name="stocktake_room_of_place"),
        ]
        verbose_name = "盘点房间"

    def __str__(self) -> str:
        return f"{self.stocktake.name} {self.place}"


class StocktakeItem(SchoolModel):
    """One card as the books had it when the count began, and what was found of it."""

    class Result(models.TextChoices):
        WAITING = "waiting", "没盘到"
        MATCH = "match", "相符"
        MOVED = "moved", "位置不符"
        FEWER = "fewer", "数量不符"
        SHORT = "short", "盘亏"

    class Answer(models.TextChoices):
        NONE = "", "没处理"
        FOLLOW = "follow", "按实物位置更新"
        RETURN = "return", "搬回原处"
        LOSS = "loss", "报盘亏"
        FOUND = "found", "找到了"

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="items", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="counts", db_index=False)
    room = models.ForeignKey(
        StocktakeRoom, models.PROTECT, null=True, related_name="+", verbose_name="账上在", db_index=False
    )
    custodian = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = QuantityField("账面数量")
    value = MoneyField("账面原值")
    accumulated = MoneyField("累计折旧", default=0)
    result = models.CharField("结果", max_length=8, choices=Result, default=Result.WAITING)
    found_room = models.ForeignKey(
        StocktakeRoom, models.PROTECT, null=True, related_name="+", verbose_name="实物在", db_index=False
    )
    """Only where it is another than the books say; see `seen_in`."""
    counted = QuantityField("实有数量", default=0)
    twice = models.BooleanField("扫到两处", default=False)
    answer = models.CharField("怎么处理", max_length=8, choices=Answer, default=Answer.NONE, blank=True)
    reason = models.CharField("说明", max_length=100, blank=True)
    applied = models.BooleanField(db_default=False)
    """Whether the register followed; what changed hands after the count was closed is left alone."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "stocktake", "asset"], name="stocktake_item_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "stocktake", "room"], name="stocktake_item_in_room"),
            models.Index(fields=["school", "asset", "id"], name="stocktake_item_of_asset"),
        ]
        verbose_name = "盘点明细"

    def __str__(self) -> str:
        return str(self.asset)

    @property
    def seen_in(self) -> StocktakeRoom | None:
        """The room in which it was found; None where nobody scanned it."""
        return self.found_room or (self.room if self.counted else None)

    @property
    def loss(self) -> Decimal:
        """Original cost of what is reported lost, yuan: of a batch that is there in part, the missing part."""
        if self.answer != self.Answer.LOSS or not self.quantity:
            return Decimal(0)
        return (self.value * (self.quantity - self.counted) / self.quantity).quantize(Decimal("0.01"))


class ScanQuerySet(ScopedQuerySet):
    reads = "assets.read_stocktake"

    def in_range(self, ctx: Any, span: str) -> Q:
        rooms = StocktakeRoom.objects.all()
        return Q(room__in=rooms.filter(rooms.in_range(ctx, span)).values("pk"))


class Scan(SchoolModel):
    """One thing held before a phone in a room: what was read, what it was then, when by the phone and when by the server."""

    kind = "scan"
    guard = "append_only"

    class Said(models.TextChoices):
        OK = "ok", "正常"
        MOVED = "moved", "位置不符"
        OUTSIDE = "outside", "不在范围"
        AGAIN = "again", "重复"
        UNKNOWN = "unknown", "无此编号"
        SURPLUS = "surplus", "没有标签"

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="scans", db_index=False)
    room = models.ForeignKey(StocktakeRoom, models.PROTECT, related_name="scans", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+", db_index=False)
    code = models.CharField("读到的", max_length=120, blank=True)
    note = models.CharField("是什么", max_length=100, blank=True)
    quantity = QuantityField("数量", default=1)
    """As the counter typed it; by default as the books have it."""
    said = models.CharField("结果", max_length=8, choices=Said)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="谁扫的", db_index=False
    )
    at = models.DateTimeField("收到时间")
    device_at = models.DateTimeField("扫的时间", null=True)
    """By the phone's own clock, which may be wrong: kept, never computed with."""

    objects: ClassVar[Any] = Scoped.from_queryset(ScanQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "stocktake", "asset", "room", "id", "quantity"], name="scan_of_asset"),
            models.Index(fields=["school", "room", "id"], name="scan_in_room"),
        ]
        verbose_name = "扫到的"

    def __str__(self) -> str:
        return self.code or self.note


class Surplus(SchoolModel):
    """What stands there and is in no book (盘盈), and what becomes of it once the count is approved."""

    kind = "surplus"

    class Answer(models.TextChoices):
        NONE = "", "没处理"
        ENTER = "enter", "补记入账"
        LEAVE = "leave", "不用入账"

    objects: ClassVar[Any] = Scoped.from_queryset(ScanQuerySet)()

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="surpluses", db_index=False)
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="+")
    room = models.ForeignKey(StocktakeRoom, models.PROTECT, related_name="+", verbose_name="房间", db_index=False)
    name = models.CharField("名称", max_length=100)
    category = models.CharField("分类代码", max_length=9, blank=True)
    quantity = QuantityField("数量", default=1)
    value = MoneyField("入账价值", default=1)
    answer = models.CharField("怎么处理", max_length=8, choices=Answer, default=Answer.NONE, blank=True)
    reason = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "scan"], name="surplus_of_scan"),
            models.CheckConstraint(condition=Q(quantity__gt=0, value__gte=0), name="surplus_positive"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "stocktake", "id"], name="surplus_of_stocktake")]
        verbose_name = "盘盈"

    def __str__(self) -> str:
        return self.name
