"""Logins, people and what they may do.

An `Account` signs in and belongs to no school; a `Person` belongs to one school and need not have an account; a
`Membership` joins the two. Rights are data: a `Role` is a set of `Grant`s, held by a person from a day to a day.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from zongwu.kernel.ctx import Grants
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

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


class Role(SchoolModel):
    """A named set of rights, such as 总务主任; edited by the school."""

    kind = "role"

    code = models.SlugField("代号", max_length=30)
    name = models.CharField("岗位", max_length=30)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "code"], name="role_code"),
        ]
        verbose_name = "岗位"

    def __str__(self) -> str:
        return self.name


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
        return Q(pk=ctx.person.pk) if span == Span.OWN and ctx.person else super().in_range(ctx, span)

    def present(self) -> PersonQuerySet:
        """Those still at the school."""
        return self.filter(left_on=None)


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
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 8 else self.phone

    def grants_on(self, on: date) -> Grants:
        """Permission → spans, over the roles held on that day."""
        held: dict[str, set[str]] = {}
        rows = Grant.objects.filter(
            Q(role__holdings__until_on=None) | Q(role__holdings__until_on__gt=on),
            role__holdings__person=self, role__holdings__from_on__lte=on,
        )  # fmt: skip
        for permission, span in rows.values_list("permission", "span"):
            held.setdefault(permission, set()).add(span)
        return {permission: frozenset(spans) for permission, spans in held.items()}

    def departments_on(self, on: date) -> frozenset[int]:
        return frozenset().union(*(source(self, on) for source in departments_of))


class Membership(SchoolModel):
    """The right of an account to enter a school as a person of it."""

    kind = "membership"

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships", verbose_name="账号")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="人员")
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "account"], name="membership_once"),
            models.UniqueConstraint(fields=["school", "person"], name="membership_person_once"),
        ]
        verbose_name = "使用权"

    def __str__(self) -> str:
        return self.person.name


class Holding(SchoolModel):
    """A person holds a role from one day until, exclusively, another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name="人员")
    role = models.ForeignKey(Role, models.PROTECT, related_name="holdings", verbose_name="岗位")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

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


def digest(token: str) -> str:
    """How a 128-bit token is stored: hashed, without salt, since it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
