"""What is broken, who mends it, and with whom it waited. Seeds R1.21, R4.04, R4.05."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.fields import MoneyField, QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class Fault(models.TextChoices):
    """What a picture on the plate stands for."""

    LIGHT = "light", "灯和电"
    WATER = "water", "水"
    DOOR = "door", "门窗"
    DESK = "desk", "桌椅"
    MEDIA = "media", "电教设备"
    OTHER = "other", "其他"


class When(models.TextChoices):
    """When somebody may come in: a lesson is not disturbed (ux.md §2.5)."""

    BREAK = "break", "课间"
    NOON = "noon", "午休"
    AFTER = "after", "放学后"


class State(models.TextChoices):
    NEW = "new", "待派"
    GIVEN = "given", "已派"
    TAKEN = "taken", "已接单"
    HERE = "here", "已到场"
    HELD = "held", "挂起"
    DONE = "done", "待确认"
    CLOSED = "closed", "已办结"
    DROPPED = "dropped", "已撤销"


OPEN = (State.NEW, State.GIVEN, State.TAKEN, State.HERE, State.HELD)
"""Somebody still has to do something about it."""
IN_HAND = (State.GIVEN, State.TAKEN, State.HERE)


class TicketQuerySet(ScopedQuerySet):
    reads = "repairs.read_ticket"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one reported and what one is to mend."""
        if span == "own" and ctx.person:
            return Q(reporter=ctx.person) | Q(worker=ctx.person)
        return super().in_range(ctx, span)

    def visible_to(self, ctx: Any) -> TicketQuerySet:
        rows: TicketQuerySet = super().visible_to(ctx).select_related("place", "worker")
        return rows

    def open(self) -> TicketQuerySet:
        return self.filter(state__in=OPEN)

    def waiting(self) -> TicketQuerySet:
        """Nobody has it yet."""
        return self.filter(state=State.NEW)

    def overdue(self, today: Any) -> TicketQuerySet:
        """Past its day, unless it was put off until one that has not come."""
        return self.open().filter(due_on__lt=today).exclude(state=State.HELD, held_until__gte=today)

    def pressing(self, before: datetime) -> TicketQuerySet:
        """Urgent, reported before a moment, and still not mended."""
        return self.open().filter(urgent=True, reported_at__lte=before)

    def resting(self, today: Any) -> TicketQuerySet:
        """Put off until a day that has come."""
        return self.filter(state=State.HELD, held_until__lte=today)

    def like(self, place: Any, fault: str, since: datetime) -> TicketQuerySet:
        """The same trouble at the same place, reported since then and not mended."""
        return self.open().filter(place=place, fault=fault, reported_at__gte=since)


class Ticket(SchoolModel):
    """One repair (报修单), from the report to the confirmation."""

    kind = "ticket"

    class Via(models.TextChoices):
        PLATE = "plate", "扫码"
        STAFF = "staff", "登录报修"
        PHONE = "phone", "电话"
        IMPORT = "import", "导入"
        CHECK = "check", "检查发现"
        UPKEEP = "upkeep", "到期保养"

    class Why(models.TextChoices):
        PART = "part", "缺件"
        LESSON = "lesson", "等下课"
        OUTSIDE = "outside", "等外修"
        OTHER = "other", "其他"

    number = models.CharField("单号", max_length=40)
    title = models.CharField("内容", max_length=120, editable=False)
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="地点")
    spot = models.CharField("具体位置", max_length=40, blank=True, help_text="如 东头、后门旁")
    fault = models.CharField("类别", max_length=8, choices=Fault)
    what = models.CharField("怎么坏了", max_length=200, blank=True)
    asset = models.ForeignKey(
        "assets.Asset",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
        verbose_name="哪件东西",
    )
    urgent = models.BooleanField("紧急", default=False)
    when = models.CharField("什么时候方便", max_length=6, choices=When, blank=True)
    via = models.CharField("怎么报的", max_length=6, choices=Via, default=Via.STAFF)
    origin = models.CharField("由来", max_length=60, blank=True, editable=False)
    """What it was begun from, such as `hazard:17`."""
    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="报修人"
    )
    caller = models.CharField("报修人（没登录）", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True, help_text="办结就抹掉")
    reported_at = models.DateTimeField("报修时间")
    reported_on = models.DateField("报修日期")
    due_on = models.DateField("期限")
    state = models.CharField("状态", max_length=8, choices=State, default=State.NEW)
    worker = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="派给"
    )
    supplier = models.ForeignKey(
        "school.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="外修单位",
    )
    given_at = models.DateTimeField("派工时间", null=True, blank=True)
    taken_at = models.DateTimeField("接单时间", null=True, blank=True)
    here_at = models.DateTimeField("到场时间", null=True, blank=True)
    done_at = models.DateTimeField("修好时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    held_at = models.DateTimeField("挂起时间", null=True, blank=True)
    held_until = models.DateField("挂起到", null=True, blank=True)
    held_why = models.CharField("挂起原因", max_length=8, choices=Why, blank=True)
    held_minutes = models.PositiveIntegerField("挂起过多久（分钟）", default=0)
    mended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="谁报的修好"
    )
    mender = models.CharField("维修人（不在名册）", max_length=40, blank=True)
    did = models.CharField("怎么修的", max_length=200, blank=True)
    quoted = MoneyField("外修报价", default=0)
    cost = MoneyField("外修费用", default=0)
    minutes = models.PositiveIntegerField("用时（分钟）", null=True, blank=True, help_text="从报修到修好，扣去挂起的")
    back = models.PositiveSmallIntegerField("返修次数", default=0)
    stars = models.PositiveSmallIntegerField("评价", null=True, blank=True)
    said = models.CharField("报修人的话", max_length=100, blank=True)
    silent = models.BooleanField("没有回话", default=False, help_text="没人确认，到日子自动办结，不算评价")

    objects: ClassVar[Any] = Scoped.from_queryset(TicketQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="ticket_number"),
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__gte=1, stars__lte=5), name="ticket_stars"),
            models.CheckConstraint(
                condition=~Q(state__in=("given", "taken", "here")) | Q(worker__isnull=False) | Q(supplier__isnull=False), name="ticket_in_hand"
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "reported_at", "id"], name="ticket_by_reported_at"),
            models.Index(fields=["school", "reported_on"], name="ticket_by_reported_on"),
            models.Index(fields=["school", "state", "due_on"], name="ticket_by_state"),
            models.Index(fields=["school", "place", "fault", "reported_at"], name="ticket_at"),
            models.Index(fields=["school", "worker", "state"], name="ticket_of_worker"),
            models.Index(fields=["school", "reporter", "id"], name="ticket_of_reporter"),
            models.Index(fields=["school", "asset"], condition=Q(asset__isnull=False), name="ticket_of_asset"),
            models.Index(fields=["school", "origin"], condition=~Q(origin=""), name="ticket_from"),
        ]
        verbose_name = "报修单"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def last_step(self) -> datetime:
        """When the latest of its steps was: none may be before it."""
        steps = (self.reported_at, self.given_at, self.taken_at, self.here_at, self.held_at, self.done_at)
        return max(at for at in steps if at is not None)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def waited(self) -> list[tuple[str, timedelta]]:
        """With whom each hour was spent: the dispatcher, then who has it on the way, at work, and who has to confirm."""
        points = [
            ("等派工", self.reported_at), ("等接单", self.given_at), ("在路上", self.taken_at), ("在修", self.here_at),
            ("等确认", self.done_at), ("", self.closed_at),
        ]  # fmt: skip
        if self.back:  # the dispatcher's hand was in it again when it came back
            points[0] = ("报修到返修", self.reported_at)
        known = [(word, at) for word, at in points if at is not None]
        return [(word, after - at) for (word, at), (_, after) in pairwise(known) if after >= at]


class TicketPart(SchoolModel):
    """What was put in, as far as the words of 怎么修的 say it: 灯管 2."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="parts", db_index=False)
    name = models.CharField("材料", max_length=20)
    quantity = models.PositiveIntegerField("数量")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "ticket", "name"], name="ticket_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ticket_part_some"),
        ]
        verbose_name = "更换材料"


class TicketSlip(SchoolModel):
    """A slip of the storeroom by which parts went into a repair; one that was taken back costs nothing."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="slips", db_index=False)
    slip = models.OneToOneField("stores.Slip", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "ticket"], name="ticket_slip_of_ticket")]
        verbose_name = "用料单"


class Echo(SchoolModel):
    """Somebody else reports the same: counted, not opened again."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="echoes", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField("时间")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(
                fields=["school", "ticket", "person"], condition=Q(person__isnull=False), name="echo_once"
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "ticket"], name="echo_of_ticket")]
        verbose_name = "也报了"


class DutyQuerySet(ScopedQuerySet):
    reads = "repairs.read_duty"


class Duty(SchoolModel):
    """Who mends what where (分工): the nearer the place and the plainer the kind, the sooner it is his."""

    kind = "repair_duty"

    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="谁修")
    fault = models.CharField("类别", max_length=8, choices=Fault, blank=True, help_text="空着是全部类别")
    area = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="哪里",
        help_text="空着是全校",
    )  # fmt: skip
    set_on = models.DateField("定于")

    objects: ClassVar[Any] = Scoped.from_queryset(DutyQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "fault", "area"], name="duty_once"),
            models.UniqueConstraint(fields=["school", "fault"], condition=Q(area=None), name="duty_everywhere_once"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "set_on", "id"], name="duty_by_set_on")]
        verbose_name = "维修分工"

    def __str__(self) -> str:
        return f"{self.area or '全校'}的{self.get_fault_display() or '全部'}：{self.worker}"


class UpkeepQuerySet(ScopedQuerySet):
    reads = "repairs.read_duty"

    def in_range(self, ctx: Any, span: str) -> Q:
        """The readings of what stands in one's charge are everybody's who mends."""
        return Q(pk__isnull=False) if span == "own" and ctx.person else super().in_range(ctx, span)

    def running(self) -> UpkeepQuerySet:
        return self.filter(ended_on=None)


class Upkeep(SchoolModel):
    """Something that is looked after before it breaks (保养计划): every so many months, or every so much of a reading."""

    kind = "upkeep"

    what = models.CharField("保养什么", max_length=100, help_text="如 水泵换油、复印机清洁")
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="地点")
    asset = models.ForeignKey(
        "assets.Asset", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="哪件东西"
    )
    fault = models.CharField("类别", max_length=8, choices=Fault)
    months = models.PositiveSmallIntegerField("几个月一次", null=True, blank=True)
    next_on = models.DateField("下次", null=True, blank=True)
    every = QuantityField("读数每到多少", null=True, blank=True, help_text="如 5000（页）、250（小时）")  # type: ignore[misc]
    unit = models.CharField("读数单位", max_length=10, blank=True)
    next_at = QuantityField("读数到多少要保养", null=True, blank=True)  # type: ignore[misc]
    reading = QuantityField("最近读数", null=True, blank=True)  # type: ignore[misc]
    read_on = models.DateField("读数日期", null=True, blank=True)
    set_on = models.DateField("定于")
    ended_on = models.DateField("停止日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(UpkeepQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.CheckConstraint(condition=Q(months__isnull=False) | Q(every__isnull=False), name="upkeep_rhythm"),
            models.CheckConstraint(condition=Q(every=None) | Q(every__gt=0), name="upkeep_every"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "set_on", "id"], name="upkeep_by_set_on"),
            models.Index(fields=["school", "next_on"], condition=Q(ended_on=None), name="upkeep_by_next_on"),
        ]
        verbose_name = "保养计划"

    def __str__(self) -> str:
        return f"{self.place}：{self.what}"

    @property
    def rhythm(self) -> str:
        """How often, as people say it."""
        words = [
            f"每 {self.months} 个月" if self.months else "",
            f"每 {self.every.normalize():f}{self.unit}" if self.every else "",
        ]
        return "或".join(filter(None, words))
