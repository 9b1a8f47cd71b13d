"""The term summary: sections of prose around live figure slots, frozen when it is signed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class SummaryQuerySet(ScopedQuerySet):
    reads = "summary.read_summary"


class Summary(SchoolModel):
    """One term's report. A draft's figures are live; a signed one shows what was true when it was signed."""

    kind = "summary"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SIGNED = "signed", "已定稿"

    term = models.ForeignKey("school.Term", models.PROTECT, related_name="summaries", verbose_name="学期")
    title = models.CharField("标题", max_length=80)
    office = models.CharField("落款", max_length=40, default="总务处")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    begun_on = models.DateField("起草日期")
    signed_on = models.DateField("定稿日期", null=True, blank=True)
    signed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(SummaryQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "term"], name="summary_of_term"),
            models.CheckConstraint(
                condition=Q(state="draft", signed_on=None) | Q(state="signed", signed_on__isnull=False),
                name="summary_signed_on",
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "begun_on", "id"], name="summary_by_begun")]
        verbose_name = "学期总结"

    def __str__(self) -> str:
        return self.title


class Section(SchoolModel):
    """A heading and its paragraphs, one a line. `{assets.cards}` is a figure, `〔图 …〕` and `〔表 …〕` a breakdown."""

    kind = "section"

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField("次序")
    level = models.PositiveSmallIntegerField("层次", default=1)
    heading = models.CharField("标题", max_length=60, blank=True)
    body = models.TextField("正文", blank=True)
    area = models.CharField(max_length=20, blank=True, help_text="这一节说哪个领域的事")
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = Scoped.from_queryset(SummaryQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "summary", "position"], name="section_position")
        ]  # fmt: skip
        ordering: ClassVar[list[str]] = ["position"]
        verbose_name = "节"

    def __str__(self) -> str:
        return self.heading or "开头"


class FrozenFigure(SchoolModel):
    """A figure as it stood when the summary was signed, with the rows that it was computed from."""

    guard = "append_only"

    summary = models.ForeignKey(Summary, models.PROTECT, related_name="figures")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    text = models.CharField(max_length=40)
    exact = models.CharField(max_length=40)
    definition = models.CharField(max_length=200)
    rows = models.JSONField(help_text="依据的记录：[[引用, 名称, 数额, 是否在比例的分子里], …]")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "summary", "key"], name="frozen_once")
        ]  # fmt: skip


class FrozenBreakdown(SchoolModel):
    """A table or chart as it stood when the summary was signed."""

    guard = "append_only"

    summary = models.ForeignKey(Summary, models.PROTECT, related_name="breakdowns")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    items = models.JSONField(help_text="[[名称, 数额], …]")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "summary", "key"], name="frozen_breakdown_once")
        ]  # fmt: skip
