"""Who answers for what stands in a room, from the opening of a term to its end (财产保管责任书). Seeds R2.04, R5.07."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.assets.models.cards import Asset
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import MoneyField, QuantityField
from zongwu.kernel.figures import percent
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints
LIVE: tuple[str, ...] = (*Document.OPEN_STATES, DocumentState.RUNNING, DocumentState.APPROVED)


class CustodyQuerySet(ScopedQuerySet):
    reads = "assets.read_agreement"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one answers for, heads, drew up or signs."""
        if span == "own" and ctx.person:
            return (
                Q(keeper=ctx.person) | Q(head=ctx.person) | Q(applicant=ctx.person) | about(ctx, str(self.model.kind))
            )
        return super().in_range(ctx, span)


class AgreementQuerySet(CustodyQuerySet):
    def standing(self) -> AgreementQuerySet:
        """Drawn up, and neither dropped nor accepted back: a room has one at a time."""
        return self.filter(state__in=LIVE, accepted_on=None)

    def in_force(self) -> AgreementQuerySet:
        """Signed by everybody and not yet accepted back."""
        return self.filter(state=DocumentState.APPROVED, accepted_on=None)

    def to_accept(self, today: date) -> AgreementQuerySet:
        """Their time is over and nobody has looked whether all is there."""
        running = RoomCheck.objects.filter(purpose=RoomCheck.Purpose.ACCEPT, state=DocumentState.RUNNING).values(
            "agreement"
        )
        return self.in_force().filter(until_on__lte=today).exclude(pk__in=running)

    def to_check(self, today: date) -> AgreementQuerySet:
        """Rooms that nobody has looked through this month."""
        seen = RoomCheck.objects.filter(applied_on__gte=today.replace(day=1)).values("place")
        return self.in_force().exclude(place__in=seen)


class Agreement(Document):
    """One room, one term, one person who answers; a copy of what stood there when it was drawn up."""

    kind = "agreement"

    term = models.ForeignKey("school.Term", models.PROTECT, related_name="+", db_index=False, verbose_name="学期")
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="房间")
    school_class = models.ForeignKey(
        "school.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="班级"
    )  # fmt: skip
    keeper = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="责任人")
    head = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="室负责人"
    )
    until_on = models.DateField("责任期到", help_text="这一天起该验收")
    terms = models.TextField("约定")
    cards = models.PositiveIntegerField("卡片数", default=0)
    value = MoneyField("原值", default=0)
    pupils_ink = models.TextField("学生代表签名", blank=True)
    """Strokes only; who the pupil was is not kept."""
    pupils_signed_on = models.DateField("学生代表签名日期", null=True, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    missing = models.PositiveIntegerField("缺损的卡片", default=0)
    """Of the list: what was not there, and what was damaged meanwhile."""
    loss = MoneyField("损失", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(AgreementQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="agreement_number"),
            models.UniqueConstraint(
                fields=["school", "place"], condition=Q(state__in=LIVE, accepted_on=None), name="agreement_one_a_room"
            ),
            models.CheckConstraint(condition=~Q(head=F("keeper")), name="agreement_head_is_another"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="agreement_by_applied_on"),
            models.Index(fields=["school", "place", "state"], name="agreement_of_place"),
            models.Index(fields=["school", "keeper", "state"], name="agreement_of_keeper"),
        ]
        verbose_name = "财产保管责任书"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def whose(self) -> str:
        """The class, or the person of a room without one."""
        return str(self.school_class or self.keeper)

    @property
    def loss_rate(self) -> str:
        """What is lacking in percent of the cards on the list; empty until the acceptance. The summary's figure over one agreement."""
        return f"{percent(self.missing, self.cards)}%" if self.accepted_on and self.cards else ""


class AgreementLine(SchoolModel):
    """One card as it stood when the agreement was drawn up."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="lines", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    quantity = QuantityField("数量")
    value = MoneyField("原值")
    lost = models.BooleanField("缺了或人为损坏", default=False)
    """Known at the acceptance."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "agreement", "asset"], name="agreement_line_once"),
        ]
        verbose_name = "责任书明细"

    def __str__(self) -> str:
        return str(self.asset)


class RoomCheck(Document):
    """Somebody looked whether all that should stand in a room stands there: in between by himself, at the end with signatures."""

    kind = "roomcheck"

    class Purpose(models.TextChoices):
        SELF = "self", "自查"
        ACCEPT = "accept", "期末验收"

    purpose = models.CharField("哪一种", max_length=6, choices=Purpose)
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="房间")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="checks", db_index=False, verbose_name="责任书"
    )
    keeper = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="责任人"
    )
    head = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="室负责人"
    )
    cards = models.PositiveIntegerField("应有卡片", default=0)
    wrong = models.PositiveIntegerField("不对的", default=0)
    ink = models.TextField("签名", blank=True)
    """Of a self-check: who made it signs for it at once."""
    pupils_ink = models.TextField("学生代表签名", blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(CustodyQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="roomcheck_number"),
            models.UniqueConstraint(
                fields=["school", "agreement"], condition=Q(purpose="accept", state__in=LIVE), name="roomcheck_accepts_once"
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="roomcheck_by_applied_on"),
            models.Index(fields=["school", "place", "applied_on"], name="roomcheck_of_place"),
        ]
        verbose_name = "房间自查"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class FindingQuerySet(ScopedQuerySet):
    reads = "assets.read_agreement"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What was found is seen with the check."""
        checks = RoomCheck.objects.all()
        return Q(check_of__in=checks.filter(checks.in_range(ctx, span)).values("pk"))

    def open(self) -> FindingQuerySet:
        """Nobody has said yet what became of it."""
        return self.filter(settled_on=None).exclude(check_of__state__in=(DocumentState.REFUSED, DocumentState.DROPPED))


class Finding(SchoolModel):
    """One thing that was not as it should be when the room was looked through."""

    kind = "finding"

    class How(models.TextChoices):
        MISSING = "missing", "不见了"
        BROKEN = "broken", "坏了"
        ELSEWHERE = "elsewhere", "别的房间的"

    check_of = models.ForeignKey(
        RoomCheck, models.PROTECT, related_name="findings", db_index=False, verbose_name="自查或验收"
    )
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False, verbose_name="资产")
    how = models.CharField("怎么不对", max_length=10, choices=How)
    quantity = QuantityField("数量")
    note = models.CharField("说明", max_length=100, blank=True)
    found_on = models.DateField("发现日期")
    settled_on = models.DateField("办完日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=200, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(FindingQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "check_of", "asset"], name="finding_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="finding_positive"),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "asset"], name="finding_of_asset"),
            models.Index(fields=["school", "found_on", "id"], name="finding_by_found_on"),
        ]
        verbose_name = "自查发现"

    def __str__(self) -> str:
        return f"{self.asset.name}{self.get_how_display()}"
