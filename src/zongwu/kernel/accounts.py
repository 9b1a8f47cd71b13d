"""Logins, people and what they may do.

An `Account` signs in and belongs to no school; a `Person` belongs to one school and need not have an account; a
`Membership` joins the two. Rights are data: a `Role` is a set of `Grant`s, held by a person from a day to a day.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from zongwu.kernel.ctx import Grants
from zongwu.kernel.scope import OPEN, SchoolModel, Scoped, ScopedQuerySet

INVITATION_LIFE = timedelta(days=7)


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **extra: Any) -> Account:
        account = self.model(username=self.model.normalize_username(username.strip()), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A login of this installation."""

    username = models.CharField("账号", max_length=40, unique=True, help_text="手机号、工号或拼音都可以")
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("可以登录", default=True)
    joined_at = models.DateTimeField("开通时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username


class Span(models.TextChoices):
    """How far a grant reaches."""

    OWN = "own", "本人的"
    DEPARTMENT = "department", "本部门的"
    PLACE = "place", "所管场所的"
    CLASS = "class", "本班的"
    SCHOOL = "school", "全校的"


class RoleQuerySet(ScopedQuerySet):
    reads = OPEN  # who holds which post is no secret in a school; what a post may do is behind the screen's own right

    def visible_to(self, ctx: Any) -> RoleQuerySet:
        """With the number of those who hold the role today, since every list of roles says it."""
        today = Holding.objects.on(ctx.today).filter(role=models.OuterRef("pk")).order_by().values("role")
        held = today.annotate(people=models.Count("person", distinct=True)).values("people")
        rows: RoleQuerySet = super().visible_to(ctx).annotate(holders=Coalesce(models.Subquery(held), 0))
        return rows


class Role(SchoolModel):
    """A named set of rights, such as 总务主任; edited by the school."""

    kind = "role"
    holders: int = 0
    """How many hold it today; counted by `visible_to`."""

    code = models.SlugField("代号", max_length=30, blank=True, help_text="随程序带来的岗位才有，学校自己加的没有")
    name = models.CharField("岗位", max_length=30)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(RoleQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "code"], condition=~Q(code=""), name="role_code"),
            models.UniqueConstraint(fields=["school", "name"], condition=Q(closed_on=None), name="role_name_open"),
        ]
        verbose_name = "岗位"

    def __str__(self) -> str:
        return self.name

    @property
    def rights(self) -> list[str]:
        """Its grants as `assets.read_asset:own`."""
        return [f"{permission}:{span}" for permission, span in self.grants.values_list("permission", "span")]


class Grant(SchoolModel):
    """One permission of one role, in one data range."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants", verbose_name="岗位")
    permission = models.CharField("权限", max_length=60)
    span = models.CharField("范围", max_length=12, choices=Span, default=Span.SCHOOL)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "role", "permission", "span"], name="grant_once"),
        ]
        verbose_name = "授权"

    def __str__(self) -> str:
        return f"{self.permission}（{self.get_span_display()}）"


class PersonQuerySet(ScopedQuerySet):
    reads = "school.read_person"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == Span.OWN and ctx.person:
            return Q(pk=ctx.person.pk)
        if span == Span.DEPARTMENT and people_of:
            return functools.reduce(Q.__or__, (source(ctx.departments, ctx.today) for source in people_of))
        return super().in_range(ctx, span)

    def present(self) -> PersonQuerySet:
        """Those still at the school."""
        return self.filter(left_on=None)


people_of: list[Callable[[frozenset[int], date], Q]] = []
"""Filled by `school` in `ready()`: the people who hold a post in one of these departments on a day."""
departments_of: list[Callable[[Person, date], frozenset[int]]] = []
"""Filled by `school` in `ready()`: the departments in which a person holds a post on a day."""


class Person(SchoolModel):
    """Somebody who works at the school; an account is optional."""

    kind = "person"

    number = models.CharField("工号", max_length=20, blank=True)
    name = models.CharField("姓名", max_length=40)
    pinyin = models.CharField("拼音", max_length=80, editable=False, help_text="排序与首字母检索用")
    phone = models.CharField("电话", max_length=20, blank=True)
    title = models.CharField("职务", max_length=30, blank=True)
    id_card_tail = models.CharField("证件后四位", max_length=4, blank=True)
    id_card_hash = models.CharField("证件摘要", max_length=64, blank=True, editable=False)
    entered_on = models.DateField("入校日期", help_text="从这一天起算在校")
    left_on = models.DateField("离校日期", null=True, blank=True, help_text="这一天起不在校")

    objects: ClassVar[Any] = Scoped.from_queryset(PersonQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "number"], condition=~Q(number=""), name="person_number"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("entered_on")), name="person_forward"
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "pinyin", "id"], name="person_by_pinyin")]
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """As lists show it: 138****0000."""
        return masked(self.phone)

    def grants_on(self, on: date) -> Grants:
        """Permission → spans, over the roles held on that day."""
        held: dict[str, set[str]] = {}
        rows = Grant.objects.filter(role__in=Holding.objects.on(on).filter(person=self).values("role"))
        for permission, span in rows.values_list("permission", "span"):
            held.setdefault(permission, set()).add(span)
        return {permission: frozenset(spans) for permission, spans in held.items()}

    def departments_on(self, on: date) -> frozenset[int]:
        return frozenset().union(*(source(self, on) for source in departments_of))


class OfPersonQuerySet(ScopedQuerySet):
    """Rows that belong to a person are seen by whoever sees the person."""

    reads = PersonQuerySet.reads

    def in_range(self, ctx: Any, span: str) -> Q:
        people = Person.objects.all()
        return Q(person__in=people.filter(people.in_range(ctx, span)).values("pk"))


class Membership(SchoolModel):
    """The right of an account to enter a school as a person of it."""

    kind = "membership"

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships", verbose_name="账号")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="人员")
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OfPersonQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "account"], name="membership_once"),
            models.UniqueConstraint(fields=["school", "person"], name="membership_person_once"),
        ]
        verbose_name = "使用权"

    def __str__(self) -> str:
        return self.person.name


class HoldingQuerySet(OfPersonQuerySet):
    def on(self, day: date) -> HoldingQuerySet:
        """Those in force on a day."""
        return self.after(day).filter(from_on__lte=day)

    def after(self, day: date) -> HoldingQuerySet:
        """Those that are in force on a day or will be later."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day))

    def during(self, from_on: date, until_on: date | None) -> HoldingQuerySet:
        """Those in force on some day of a time; without an end, from then on."""
        rows = self.after(from_on)
        return rows.filter(from_on__lt=until_on) if until_on else rows


class Holding(SchoolModel):
    """A person holds a role from one day until, exclusively, another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name="人员")
    role = models.ForeignKey(Role, models.PROTECT, related_name="holdings", verbose_name="岗位")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(HoldingQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")), name="holding_forward"
            ),
        ]
        verbose_name = "任职"

    def __str__(self) -> str:
        return f"{self.person}：{self.role}"


class Invitation(SchoolModel):
    """A one-time address with which a person makes his account. Only the token's hash is stored."""

    kind = "invitation"

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations", verbose_name="人员")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(OfPersonQuerySet)()

    class Meta(SchoolModel.Meta):
        verbose_name = "邀请"

    def __str__(self) -> str:
        return f"邀请：{self.person}"

    @classmethod
    def fresh(cls, person: Person, *, now: datetime) -> tuple[Invitation, str]:
        """A new unsaved invitation and its token, which is shown once and never stored."""
        token = secrets.token_urlsafe(16)
        return cls(
            school_id=person.school_id, person=person, token_hash=digest(token), expires_at=now + INVITATION_LIFE
        ), token

    def usable(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


def masked(phone: str) -> str:
    """A telephone number as lists show it; a short one, such as an extension, hides nobody."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone


def digest(token: str) -> str:
    """How a 128-bit token is stored: hashed, without salt, since it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
