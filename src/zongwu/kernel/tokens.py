"""Tokens with which a program acts for a person through the API: of one person, for reading or also for doing, for a time."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

from django.db import models

from zongwu.kernel.accounts import Membership, Person, digest
from zongwu.kernel.actions import action, create_action, step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet, all_schools

MANAGE = "school.manage_tokens"
LONGEST = 366
"""Days. A token that outlives the year outlives whoever remembers what it was for."""


class ApiTokenQuerySet(ScopedQuerySet):
    reads = MANAGE


class ApiToken(SchoolModel):
    """What a program shows instead of a password. Only its hash is stored; it can never do more than its person."""

    kind = "token"

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="tokens", verbose_name="谁的")
    name = models.CharField("用途", max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    writes = models.BooleanField("可以办事", default=False)
    expires_on = models.DateField("有效期至", help_text="这一天起不能再用")
    revoked_on = models.DateField("作废日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(ApiTokenQuerySet)()

    class Meta(SchoolModel.Meta):
        verbose_name = "接口令牌"

    def __str__(self) -> str:
        return f"{self.name}（{self.membership.person}）"


class Issued(NamedTuple):
    """The token is shown once and never stored."""

    row: ApiToken
    token: str


@create_action(ApiToken, label="发接口令牌", permission=MANAGE, hidden=True)
def issue_token(ctx: Ctx, *, person: Person, name: str, days: int = 90, writes: bool = False) -> Issued:
    """A new token of a person who can sign in.

    :raises Refused: he cannot, or the time is too long.
    """
    held = Membership.objects.filter(person=person, disabled_at=None, person__left_on=None).first()
    if held is None:
        raise Refused(f"{person} 没有能用的账号，先邀请开通，再发令牌。")
    if not 1 <= days <= LONGEST:
        raise Refused(f"令牌的有效期是 1 到 {LONGEST} 天，不能是 {days} 天。")
    token = secrets.token_urlsafe(24)
    row = ApiToken.objects.create(
        school=ctx.school, membership=held, name=name.strip()[:60], token_hash=digest(token), writes=writes,
        expires_on=ctx.today + timedelta(days=days),
    )  # fmt: skip
    ctx.journal(row, "school.token_issued", until=row.expires_on, writes=writes, also=[(person, "person")])
    return Issued(row, token)


@action(ApiToken, label="作废令牌", permission=MANAGE, hidden=True,
        available=lambda row: row.revoked_on is None, refusal="{row} 已经作废了。")  # fmt: skip
def revoke_token(ctx: Ctx, row: ApiToken) -> ApiToken:
    """From now on the token opens nothing."""
    row.revoked_on = ctx.today
    row.save(update_fields=["revoked_on"])
    ctx.journal(row, "school.token_revoked", also=[(row.membership.person, "person")])
    return row


@step
def revoke_all(person: Person, on: date) -> None:
    """Whose rights end, his programs' end with them: they do not wake up when he comes back."""
    ApiToken.objects.filter(membership__person=person, revoked_on=None).update(revoked_on=on)


def behind(token: str, on: date) -> ApiToken | None:
    """The token that is in force on a day, of a person who may enter his school, in whichever school that is."""
    with all_schools("a token says itself whose it is"):
        found: ApiToken | None = (
            ApiToken.objects.filter(
                token_hash=digest(token), expires_on__gt=on, revoked_on=None, membership__disabled_at=None,
                membership__person__left_on=None,
            )
            .select_related("membership__school", "membership__person")
            .first()
        )  # fmt: skip
    return found
