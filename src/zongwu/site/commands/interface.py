"""`openapi`, `token`: what other programs need to talk to this one."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.db.models import Q

from zongwu.kernel import scope, tokens
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.tokens import ApiToken
from zongwu.site.commands.output import answer, the_school
from zongwu.ui import api_door


def openapi(options: argparse.Namespace) -> int:
    text = api_door.schema()
    Path(options.output).write_text(text, encoding="utf-8")
    answer(options, {"file": options.output}, [f"接口描述已写入 {options.output}"])
    return 0


def token(options: argparse.Namespace) -> int:
    """Issue, revoke, or list."""
    school = the_school(options)
    ctx = Ctx.system("token", school)
    if options.revoke is not None:
        row = tokens.revoke_token(ctx, options.revoke)
        answer(options, {"id": row.pk}, [f"令牌 {row.pk} 已作废。"])
    elif options.person:
        with scope.active(school):
            people = list(Person.objects.present().filter(Q(name=options.person) | Q(number=options.person))[:2])
        if len(people) != 1:
            found = "有两位以上，请写工号" if people else "没有这位在校人员"
            raise Refused(f"「{options.person}」：{found}。")
        issued = tokens.issue_token(ctx, person=people[0], name=options.name, days=options.days, writes=options.write)
        said = [f"令牌（只显示这一次）：{issued.token}", f"编号 {issued.row.pk}，{issued.row.expires_on} 起失效。"]
        answer(options, {"id": issued.row.pk, "token": issued.token, "expires_on": str(issued.row.expires_on)}, said)
    else:
        with scope.active(school):
            rows = list(ApiToken.objects.filter(revoked_on=None, expires_on__gt=ctx.today).order_by("pk"))
            told = [
                {"id": r.pk, "name": r.name, "person": r.membership.person.name, "writes": r.writes, "expires_on": str(r.expires_on)}
                for r in rows
            ]  # fmt: skip
        can = {True: "能办事", False: "只能看"}
        answer(
            options,
            told,
            [f"{r['id']}  {r['name']}  {r['person']}  {can[r['writes']]}  到 {r['expires_on']}" for r in told],
        )
    return 0
