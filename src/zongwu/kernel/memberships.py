"""Who may enter the school and in which role: invitations, memberships, holdings."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from zongwu.kernel import clock, separation, tokens
from zongwu.kernel.accounts import Account, Holding, Invitation, Membership, Person, Role, Span, digest
from zongwu.kernel.actions import action, create_action, step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.kernel.scope import all_schools

ADMINISTRATOR = "administrator"
ADMINISTERS = ("school.hold_role", "rights.manage_roles")
"""Whoever holds both for the whole school can put everything else right."""


class Invited(NamedTuple):
    """What inviting yields. The token is shown once and never stored."""

    person: Person
    token: str
    expires_at: datetime


@action(Person, label="邀请开通", permission="school.invite_person", icon="send",
        available=lambda person: person.left_on is None, refusal="{row} 已经离校，不能开通账号。")  # fmt: skip
def invite_person(ctx: Ctx, person: Person) -> Invited:
    """A one-time address with which the person makes his account, or a new password for the one that he has.

    Earlier invitations that nobody used stop working.
    """
    held = Membership.objects.filter(person=person).select_related("account").first()
    if held is not None and held.disabled_at is not None:
        raise Refused(f"{person} 的账号已停用，请先恢复，再发邀请。")
    if held is not None and _elsewhere(held.account, ctx):
        raise Refused(f"{person} 的账号在别的学校也能登录，密码只能由本人修改。")
    Invitation.objects.filter(person=person, used_at=None).update(expires_at=ctx.now)
    invitation, token = Invitation.fresh(person, now=ctx.now)
    invitation.save()
    ctx.journal(person, "school.invited", until=clock.day_of(invitation.expires_at), also=[(invitation, "invitation")])
    return Invited(person, token, invitation.expires_at)


def find_invitation(token: str, now: datetime) -> Invitation:
    """The invitation behind a token, in whichever school; call it under `all_schools`.

    :raises Missing: with a sentence that says whether it was used, has run out, or never existed.
    """
    found: Invitation | None = (
        Invitation.objects.filter(token_hash=digest(token)).select_related("school", "person").first()
    )
    if found is None:
        raise Missing("这个邀请地址不对，请从发给您的消息里重新点开，或请学校管理员再发一次。")
    if found.used_at is not None:
        raise Missing("这个邀请已经用过了，请直接用当时填的账号登录。忘了密码，请学校管理员再发一次邀请。")
    if not found.usable(now):
        raise Missing("这个邀请已经过期（七天内有效），请学校管理员再发一次。")
    if found.person.left_on is not None:
        raise Missing("邀请已经作废，请联系学校管理员。")
    return found


@create_action(Membership, label="凭邀请开通", permission="school.accept_invitation", hidden=True)
def accept_invitation(ctx: Ctx, *, token: str, username: str, password: str) -> Membership:
    """Use an invitation once: a new account with its membership, or a new password for the person's account.

    Run by `Ctx.system("join", school)`: the token is the right.
    """
    pk = find_invitation(token, ctx.now).pk
    Invitation.objects.select_for_update().get(pk=pk)
    invitation = find_invitation(token, ctx.now)  # looked at again under the lock: an address works once
    held: Membership | None = Membership.objects.filter(person=invitation.person).select_related("account").first()
    account = held.account if held else Account(username=Account.normalize_username(username.strip()))
    problems = {} if held else _name_problem(account.username)
    try:
        validate_password(password, account)
    except ValidationError as weak:
        problems["password"] = " ".join(weak.messages)
    if problems:
        raise Refused(fields=problems)
    account.set_password(password)
    account.save()
    if held is None:
        held = Membership.objects.create(school=ctx.school, account=account, person=invitation.person)
        verb = "school.joined"
    else:
        verb = "school.password_renewed"
    invitation.used_at = ctx.now
    invitation.save(update_fields=["used_at"])
    ctx.journal(held, verb, also=[(invitation.person, "person"), (invitation, "invitation")])
    return held


def _name_problem(username: str) -> dict[str, str]:
    if not 2 <= len(username) <= 40 or any(c.isspace() for c in username):
        return {"username": "账号请用 2 到 40 个字，中间不要空格；手机号、工号或拼音都可以。"}
    if Account.objects.filter(username__iexact=username).exists():
        return {"username": f"账号「{username}」已经有人用了，请换一个。"}
    return {}


def _open(person: Person) -> bool:
    return bool(Membership.objects.filter(person=person, disabled_at=None).exists())


def _shut(person: Person) -> bool:
    return bool(Membership.objects.filter(person=person, disabled_at__isnull=False).exists())


@action(Person, label="停用账号", permission="school.disable_person", icon="lock",
        available=lambda person: _open(person), refusal="{row} 没有可以停用的账号。",
        confirm="停用后本人马上不能进入本校，岗位和经手过的记录都还在，随时可以恢复。")  # fmt: skip
def disable_membership(ctx: Ctx, person: Person) -> Person:
    """Shut the person out from now on, until somebody enables the membership again."""
    _not_oneself(ctx, person)
    Membership.objects.filter(person=person).update(disabled_at=ctx.now)
    keeps_an_administrator(ctx)
    ctx.journal(person, "school.membership_disabled")
    return person


@action(Person, label="恢复账号", permission="school.disable_person", icon="user-check",
        available=lambda person: person.left_on is None and _shut(person),
        refusal="{row} 的账号没有停用，或本人已离校。")  # fmt: skip
def enable_membership(ctx: Ctx, person: Person) -> Person:
    """Let the person in again, with the roles that he holds."""
    Membership.objects.filter(person=person).update(disabled_at=None)
    ctx.journal(person, "school.membership_enabled")
    return person


@action(Person, label="收回使用权", permission="school.disable_person", icon="logout",
        available=lambda person: _open(person), refusal="{row} 没有可以收回的账号。",
        confirm="收回后本人不能再进入本校，所有岗位当天结束；经手过的记录都还在。")  # fmt: skip
def end_membership(ctx: Ctx, person: Person) -> Person:
    """The person has no more business here: the roles end today and the door is shut."""
    end_rights(ctx, person, ctx.today)
    ctx.journal(person, "school.membership_ended", on=ctx.today)
    return person


@step
def end_rights(ctx: Ctx, person: Person, on: date) -> None:
    """Roles end on a day, the account is shut now, invitations that nobody used stop working.

    :raises Refused: it is one's own account, or nobody would be left who can assign roles.
    """
    _not_oneself(ctx, person)
    held = Holding.objects.after(on).filter(person=person)
    held.filter(from_on__gt=on).delete()
    held.update(until_on=on)
    Membership.objects.filter(person=person, disabled_at=None).update(disabled_at=ctx.now)
    Invitation.objects.filter(person=person, used_at=None, expires_at__gt=ctx.now).update(expires_at=ctx.now)
    tokens.revoke_all(person, ctx.today)
    keeps_an_administrator(ctx)


@action(Person, label="任岗位", permission="school.hold_role", icon="user-plus",
        available=lambda person: person.left_on is None, refusal="{row} 已经离校。")  # fmt: skip
def assign_role(
    ctx: Ctx, person: Person, *, role: Role, from_on: date | None = None, until_on: date | None = None
) -> Person:
    """The person holds the role from a day on; without one, from today."""
    from_on = from_on or ctx.today
    if until_on is not None and until_on <= from_on:
        raise Refused(fields={"until_on": "结束日期要在开始日期之后。"})
    role = Role.objects.select_for_update().get(pk=role.pk)  # nobody retires it meanwhile
    if role.closed_on is not None:
        raise Refused(fields={"role": f"岗位「{role}」已经撤销了。"})
    not_to_oneself(ctx, role, person)
    if Holding.objects.during(from_on, until_on).filter(person=person, role=role).exists():
        raise Refused(f"{person} 在这段时间已经任「{role}」了。")
    separation.refuse_clash(person, role, from_on, until_on)
    Holding.objects.create(school=ctx.school, person=person, role=role, from_on=from_on, until_on=until_on)
    ctx.journal(person, "school.role_held", role=role, from_on=from_on, until_on=until_on)
    return person


@action(Person, label="免岗位", permission="school.hold_role", icon="user-share")
def release_role(ctx: Ctx, person: Person, *, role: Role, until_on: date | None = None) -> Person:
    """The person holds the role until, exclusively, a day; without one, until today."""
    until_on = until_on or ctx.today
    held = Holding.objects.after(until_on).filter(person=person, role=role)
    if not held.exists():
        raise Refused(fields={"role": f"{person} 现在没有任「{role}」。"})
    held.filter(from_on__gt=until_on).delete()
    held.update(until_on=until_on)
    keeps_an_administrator(ctx, max(until_on, ctx.today))
    ctx.journal(person, "school.role_released", role=role, until_on=until_on)
    return person


def _elsewhere(account: Account, ctx: Ctx) -> bool:
    with all_schools("a password belongs to every school that its account enters"):
        return bool(Membership.objects.filter(account=account).exclude(school=ctx.school).exists())


def _not_oneself(ctx: Ctx, person: Person) -> None:
    if ctx.person is not None and ctx.person.pk == person.pk:
        raise Refused("不能停用自己的账号，请另一位管理员来办。")


def keeps_an_administrator(ctx: Ctx, on: date | None = None) -> None:
    """Called after what may have taken the last administrator away: a school without anybody who can give roles and
    edit them could never help itself again.
    """
    _one_after_another()
    able = Person.objects.present().filter(pk__in=Membership.objects.filter(disabled_at=None).values("person"))
    for permission in ADMINISTERS:
        granted = Q(role__grants__permission=permission, role__grants__span=Span.SCHOOL)
        standing = Holding.objects.on(on or ctx.today).filter(
            granted, until_on=None
        )  # one that ends leaves nobody then
        able = able.filter(pk__in=standing.values("person"))
    if not able.exists():
        raise Refused("学校至少要有一位能登录的系统管理员，请先任命另一位。")


def _one_after_another() -> None:
    """Whoever takes an administrator away waits here for the other who does, and then sees what he did."""
    list(Role.objects.select_for_update().filter(code=ADMINISTRATOR))


def holders(permission: str, on: date) -> list[Person]:
    """Who holds a permission for the whole school on a day and is there: whom a notice of the house is for."""
    held = Holding.objects.on(on).filter(role__grants__permission=permission, role__grants__span=Span.SCHOOL)
    return list(Person.objects.present().filter(pk__in=held.values("person")).order_by("pk"))


def not_to_oneself(ctx: Ctx, role: Role, person: Person | None = None) -> None:
    """Nobody gives himself rights, by taking a role or by widening one that he holds; an administrator may."""
    mine = Holding.objects.after(ctx.today).filter(person=ctx.person)
    if ctx.person is None or mine.filter(role__code=ADMINISTRATOR, from_on__lte=ctx.today).exists():
        return
    if person == ctx.person or (person is None and mine.filter(role=role).exists()):
        raise Refused("不能给自己加权限，请系统管理员来办。")
