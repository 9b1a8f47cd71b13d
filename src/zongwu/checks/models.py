"""What is looked at, where, how often and by whom; what was found. Every inspection of the school uses these rows. Seeds R1.24, R4.03, R5.03."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.checks import follows
from zongwu.kernel.accounts import Holding, Person, Role
from zongwu.kernel.fields import QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class Area(models.TextChoices):
    SAFETY = "safety", "安全"
    FIRE = "fire", "消防"
    POWER = "power", "水电"
    HYGIENE = "hygiene", "卫生"
    CANTEEN = "canteen", "食堂"
    DORM = "dorm", "宿舍"
    READY = "ready", "开学准备"
    GROUNDS = "grounds", "校园环境"
    PROPERTY = "property", "财产财务"
    OTHER = "other", "其他"


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


class OpenQuerySet(ScopedQuerySet):
    """Rows that end on a day and are not deleted."""

    reads = "checks.read_list"

    def open(self) -> OpenQuerySet:
        return self.filter(closed_on=None)


class CheckList(SchoolModel):
    """What is looked at (检查表): its items, and what comes of what is found."""

    kind = "checklist"

    name = models.CharField("名称", max_length=40)
    area = models.CharField("类别", max_length=8, choices=Area)
    then = models.CharField(
        "查出问题默认", max_length=12, blank=True, choices=follows.choices, help_text="检查的人当场可以另选"
    )
    second = models.BooleanField("要第二个人签字", default=False, help_text="如防火检查：检查人和被查部门负责人都签")
    basis = models.CharField("依据", max_length=120, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OpenQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "name"], condition=Q(closed_on=None), name="checklist_name"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "name", "id"], name="checklist_by_name")]
        verbose_name = "检查表"

    def __str__(self) -> str:
        return self.name


class CheckItem(SchoolModel):
    """One line of a list. It is never changed: a correction ends it and writes another, so that old records keep their words."""

    kind = "checkitem"

    class Sort(models.TextChoices):
        FINE = "fine", "正常或异常"
        CHOICE = "choice", "选一个"
        NUMBER = "number", "填数"

    checklist = models.ForeignKey(
        CheckList, models.PROTECT, related_name="items", db_index=False, verbose_name="检查表"
    )
    seq = models.PositiveSmallIntegerField("序号")
    name = models.CharField("查什么", max_length=40)
    wanted = models.CharField("怎样算正常", max_length=80, blank=True)
    sort = models.CharField("怎么答", max_length=6, choices=Sort, default=Sort.FINE)
    fine = models.CharField("正常的答案", max_length=80, blank=True, help_text="选一个的，用顿号分开")
    wrong = models.CharField("常见的毛病", max_length=120, blank=True, help_text="用顿号分开，检查时点一下就行")
    least = QuantityField("不低于", null=True, blank=True)  # type: ignore[misc]
    most = QuantityField("不高于", null=True, blank=True)  # type: ignore[misc]
    unit = models.CharField("单位", max_length=10, blank=True)
    photo = models.BooleanField("异常要拍照", default=False)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OpenQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(
                fields=["school", "checklist", "seq"], condition=Q(closed_on=None), name="checkitem_seq"
            ),
        ]
        verbose_name = "检查项"

    def __str__(self) -> str:
        return self.name

    @property
    def fines(self) -> list[str]:
        return _words(self.fine)

    @property
    def wrongs(self) -> list[str]:
        return _words(self.wrong)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", "、").replace(",", "、").split("、") if word.strip()]


class Point(SchoolModel):
    """A place where one stands to look (点位), with a plate of its own: a distribution room, a hydrant, a tap."""

    kind = "point"

    name = models.CharField("点位", max_length=40)
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="在哪里")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OpenQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "place", "name"], condition=Q(closed_on=None), name="point_once"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "name", "id"], name="point_by_name")]
        verbose_name = "点位"

    def __str__(self) -> str:
        place = str(self.place)
        return place if self.name == self.place.name else f"{place} {self.name}"


class PlanQuerySet(ScopedQuerySet):
    reads = "checks.read_plan"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own: what one is named for, and what one of his roles has to do."""
        return _mine(ctx) if span == "own" and ctx.person else super().in_range(ctx, span)

    def running(self, on: date) -> PlanQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)


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


class RoundQuerySet(ScopedQuerySet):
    reads = "checks.read_round"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one looked through himself."""
        return Q(person=ctx.person) if span == "own" and ctx.person else super().in_range(ctx, span)

    def to_sign(self) -> RoundQuerySet:
        """A second person has to sign, and has not."""
        return self.filter(checklist__second=True, second=None)


class Round(SchoolModel):
    """One look (检查记录): what was gone through, by whom, and how much was wrong. A round that found nothing counts too."""

    kind = "checkround"

    number = models.CharField("编号", max_length=40)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="rounds", db_index=False, verbose_name="计划"
    )
    checklist = models.ForeignKey(
        CheckList, models.PROTECT, related_name="rounds", db_index=False, verbose_name="检查表"
    )
    point = models.ForeignKey(
        Point, models.PROTECT, null=True, blank=True, related_name="rounds", db_index=False, verbose_name="点位"
    )
    level = models.CharField("谁的检查", max_length=6, choices=Level)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="检查人")
    along = models.CharField("同行的人", max_length=60, blank=True, help_text="如 学生会、值周领导")
    on = models.DateField("日期")
    at = models.DateTimeField("记下的时间")
    device_at = models.DateTimeField("手机上的时间", null=True, blank=True)
    items = models.PositiveSmallIntegerField("查了几项", default=0)
    wrong = models.PositiveSmallIntegerField("异常几项", default=0)
    note = models.CharField("说明", max_length=200, blank=True)
    second = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="复核签字"
    )
    second_at = models.DateTimeField("签字时间", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(RoundQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="checkround_number"),
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("person")), name="checkround_two_people"),
            models.CheckConstraint(condition=Q(wrong__lte=F("items")), name="checkround_counts"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "on", "id"], name="checkround_by_on"),
            models.Index(fields=["school", "point", "on"], name="checkround_of_point"),
            models.Index(fields=["school", "plan", "on"], name="checkround_of_plan"),
        ]
        verbose_name = "检查记录"

    def __str__(self) -> str:
        return f"{self.number} {self.checklist}{f' {self.point}' if self.point else ''}"

    @property
    def verdict(self) -> str:
        return "wrong" if self.wrong else "fine"


class FindingQuerySet(ScopedQuerySet):
    reads = "checks.read_round"

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(round__person=ctx.person) if span == "own" and ctx.person else super().in_range(ctx, span)

    def wrong(self) -> FindingQuerySet:
        return self.filter(verdict=Finding.Verdict.WRONG)

    def open(self) -> FindingQuerySet:
        """Nothing came of it yet."""
        return self.wrong().filter(then="")


class Finding(SchoolModel):
    """What one item of a round said, where it was more than plainly all right (检查发现): a number, a choice, something wrong, not applicable."""

    kind = "check_finding"

    class Verdict(models.TextChoices):
        FINE = "fine", "正常"
        WRONG = "wrong", "异常"
        ABSENT = "absent", "不适用"

    round = models.ForeignKey(Round, models.PROTECT, related_name="findings", db_index=False, verbose_name="检查记录")
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="+", db_index=False, verbose_name="检查项")
    verdict = models.CharField("结果", max_length=6, choices=Verdict)
    said = models.CharField("情况", max_length=120, blank=True)
    number = QuantityField("读数", null=True, blank=True)  # type: ignore[misc]
    on = models.DateField("日期")
    then = models.CharField("处理", max_length=12, blank=True, choices=follows.choices)
    became = models.CharField("转成", max_length=60, blank=True, editable=False)
    settled_on = models.DateField("处理日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(FindingQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "round", "item"], name="checkfinding_once"),
            models.CheckConstraint(condition=Q(verdict="wrong") | Q(then=""), name="checkfinding_then"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "on", "id"], condition=Q(verdict="wrong"), name="checkfinding_by_on"),
            models.Index(fields=["school", "on"], condition=Q(verdict="wrong", then=""), name="checkfinding_open"),
        ]
        verbose_name = "检查发现"

    def __str__(self) -> str:
        return f"{self.round.point or self.round.checklist}：{self.item}{f' {self.said}' if self.said else ''}"
