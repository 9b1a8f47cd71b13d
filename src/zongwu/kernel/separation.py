"""Posts that one person may not hold at the same time (不相容岗位): rows with their source, edited by the school.

`memberships.assign_role` asks `refuse_clash`; `zongwu doctor` names whoever holds two of them all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.kernel import clock
from zongwu.kernel.accounts import Holding, Person, Role
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.scope import School, SchoolModel, Scoped, ScopedQuerySet

SOURCE = "《行政事业单位内部控制规范（试行）》（财会〔2012〕21号）：不相容岗位相互分离"
SHIPPED: list[tuple[str, str, str]] = [
    ("bookkeeper", "storekeeper", f"{SOURCE}；财产保管与会计记录"),
    ("bookkeeper", "head", f"{SOURCE}；授权批准与会计记录"),
]
"""Role, role, source: what a new school begins with. A domain that brings posts of its own adds to it in `ready()`."""


class IncompatiblePostsQuerySet(ScopedQuerySet):
    reads = "rights.read_role"

    def in_force(self) -> IncompatiblePostsQuerySet:
        return self.filter(lifted_on=None)

    def with_(self, role: Role) -> IncompatiblePostsQuerySet:
        """The rules that keep another role apart from this one."""
        return self.in_force().filter(Q(one=role) | Q(other=role)).select_related("one", "other")


class IncompatiblePosts(SchoolModel):
    """Two roles that one person may not hold at the same time. The role with the smaller id stands first."""

    kind = "incompatible_posts"

    one = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name="岗位")
    other = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name="不能兼任")
    source = models.CharField("依据", max_length=200)
    since_on = models.DateField("自")
    lifted_on = models.DateField("解除日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(IncompatiblePostsQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "one", "other"], condition=Q(lifted_on=None), name="incompatible_once"
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="incompatible_ordered"),
        ]
        verbose_name = "不相容岗位"

    def __str__(self) -> str:
        return f"{self.one} × {self.other}"

    @property
    def pair(self) -> str:
        return str(self)

    def apart_from(self, role: Role) -> Role:
        """The one of the two that is not this one."""
        return self.other if role.pk == self.one_id else self.one

    def broken_by(self, on: date) -> models.QuerySet[Person]:
        """Whoever holds both on a day."""
        held = Holding.objects.on(on)
        people: models.QuerySet[Person] = Person.objects.filter(
            pk__in=held.filter(role=self.one_id).values("person")
        ).filter(pk__in=held.filter(role=self.other_id).values("person"))
        return people.order_by("pinyin")


def create_defaults(school: School, roles: dict[str, Role], on: date) -> None:
    """What a new school begins with. Part of `init`; a later call adds only what never stood there."""
    for one, other, source in SHIPPED:
        first, second = sorted((roles[one], roles[other]), key=lambda role: role.pk)
        if not IncompatiblePosts.objects.filter(one=first, other=second).exists():
            IncompatiblePosts.objects.create(school=school, one=first, other=second, source=source, since_on=on)


def refuse_clash(person: Person, role: Role, from_on: date, until_on: date | None) -> None:
    """:raises Refused: on some day of that time the person holds a role that is kept apart from this one."""
    held = Holding.objects.during(from_on, until_on).filter(person=person)
    clashes = [
        rule for rule in IncompatiblePosts.objects.with_(role) if held.filter(role=rule.apart_from(role)).exists()
    ]
    if clashes:
        raise Refused(
            *(
                f"{person} 在这段时间任「{rule.apart_from(role)}」，不能同时任「{role}」。依据：{rule.source}。"
                for rule in clashes
            )
        )


@create_action(IncompatiblePosts, label="定不相容岗位", permission="rights.manage_roles", icon="plus", primary=True)
def separate_posts(ctx: Ctx, *, one: Role, other: Role, source: str, confirmed: bool = False) -> IncompatiblePosts:
    """From today nobody can be given both.

    :raises NeedsConfirmation: somebody holds both already; the rule does not take either away.
    """
    if one.pk == other.pk:
        raise Refused(fields={"other": "请选两个不同的岗位。"})
    first, second = sorted((one, other), key=lambda role: role.pk)
    if IncompatiblePosts.objects.in_force().filter(one=first, other=second).exists():
        raise Refused(f"「{one}」和「{other}」已经定为不相容了。")
    rule = IncompatiblePosts(school=ctx.school, one=first, other=second, source=source, since_on=ctx.today)
    both = list(rule.broken_by(ctx.today)[:6])
    if both and not confirmed:
        names = "、".join(map(str, both[:5])) + ("等" if len(both) > 5 else "")
        raise NeedsConfirmation(f"现在{names}同时任着这两个岗位。定下来以后不会自动免去，体检时会提醒，请另外安排。")
    rule.save()
    ctx.journal(rule, "posts.separated", one=first, other=second, also=[(one, "role"), (other, "role")],
                detail={"依据": source})  # fmt: skip
    return rule


@action(IncompatiblePosts, label="解除", permission="rights.manage_roles", icon="arrow-back-up",
        available=lambda rule: rule.lifted_on is None, refusal="「{row}」已经解除了。",
        confirm="解除后，同一个人又可以兼任这两个岗位。")  # fmt: skip
def lift_separation(ctx: Ctx, rule: IncompatiblePosts, *, reason: str) -> IncompatiblePosts:
    """One person may hold both again."""
    rule.lifted_on = ctx.today
    rule.save(update_fields=["lifted_on"])
    ctx.journal(rule, "posts.joined", one=rule.one, other=rule.other, detail={"原因": reason},
                also=[(rule.one, "role"), (rule.other, "role")])  # fmt: skip
    return rule


@check("posts", "不相容岗位")
def _held_by_one(school: School) -> Iterator[Finding]:
    for rule in IncompatiblePosts.objects.in_force().select_related("one", "other").order_by("id"):
        for person in rule.broken_by(clock.today()):
            yield Finding(
                "posts",
                f"person:{person.pk}",
                f"{person} 同时任「{rule.one}」和「{rule.other}」。依据：{rule.source}。",
            )
