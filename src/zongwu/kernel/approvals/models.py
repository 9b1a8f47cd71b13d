"""Routes and their stages apart from cases, tasks and decisions: what is prescribed, and what happened."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.prescribed import MATTER_LABELS, OFFICE_WORK, READ, SIGN, Mode, Route, Stage
from zongwu.kernel.fields import MoneyField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class DeputyQuerySet(ScopedQuerySet):
    reads = SIGN

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            return Q(person=ctx.person) | Q(deputy=ctx.person)
        return super().in_range(ctx, span)

    def on(self, day: date) -> DeputyQuerySet:
        return self.filter(from_on__lte=day, until_on__gte=day, ended_on=None)


class Deputy(SchoolModel):
    """Somebody signs in another's place from a day to a day, both inclusive (委托)."""

    kind = "deputy"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="委托人")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="代办人")
    from_on = models.DateField("自")
    until_on = models.DateField("至", help_text="含这一天")
    ended_on = models.DateField("提前结束", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(DeputyQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="deputy_forward"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="deputy_is_another"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "deputy", "until_on"], name="deputy_of"),
            models.Index(fields=["school", "until_on", "id"], name="deputy_by_until"),
        ]
        verbose_name = "委托"

    def __str__(self) -> str:
        return f"{self.person} → {self.deputy}"


class CaseState(models.TextChoices):
    RUNNING = "running", "审批中"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"
    REFUSED = "refused", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"


class TaskState(models.TextChoices):
    LATER = "later", "还没轮到"
    OPEN = "open", "待办"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "已拒绝"
    RETURNED = "returned", "已退回"
    PASSED = "passed", "已转交"
    DROPPED = "dropped", "不用办了"


class CaseQuerySet(ScopedQuerySet):
    reads = READ

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            return involving(ctx)
        return super().in_range(ctx, span)

    def live(self) -> CaseQuerySet:
        return self.filter(state__in=(CaseState.RUNNING, CaseState.RETURNED))


class Case(SchoolModel):
    """One document's way through one version of a route."""

    kind = "case"

    matter = models.CharField("事项", max_length=40)
    object_kind = models.SlugField(max_length=20, db_index=False)
    object_id = models.BigIntegerField()
    number = models.CharField("单号", max_length=40, blank=True)
    title = models.CharField("内容", max_length=120)
    amount = MoneyField("金额", default=0)
    starter = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="发起人", db_index=False)
    state = models.CharField("状态", max_length=10, choices=CaseState, default=CaseState.RUNNING)
    route = models.ForeignKey(Route, models.PROTECT, related_name="+", verbose_name="路线", db_index=False)
    facts = models.JSONField(default=dict)
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="步骤", db_index=False
    )
    resume = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    """Where it goes on after a return: straight back to who returned it."""
    hash = models.CharField(max_length=64)
    """Of what a signature now covers; `CaseContent` keeps what that was."""
    started_at = models.DateTimeField("发起时间")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    asked_back_at = models.DateTimeField("申请撤回时间", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(CaseQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(
                fields=["school", "object_kind", "object_id"], condition=Q(state__in=["running", "returned"]),
                name="case_live_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "started_at", "id"], name="case_by_started_at"),
            models.Index(fields=["school", "starter", "id"], name="case_of_starter"),
            models.Index(fields=["school", "object_kind", "object_id", "id"], name="case_of_object"),
            models.Index(fields=["school", "state", "id"], name="case_by_state"),
        ]
        verbose_name = "审批"

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def matter_label(self) -> str:
        return MATTER_LABELS.get(self.matter, self.matter)


class CaseContent(SchoolModel):
    """What was shown under one hash, so that a later reader sees what was signed and what changed since."""

    guard = "append_only"

    case = models.ForeignKey(Case, models.PROTECT, related_name="contents", db_index=False)
    hash = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "case", "hash"], name="case_content_once"),
        ]


class Task(SchoolModel):
    """What one person has to do at one stage."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField(default=0)
    """Its place among those that sign in turn."""
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.LATER)
    host = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    """The task on whose account this one was added (加签)."""
    position = models.CharField(max_length=6, blank=True)
    """`before`, `along` or `after` its host."""
    batch = models.PositiveSmallIntegerField(default=0)
    """Those added together, passed by their own mode."""
    mode = models.CharField(max_length=8, choices=Mode, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who did it: himself, or his deputy."""
    hash = models.CharField(max_length=64, blank=True)
    """Of the content on which it was done."""
    stand_in = models.BooleanField(default=False)
    """Nobody was found: the administrator finds somebody. He does not sign."""
    opened_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    urged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "case", "id"], name="task_of_case"),
            models.Index(fields=["school", "person", "state", "case"], name="task_of_person"),
        ]


class Said(models.TextChoices):
    """What somebody did with a case."""

    APPLIED = "applied", "提交"
    REAPPLIED = "reapplied", "改好再交"
    AGREED = "agreed", "同意"
    HANDLED = "handled", "办好"
    RESOLVED = "resolved", "会议决定"
    REPLIED = "replied", "批复"
    CARRIED = "carried", "前面签过，自动带过"
    REFUSED = "refused", "拒绝"
    RETURNED = "returned", "退回"
    PASSED = "passed", "转交"
    ADDED = "added", "加签"
    COPIED = "copied", "抄送"
    URGED = "urged", "催办"
    ASKED_BACK = "asked_back", "申请撤回"
    KEPT = "kept", "不同意撤回"
    CONSENTED = "consented", "同意撤回"
    WITHDREW = "withdrew", "撤回"


SIGNATURES = (Said.APPLIED, Said.REAPPLIED, Said.AGREED, Said.HANDLED, Said.RESOLVED, Said.REPLIED, Said.CARRIED)
"""What stands as a signature on the printed slip."""


class DecisionQuerySet(ScopedQuerySet):
    reads = READ

    def in_range(self, ctx: Any, span: str) -> Q:
        """Whoever has a part in a case reads what was said of it."""
        cases = Case.objects.all()
        return Q(case__in=cases.filter(cases.in_range(ctx, span)).values("pk"))


class Decision(SchoolModel):
    """What somebody decided, on which content, with which signature."""

    kind = "decision"
    guard = "append_only"

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+", db_index=False)
    said = models.CharField(max_length=10, choices=Said)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    stands_for = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """Whose task it was, when a deputy did it: 「王五（代李四）」."""
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)
    """Of the content that this person was shown."""
    opinion = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=60, blank=True)
    """Of the minutes or of the reply."""
    held_on = models.DateField(null=True)
    signature = models.TextField(blank=True)
    """Strokes of a finger, `signatures.py`."""
    device = models.CharField(max_length=16, blank=True)
    """A keyed digest of address and browser: equal for equal devices, and nothing else."""

    objects: ClassVar[Any] = Scoped.from_queryset(DecisionQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "case", "id"], name="decision_of_case"),
            models.Index(fields=["school", "person", "id"], name="decision_by_person"),
        ]
        verbose_name = "审批意见"

    @property
    def who(self) -> str:
        """王五（代李四）"""
        return f"{self.person}（代{self.stands_for}）" if self.stands_for_id else str(self.person)


class CopyQuerySet(ScopedQuerySet):
    reads = SIGN

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(person=ctx.person) if span == "own" and ctx.person else super().in_range(ctx, span)


class Copy(SchoolModel):
    """Somebody is to know of a case; when he read it is kept (抄送)."""

    kind = "case_copy"

    case = models.ForeignKey(Case, models.PROTECT, related_name="copies", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = Scoped.from_queryset(CopyQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "case", "person"], name="copy_once"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "person", "id"], name="copy_to")]
        verbose_name = "抄送"


def mine(ctx: Any) -> Q:
    """Tasks that are this person's, or of somebody whose deputy he is today; as `queries.asked_of`."""
    stands_for = Deputy.objects.on(ctx.today).filter(deputy=ctx.person).values("person")
    not_own = ~Q(case__starter=ctx.person) | Q(stage__mode__in=OFFICE_WORK)
    return Q(person=ctx.person) | Q(person__in=stands_for) & not_own


def involving(ctx: Any) -> Q:
    """Cases in which this person has a part; as a deputy, those that wait now and those that he signed."""
    own = Q(person=ctx.person) | Q(done_by=ctx.person) | (mine(ctx) & Q(state=TaskState.OPEN))
    return (
        Q(starter=ctx.person)
        | Q(pk__in=Task.objects.filter(own).values("case"))
        | Q(pk__in=Copy.objects.filter(person=ctx.person).values("case"))
    )


def about(ctx: Any, kind: str) -> Q:
    """Documents of a kind in whose approval this person has a part: for their `in_range`."""
    return Q(pk__in=Case.objects.filter(involving(ctx), object_kind=kind).values("object_id"))


class DocumentState(models.TextChoices):
    DRAFT = "draft", "草稿"
    RUNNING = "running", "审批中"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"
    REFUSED = "refused", "已拒绝"
    DROPPED = "dropped", "已作废"


class Document(SchoolModel):
    """What a domain sends for approval: a number, who applies, and where it stands."""

    State = DocumentState
    OPEN_STATES: ClassVar[tuple[str, ...]] = (DocumentState.DRAFT, DocumentState.RETURNED)
    """In which it may still be changed."""

    number = models.CharField("单号", max_length=40)
    title = models.CharField("内容", max_length=120, editable=False)
    """What it is about in a few words, kept up to date by the domain."""
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="申请人")
    applied_on = models.DateField("申请日期")
    state = models.CharField("状态", max_length=10, choices=DocumentState, default=DocumentState.DRAFT)
    ended_on = models.DateField("办结日期", null=True, blank=True, editable=False)
    """The day of the last signature, or of the refusal: what a figure counts by."""

    class Meta:
        abstract = True

    @property
    def may_change(self) -> bool:
        return self.state in self.OPEN_STATES
