"""What is prescribed: routes, their stages, and who stands at each. Versioned, never edited."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.approvals import conditions
from zongwu.kernel.scope import OPEN, SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints
MATTER_LABELS: dict[str, str] = {}
"""Matter → what it is called; filled by `matters.register`."""
SIGN, READ, EDIT = "approvals.sign", "approvals.read_case", "approvals.edit_routes"


class Mode(models.TextChoices):
    """How a stage is passed. A closed set: what a school needs beyond it is a stage more, not a kind more."""

    ONE = "one", "或签"
    ALL = "all", "会签"
    TURN = "turn", "依次"
    HANDLE = "handle", "办理"
    MEETING = "meeting", "集体决定"
    OUTSIDE = "outside", "校外审批"
    COPY = "copy", "抄送"


BY_ONE = (Mode.HANDLE, Mode.MEETING, Mode.OUTSIDE)
"""One of those who stand there does it."""
OFFICE_WORK = (Mode.HANDLE, Mode.OUTSIDE, Mode.COPY)
"""Stages that decide nothing inside the school: the applicant may do them himself."""


class Duty(models.TextChoices):
    """What somebody does for a document; some of these one person may not do for the same document (`people.APART`)."""

    APPLY = "apply", "申请"
    CONFIRM = "confirm", "核对"
    APPRAISE = "appraise", "鉴定"
    BOOKKEEP = "bookkeep", "财务核账"
    APPROVE = "approve", "审批"
    GIVE = "give", "移交"
    RECEIVE = "receive", "接收"
    WITNESS = "witness", "监交"
    HANDLE = "handle", "办理"


class RouteQuerySet(ScopedQuerySet):
    reads = OPEN
    """By which way something goes stands on every slip; the page of a route is for whoever edits it."""

    def in_force(self, matter: str) -> RouteQuerySet:
        """Those by which a new case may run, in the order in which their conditions are asked."""
        return self.filter(matter=matter, retired_on=None).order_by("rank", "id")


class Route(SchoolModel):
    """One version of a route. An edit makes the next version; cases that run keep theirs."""

    kind = "route"

    matter = models.CharField("事项", max_length=40)
    name = models.CharField("路线", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    rank = models.PositiveSmallIntegerField("先后", default=50, help_text="数小的先看条件")
    condition = models.JSONField("条件", default=list)
    source = models.CharField("依据", max_length=120, blank=True)
    made_on = models.DateField("自")
    retired_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(RouteQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "matter", "name", "version"], name="route_version"),
            models.UniqueConstraint(
                fields=["school", "matter", "name"], condition=Q(retired_on=None), name="route_in_force_once"
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "made_on", "id"], name="route_by_made_on")]
        verbose_name = "审批路线"

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"

    @property
    def matter_label(self) -> str:
        return MATTER_LABELS.get(self.matter, self.matter)

    @property
    def when(self) -> str:
        """The condition in words."""
        return conditions.spoken(self.condition, conditions.ASKED.get(self.matter, {})) or "都走这条"


class Stage(SchoolModel):
    """One step of a route. Never edited: a signature points to it."""

    kind = "stage"
    guard = "append_only"

    route = models.ForeignKey(Route, models.PROTECT, related_name="stages", verbose_name="路线", db_index=False)
    seq = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("步骤", max_length=20)
    mode = models.CharField("方式", max_length=8, choices=Mode)
    duty = models.CharField("职责", max_length=10, choices=Duty)
    condition = models.JSONField("条件", default=list)
    joint = models.BooleanField("联合申请", default=False, help_text="发起人在内的，提交就算签过")
    signed = models.BooleanField("要手写签名", default=False)
    days = models.PositiveSmallIntegerField("限几天", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(RouteQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "route", "seq"], name="stage_seq"),
        ]
        verbose_name = "审批步骤"

    def __str__(self) -> str:
        return self.name


class Signer(SchoolModel):
    """Who stands at a stage: whoever holds a role, a named person, or a party that the document names."""

    guard = "append_only"

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="signers")
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    party = models.SlugField(max_length=20, blank=True, db_index=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.CheckConstraint(
                condition=Q(role__isnull=False, person=None, party="")
                | Q(role=None, person__isnull=False, party="")
                | Q(role=None, person=None) & ~Q(party=""),
                name="signer_is_one",
            ),
        ]
