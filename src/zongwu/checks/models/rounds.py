"""One look, and what its items said."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.checks import follows
from zongwu.checks.models.lists import UNIQUE, CheckItem, CheckList, Point
from zongwu.checks.models.plans import Level, Plan
from zongwu.kernel import clock
from zongwu.kernel.accounts import Person
from zongwu.kernel.fields import QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


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

    @property
    def belated(self) -> str:
        """It was handed in on another day than the one it counts for: a telephone without signal, or one with a late clock."""
        sent = clock.day_of(self.at)
        return f"{sent:%m-%d} 补传" if sent != self.on else ""


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
