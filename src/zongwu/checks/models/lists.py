"""What is looked at, and where one stands to look."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.checks import follows, rules
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
    opened_on = models.DateField("启用日期")
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
    def answer(self) -> str:
        """The usual answers, or the limits of a reading, as people write them."""
        return self.fine or rules.told(self.least, self.most, self.unit)

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
