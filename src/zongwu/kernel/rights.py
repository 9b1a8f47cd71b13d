"""What a role may do: its grants as a matrix of permissions and data ranges, edited by the school's administrator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.apps import apps
from django.db import models

from zongwu.kernel import roles
from zongwu.kernel.accounts import Grant, Holding, Person, Role, Span
from zongwu.kernel.actions import ACTIONS, Action, action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.memberships import ADMINISTERS, ADMINISTRATOR, keeps_an_administrator, not_to_oneself
from zongwu.kernel.scope import NOBODY, School, SchoolModel
from zongwu.kernel.transfer.runs import KINDS

WIDEST_FIRST = (Span.SCHOOL, Span.DEPARTMENT, Span.PLACE, Span.CLASS, Span.OWN)
_AREAS = {"rights": "岗位与权限", "approvals": "审批", "transfer": "导入", "privacy": "个人信息"}
"""Areas of permissions that are no package."""
_LAST = ("approvals", "rights", "transfer", "privacy", "ui")


@dataclass(frozen=True)
class Right:
    """One permission as the administrator reads it, with the ranges in which it can be given."""

    permission: str
    label: str
    about: str
    """What its verbs work on."""
    spans: Sequence[Span]


@cache  # the registries are complete once the program runs
def catalogue() -> list[tuple[str, list[Right]]]:
    """Every permission, by area. Call it while a school is active: ranges are asked of the models."""
    areas: dict[str, list[Right]] = {}
    for permission in roles.permissions():
        areas.setdefault(permission.partition(".")[0], []).append(right(permission))
    order = [config.label for config in apps.get_app_configs() if config.label not in _LAST] + list(_LAST)
    return [(_area(area), sorted(areas[area], key=_reads_first)) for area in sorted(areas, key=order.index)]


def _area(area: str) -> str:
    return _AREAS.get(area) or str(apps.get_app_config(area).verbose_name)


def _reads_first(one: Right) -> tuple[bool, str, str]:
    return not one.permission.partition(".")[2].startswith("read_"), one.about, one.permission


@cache
def right(permission: str) -> Right:
    """A permission in words: what it opens, else the verbs and the spreadsheets that ask for it."""
    verbs = [verb for verb in ACTIONS.values() if verb.permission == permission]
    words = [roles.NAMED[permission]] if permission in roles.NAMED else []
    words += [verb.label for verb in verbs]
    sheets = [kind.sheet.title for kind in KINDS.values() if kind.permission == permission]
    words += [f"导入{'、'.join(sheets)}"] if sheets else []
    about = dict.fromkeys(str(verb.model._meta.verbose_name) for verb in verbs)
    return Right(permission, "、".join(dict.fromkeys(words)), "、".join(about), _spans(permission, verbs))


WHOLE = {"school.hold_role", "school.invite_person", "school.disable_person", "school.manage_tokens", *ADMINISTERS}
"""Who may give rights to some may give them to himself by way of them: these are held for the whole school or not at all."""


def _spans(permission: str, verbs: Sequence[Action]) -> list[Span]:
    """The whole school, and what every model that the permission opens can be narrowed to.

    A verb that makes something out of nothing has no row to ask: it is given for the whole school or not at all.
    """
    touched: list[type[models.Model]] = [verb.model for verb in verbs]
    touched += [m for m in apps.get_models() if issubclass(m, SchoolModel) and _reads(m) == permission]
    if permission in WHOLE or not touched or any(verb.creates and not verb.narrows for verb in verbs):
        return [Span.SCHOOL]
    return [span for span in WIDEST_FIRST if span == Span.SCHOOL or all(_understands(m, span) for m in touched)]


def _reads(model: type[models.Model]) -> str:
    return str(getattr(model._default_manager.all(), "reads", ""))


def _understands(model: type[models.Model], span: Span) -> bool:
    """A model is asked for the rows of somebody who is in one department: does it know what the range means?"""
    somebody = Ctx(School(pk=0), "system:nobody", datetime.min.replace(tzinfo=UTC), {}, Person(pk=0), frozenset({0}))
    return bool(model._default_manager.all().in_range(somebody, span) != NOBODY)  # type: ignore[attr-defined]


def choices() -> list[tuple[str, str]]:
    """Every grant that can be given: `assets.read_asset:own` and its words."""
    return [
        (f"{one.permission}:{span}", f"{one.label}（{span.label}）")
        for _, rights in catalogue() for one in rights for span in one.spans
    ]  # fmt: skip


def spoken(grant: str) -> str:
    """`assets.read_asset:own` in words; a permission that the program has no more, as it was written."""
    permission, _, span = grant.partition(":")
    label = right(permission).label
    return f"{label}（{Span(span).label}）" if label else grant


def held(role: Role) -> list[tuple[str, list[tuple[Right, str]]]]:
    """What the role may do, by area, each right with its ranges in words."""
    spans: dict[str, set[str]] = {}
    for permission, span in role.grants.values_list("permission", "span"):
        spans.setdefault(permission, set()).add(span)
    found = []
    for area, rights in catalogue():
        mine = [(one, _in_words(spans[one.permission])) for one in rights if one.permission in spans]
        if mine:
            found.append((area, mine))
    return found


def _in_words(spans: Iterable[str]) -> str:
    return "、".join(span.label for span in WIDEST_FIRST if span in spans)


@create_action(Role, label="添岗位", permission="rights.manage_roles", icon="plus", primary=True)
def add_role(ctx: Ctx, *, name: str, like: Role | None = None) -> Role:
    """A role of the school's own, without rights or with those of another to begin with."""
    _unused(name)
    role: Role = Role.objects.create(school=ctx.school, name=name)
    rights = like.rights if like else []
    _give(ctx, role, rights)
    ctx.journal(role, "role.added", like=like, added=sorted(rights), detail={"名称": name})
    return role


@action(Role, label="改权限", permission="rights.manage_roles", icon="lock", primary=True,
        available=lambda role: role.closed_on is None, refusal="岗位「{row}」已经撤销了。")  # fmt: skip
def set_grants(ctx: Ctx, role: Role, *, rights: Sequence[str]) -> Role:
    """Everything that the role may do from now on, each right as `assets.read_asset:own`; what is not named goes."""
    old, new = set(role.rights), set(rights)
    if unknown := new - old - {grant for grant, _ in choices()}:
        raise Refused(f"没有这样的权限：{'、'.join(sorted(unknown))}。请刷新后再选。")
    added, removed = sorted(new - old), sorted(old - new)
    if not added and not removed:
        raise Refused("权限没有改动。")
    if added:
        not_to_oneself(ctx, role)
    for grant in removed:
        permission, _, span = grant.partition(":")
        role.grants.filter(permission=permission, span=span).delete()
    _give(ctx, role, added)
    keeps_an_administrator(ctx)
    ctx.journal(role, "role.grants_set", added=added, removed=removed)
    return role


def _give(ctx: Ctx, role: Role, rights: Iterable[str]) -> None:
    parts = [grant.partition(":") for grant in rights]
    Grant.objects.bulk_create(
        Grant(school=ctx.school, role=role, permission=permission, span=span) for permission, _, span in parts
    )


@action(Role, label="改名称", permission="rights.manage_roles", icon="edit",
        available=lambda role: role.closed_on is None, refusal="岗位「{row}」已经撤销了。")  # fmt: skip
def rename_role(ctx: Ctx, role: Role, *, name: str) -> Role:
    """Another name; rights and holders stay."""
    if name != role.name:
        _unused(name)
    old, role.name = role.name, name
    role.save(update_fields=["name"])
    ctx.journal(role, "role.renamed", detail={"原名称": old, "新名称": name})
    return role


@action(Role, label="撤销岗位", permission="rights.manage_roles", icon="ban",
        available=lambda role: role.closed_on is None, refusal="岗位「{row}」已经撤销了。",
        confirm="撤销后不能再任命；以前谁任过、办过什么，记录都在。")  # fmt: skip
def retire_role(ctx: Ctx, role: Role) -> Role:
    """Nobody can be given the role any more. Refused while somebody holds it, or will."""
    if role.code == ADMINISTRATOR:
        raise Refused(f"「{role}」要一直留着，学校靠它管理别的岗位。")
    if holders := list(Holding.objects.after(ctx.today).filter(role=role).select_related("person")):
        names = "、".join(dict.fromkeys(str(holding.person) for holding in holders[:5]))
        raise Refused(f"还有人任「{role}」：{names}。请先免去，再撤销。")
    role.closed_on = ctx.today
    role.save(update_fields=["closed_on"])
    ctx.journal(role, "role.retired", on=ctx.today)
    return role


def _unused(name: str) -> None:
    if Role.objects.filter(name=name, closed_on=None).exists():
        raise Refused(fields={"name": f"已经有「{name}」这个岗位了。"})
