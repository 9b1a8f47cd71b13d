"""`openapi`, `token`, `invite`: how other programs and people get in."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from zongwu.kernel import scope, tokens
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.memberships import invite_person
from zongwu.kernel.scope import School
from zongwu.kernel.tokens import ApiToken
from zongwu.site.commands.output import answer, the_school
from zongwu.ui import api_door


def openapi(options: argparse.Namespace) -> int:
    text = api_door.schema()
    Path(options.output).write_text(text, encoding="utf-8")
    answer(options, {"file": options.output}, [f"接口描述已写入 {options.output}"])
    return 0


def invite(options: argparse.Namespace) -> int:
    """The door for an administrator who forgot his password: whoever may run this on the server may let people in."""
    school = the_school(options)
    invited = invite_person(Ctx.system("invite", school), _person(school, options.person))
    address = f"{settings.SITE_URL}/p/join/{invited.token}/"
    answer(options, {"invitation": address}, [f"请 {invited.person} 在七天内打开（只能用一次）：{address}"])
    return 0


def token(options: argparse.Namespace) -> int:
    """Issue, revoke, or list."""
    school = the_school(options)
    ctx = Ctx.system("token", school)
    if options.revoke is not None:
        row = tokens.revoke_token(ctx, options.revoke)
        answer(options, {"id": row.pk}, [f"令牌 {row.pk} 已作废。"])
    elif options.person:
        person = _person(school, options.person)
        issued = tokens.issue_token(ctx, person=person, name=options.name, days=options.days, writes=options.write)
        said = [f"令牌（只显示这一次）：{issued.token}", f"编号 {issued.row.pk}，{issued.row.expires_on} 起失效。"]
        answer(options, {"id": issued.row.pk, "token": issued.token, "expires_on": str(issued.row.expires_on)}, said)
    else:
        _listed(options, school, ctx)
    return 0


def _listed(options: argparse.Namespace, school: School, ctx: Ctx) -> None:
    with scope.active(school):
        rows = list(ApiToken.objects.filter(revoked_on=None, expires_on__gt=ctx.today).order_by("pk"))
        told = [
            {"id": r.pk, "name": r.name, "person": r.membership.person.name, "writes": r.writes, "expires_on": str(r.expires_on)}
            for r in rows
        ]  # fmt: skip
    can = {True: "能办事", False: "只能看"}
    lines = [f"{r['id']}  {r['name']}  {r['person']}  {can[r['writes']]}  到 {r['expires_on']}" for r in told]
    answer(options, told, lines or ["没有有效的令牌。"])


def _person(school: School, said: str) -> Person:
    """:raises Refused: nobody at the school is called so, or several are."""
    with scope.active(school):
        people = list(Person.objects.present().filter(Q(name=said) | Q(number=said))[:2])
    if len(people) != 1:
        raise Refused(f"「{said}」：{'有两位以上，请写工号' if people else '没有这位在校人员'}。")
    found: Person = people[0]
    return found
