"""Who looks where and how often, and each look that this asks for."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.checks.models.lists import UNIQUE, CheckList, OpenQuerySet, Point
from zongwu.kernel import clock
from zongwu.kernel.accounts import Holding, Person, Role
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


class Level(models.TextChoices):
    """Three levels and the sweep over all of the school (R1.24, R5.03)."""

    SELF = "self", "自查"
    AGAIN = "again", "复查"
    SPOT = "spot", "抽查"
    SWEEP = "sweep", "大检查"


class Every(models.TextChoices):
    DAY = "day", "每天"
    WORKDAY = "workday", "每个上班日"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    TERM = "term", "每学期"
    HALF = "half", "每半年"
    YEAR = "year", "每年"
    ONCE = "once", "一次"


class PlanQuerySet(ScopedQuerySet):
    reads = "checks.read_plan"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own: what one is named for, and what one of his roles has to do."""
        return _mine(ctx) if span == "own" and ctx.person else super().in_range(ctx, span)

    def not_over(self, on: date) -> PlanQuerySet:
        """Begun, and not ended before a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__isnull=False)

    def lacking(self, on: date) -> PlanQuerySet:
        """Those whose tasks are not made until a day, or until their own last day: also where that passed while the program slept."""
        made = Q(made_until=None) | (Q(made_until__lt=on) & (Q(until_on=None) | Q(made_until__lt=F("until_on"))))
        return self.filter(made, from_on__lte=on)


def _mine(ctx: Any, prefix: str = "") -> Q:
    held = Holding.objects.on(ctx.today).filter(person=ctx.person).values("role")
    return Q(**{f"{prefix}person": ctx.person}) | Q(**{f"{prefix}person": None, f"{prefix}role__in": held})


class Plan(SchoolModel):
    """Who looks through which list, where and how often (检查计划). Without points it is done once for the whole school."""

    kind = "checkplan"

    key = models.SlugField("出厂编号", max_length=30, blank=True, editable=False, db_index=False)
    name = models.CharField("名称", max_length=40)
    checklist = models.ForeignKey(
        CheckList, models.PROTECT, related_name="plans", db_index=False, verbose_name="检查表"
    )
    level = models.CharField("谁的检查", max_length=6, choices=Level, default=Level.SELF)
    every = models.CharField("多久一次", max_length=8, choices=Every)
    times = models.PositiveSmallIntegerField("每天几次", default=1, help_text="如要害部位巡查一天 5 次")
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="哪个岗位查"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="指定谁查"
    )
    evidence = models.CharField("留什么", max_length=60, blank=True)
    basis = models.CharField("依据", max_length=120, blank=True)
    from_on = models.DateField("从", null=True, blank=True, help_text="空着就是还没启用")
    until_on = models.DateField("到", null=True, blank=True)
    made_until = models.DateField("任务排到", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = Scoped.from_queryset(PlanQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "key"], condition=~Q(key=""), name="checkplan_key"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="checkplan_forward"
            ),
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=24), name="checkplan_times"),
            models.CheckConstraint(
                condition=Q(times=1) | Q(every__in=("day", "workday")), name="checkplan_times_a_day"
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "name", "id"], name="checkplan_by_name")]
        verbose_name = "检查计划"

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> str:
        return f"{self.get_every_display()}{f' {self.times} 次' if self.times > 1 else ''}"

    @property
    def runs(self) -> bool:
        """It was begun, and its end lies ahead."""
        return self.from_on is not None and (self.until_on is None or self.until_on > clock.today())

    @property
    def who(self) -> str:
        return str(self.person or self.role or "还没定人")


class PlanPoint(SchoolModel):
    """A point that a plan goes past."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="stops", db_index=False)
    point = models.ForeignKey(Point, models.PROTECT, related_name="+", db_index=False)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OpenQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "plan", "point"], name="planpoint_once")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "point"], name="planpoint_by_point")]
        verbose_name = "计划的点位"


class TaskQuerySet(ScopedQuerySet):
    reads = "checks.read_plan"

    def in_range(self, ctx: Any, span: str) -> Q:
        return _mine(ctx, "plan__") if span == "own" and ctx.person else super().in_range(ctx, span)

    def at(self, on: date) -> TaskQuerySet:
        """Those whose days a day is one of."""
        return self.filter(from_on__lte=on, until_on__gte=on)

    def undone(self) -> TaskQuerySet:
        return self.filter(round=None)

    def missed(self, today: date) -> TaskQuerySet:
        """Holes: their last day is over, and nobody looked."""
        return self.undone().filter(until_on__lt=today)


class Task(SchoolModel):
    """One look that a plan asks for: which days, at which point. A hole in the calendar is a task that nobody did."""

    kind = "checktask"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks", db_index=False, verbose_name="计划")
    point = models.ForeignKey(
        Point, models.PROTECT, null=True, blank=True, related_name="tasks", db_index=False, verbose_name="点位"
    )
    from_on = models.DateField("从")
    until_on = models.DateField("最晚")
    nth = models.PositiveSmallIntegerField("第几次", default=1)
    round = models.OneToOneField(
        "Round", models.PROTECT, null=True, blank=True, related_name="task", verbose_name="检查记录"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(TaskQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "plan", "point", "from_on", "nth"], name="checktask_once"),
            models.UniqueConstraint(
                fields=["school", "plan", "from_on", "nth"], condition=Q(point=None), name="checktask_whole_once"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="checktask_forward"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "until_on", "id"], name="checktask_by_until_on"),
            models.Index(fields=["school", "until_on"], condition=Q(round=None), name="checktask_undone"),
            models.Index(fields=["school", "point", "until_on"], name="checktask_of_point"),
        ]
        verbose_name = "检查任务"

    def __str__(self) -> str:
        return f"{self.plan} {self.point or '全校'} {self.until_on:%m-%d}"

    @property
    def word(self) -> str:
        """As the list shows it: done or not."""
        return "done" if self.round_id else "open"
