"""One purchase goes into many rooms, and where it replaces something, what stood there comes out (配发). Seeds R5.06, R6.05."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.assets.models.cards import Asset
from zongwu.kernel.accounts import Person
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.school.models import SchoolClass

UNIQUE = SchoolModel.Meta.constraints


def _kept_by(person: Person) -> Q:
    """Rooms of one's own, also those of one's class."""
    mine = SchoolClass.objects.open().filter(teacher=person).exclude(room=None).values("room")
    return Q(place__keeper=person) | Q(place__in=mine)


class RolloutQuerySet(ScopedQuerySet):
    reads = "assets.read_rollout"

    def in_range(self, ctx: Any, span: str) -> Q:
        """Those that one leads or planned, and those in which a room of one's own gets something."""
        if span == "own" and ctx.person:
            rooms = Placement.objects.filter(_kept_by(ctx.person)).values("rollout")
            return Q(leader=ctx.person) | Q(planner=ctx.person) | Q(pk__in=rooms)
        return super().in_range(ctx, span)


class Rollout(SchoolModel):
    """A plan: these cards into these rooms, by a day, led by somebody."""

    kind = "rollout"

    class State(models.TextChoices):
        RUNNING = "running", "配发中"
        DONE = "done", "已配完"
        DROPPED = "dropped", "已作废"

    number = models.CharField("单号", max_length=40)
    name = models.CharField("配发", max_length=60)
    planner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="谁安排的")
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="安装负责人"
    )
    planned_on = models.DateField("安排日期")
    due_on = models.DateField("装完期限")
    state = models.CharField("状态", max_length=8, choices=State, default=State.RUNNING)
    ended_on = models.DateField("配完日期", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = Scoped.from_queryset(RolloutQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "number"], name="rollout_number")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "planned_on", "id"], name="rollout_by_planned_on")
        ]
        verbose_name = "配发"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PlacementQuerySet(ScopedQuerySet):
    reads = "assets.read_rollout"

    def in_range(self, ctx: Any, span: str) -> Q:
        """Those of a roll-out that one leads, and those in a room of one's own."""
        if span == "own" and ctx.person:
            return Q(rollout__leader=ctx.person) | Q(rollout__planner=ctx.person) | _kept_by(ctx.person)
        return super().in_range(ctx, span)

    def open(self) -> PlacementQuerySet:
        """Still to be put in."""
        return self.filter(placed_on=None, dropped_on=None, rollout__state=Rollout.State.RUNNING)


class Placement(SchoolModel):
    """One card into one room, and what it replaces there."""

    kind = "placement"

    rollout = models.ForeignKey(Rollout, models.PROTECT, related_name="placements", db_index=False, verbose_name="配发")
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="房间")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="placements", db_index=False, verbose_name="装什么")
    old = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="换下什么"
    )
    seq = models.PositiveIntegerField("序号")
    placed_on = models.DateField("装好日期", null=True, blank=True)
    dropped_on = models.DateField("不装了", null=True, blank=True)
    placed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="谁装的"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(PlacementQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "rollout", "asset"], name="placement_once"),
            models.UniqueConstraint(
                fields=["school", "rollout", "old"], condition=Q(old__isnull=False), name="placement_replaces_once"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "rollout", "seq", "id"], name="placement_by_seq"),
            models.Index(fields=["school", "seq", "id"], name="placement_all_by_seq"),
            models.Index(fields=["school", "asset"], name="placement_of_asset"),
            models.Index(fields=["school", "old"], name="placement_of_old"),
            models.Index(fields=["school", "placed_on"], name="placement_by_placed_on"),
        ]
        verbose_name = "配发明细"

    def __str__(self) -> str:
        return f"{self.asset.name} → {self.place}"
