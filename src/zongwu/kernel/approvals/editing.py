"""The doors of the route editor. An edit makes the next version; cases that run keep the version with which they began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import conditions
from zongwu.kernel.approvals.matters import MATTERS, Matter, StageDraft, write_stage
from zongwu.kernel.approvals.people import APART, SOURCE
from zongwu.kernel.approvals.prescribed import EDIT, Duty, Mode, Route
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused

MOST = 12
DECIDES = (Mode.ONE, Mode.ALL, Mode.TURN, Mode.MEETING)
"""Stages at which somebody of the school says yes or no."""


def in_force(route: Route) -> bool:
    return route.retired_on is None


@create_action(Route, label="添路线", permission=EDIT, icon="plus", primary=True)
def add_route(
    ctx: Ctx, *, matter: str, name: str, stages: Sequence[StageDraft], rank: int = 50, when: Sequence[Mapping[str, str]] = (),
    source: str = "",
) -> Route:  # fmt: skip
    """A route more for a matter; new documents take it where its condition holds and no earlier one's does."""
    if matter not in MATTERS:
        raise Refused(fields={"matter": "没有这个审批事项。"})
    if Route.objects.filter(matter=matter, name=name).exists():
        raise Refused(fields={"name": f"「{name}」这条路线已经有过了，请换一个名称，或改原来那条。"})
    return _write(ctx, MATTERS[matter], name, 1, rank, when, source, stages, "route.added")


@action(
    Route, label="改路线", permission=EDIT, icon="edit", primary=True, available=in_force, refusal="{row} 已经停用了。"
)
def revise_route(
    ctx: Ctx,
    route: Route,
    *,
    stages: Sequence[StageDraft],
    rank: int = 50,
    when: Sequence[Mapping[str, str]] = (),
    source: str = "",
) -> Route:
    """The next version of a route. What is under way stays with the old one."""
    route.retired_on = ctx.today
    route.save(update_fields=["retired_on"])
    return _write(
        ctx, MATTERS[route.matter], route.name, route.version + 1, rank, when, source, stages, "route.revised", route
    )


@action(Route, label="停用", permission=EDIT, icon="ban", available=in_force, refusal="{row} 已经停用了。",
        confirm="停用以后新单子不再走这条路线；已经在走的不受影响。")  # fmt: skip
def retire_route(ctx: Ctx, route: Route) -> Route:
    """No new document takes it. The last route of a matter stays: without one nothing could be submitted."""
    others = Route.objects.in_force(route.matter).exclude(pk=route.pk)
    if not others.exists():
        raise Refused(f"「{MATTERS[route.matter].label}」只剩这一条路线，停用了就没法审批。请先添一条新的。")
    route.retired_on = ctx.today
    route.save(update_fields=["retired_on"])
    ctx.journal(route, "route.retired", on=ctx.today)
    return route


def _write(
    ctx: Ctx, matter: Matter, name: str, version: int, rank: int, when: Sequence[Mapping[str, str]], source: str,
    stages: Sequence[StageDraft], verb: str, old: Route | None = None,
) -> Route:  # fmt: skip
    problems = list(_wrong(matter, when, stages))
    if problems:
        raise Refused(*problems)
    roles = {str(role.pk): role for role in Role.objects.filter(closed_on=None)}
    for draft in stages:
        for one in draft.who:
            sort, _, named = one.partition(":")
            if not _known(matter, roles, sort, named):
                raise Refused(f"「{draft.name}」里有已经撤销的岗位或离校的人，请重新选。")
    route: Route = Route.objects.create(
        school=ctx.school, matter=matter.code, name=name, version=version, rank=rank, condition=list(when), source=source,
        made_on=ctx.today,
    )  # fmt: skip
    for seq, draft in enumerate(stages, start=1):
        write_stage(route, seq, draft, roles)
    ctx.journal(
        route,
        verb,
        version=version,
        stages=len(stages),
        also=[(old, "former")],
        detail={"路线": name, "步骤": " → ".join(d.name for d in stages)},
    )
    return route


def _known(matter: Matter, roles: Mapping[str, Role], sort: str, named: str) -> bool:
    """Whether a stage can ask this role, person or party."""
    if sort == "person":
        return named.isdecimal() and len(named) < 19 and Person.objects.present().filter(pk=int(named)).exists()
    return named in roles if sort == "role" else sort == "party" and named in matter.parties


def _wrong(matter: Matter, when: Sequence[Mapping[str, str]], stages: Sequence[StageDraft]) -> list[str]:
    """Everything that is wrong with a route as it was written."""
    found = [conditions.wrong(when, matter.asks)]
    if not any(draft.mode in DECIDES for draft in stages):
        found.append("这条路线里没有一个要签的步骤，等于不审批。请至少加一步会签、或签、依次或集体决定。")
    if len(stages) > MOST:
        found.append(f"一条路线最多 {MOST} 步。")
    for draft in stages:
        if not draft.name.strip():
            found.append("有一步没有名称。")
        if not draft.who:
            found.append(f"「{draft.name}」没有指定谁来办，请选岗位、人或单子上的一方。")
        if draft.mode not in DECIDES and draft.duty != Duty.HANDLE:
            found.append(f"「{draft.name}」是{Mode(draft.mode).label}，不作决定，职责只能是「办理」。")
        if draft.joint and draft.duty not in (Duty.APPLY, Duty.GIVE):
            found.append(f"「{draft.name}」勾了联合申请，职责也要选「申请」或「移交」。")
        if draft.joint and draft is not stages[0]:
            found.append(f"「{draft.name}」勾了提交就算签过，只能是第一步。")
        found.append(conditions.wrong(draft.when, matter.asks))
    for one, other in combinations(stages, 2):
        both = frozenset((one.duty, other.duty))
        if both in APART and one.who and set(one.who) == set(other.who):
            duties = "、".join(dict.fromkeys(Duty(d).label for d in (one.duty, other.duty)))
            found.append(f"「{one.name}」和「{other.name}」是同一些人，{duties}不能由同一个人办。依据：{SOURCE}。")
    return [sentence for sentence in dict.fromkeys(found) if sentence]
