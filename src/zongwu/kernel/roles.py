"""The roles that a new school starts with. Domains offer their permissions to them in `ready()`; schools edit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zongwu.kernel.accounts import Grant, Role
from zongwu.kernel.scope import School

NAMES = {
    "administrator": "系统管理员",
    "principal": "校长",
    "head": "总务主任",
    "department_head": "部门负责人",
    "storekeeper": "资产管理员",
    "bookkeeper": "会计",
    "class_teacher": "班主任",
    "teacher": "教师",
    "worker": "维修工",
    "guard": "门卫",
}
NAMED: dict[str, str] = {}
"""What a permission is called where no verb says it: the screen that it opens."""
_offers: dict[str, dict[str, str]] = {code: {} for code in NAMES}


def offer(permission: str, span: str, *roles: str) -> None:
    """This permission, in this data range, belongs to these roles of a new school."""
    for role in roles:
        _offers[role][permission] = span


def offer_all(offers: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    """Permission → data range → roles: what a domain gives to whom."""
    for permission, spans in offers.items():
        for span, who in spans.items():
            offer(permission, span, *who)


def name(permission: str, label: str) -> None:
    """Say in Chinese what a permission opens."""
    NAMED.setdefault(permission, label)


def permissions() -> list[str]:
    """Every permission that any role was offered."""
    return sorted({permission for grants in _offers.values() for permission in grants})


def create_defaults(school: School) -> dict[str, Role]:
    """Make the starting roles with their grants. Part of `init`; a later call adds only what is missing."""
    made: dict[str, Role] = {}
    for code, name in NAMES.items():
        role, _ = Role.objects.get_or_create(school=school, code=code, defaults={"name": name})
        for permission, span in _offers[code].items():
            Grant.objects.get_or_create(school=school, role=role, permission=permission, span=span)
        made[code] = role
    return made


def catch_up(school: School) -> None:
    """After an upgrade: a permission that no role of the school holds is new, and goes to the roles it was offered to."""
    held = set(Grant.objects.filter(school=school).values_list("permission", flat=True))
    for role in Role.objects.filter(school=school, code__in=_offers):
        for permission, span in _offers[role.code].items():
            if permission not in held:
                Grant.objects.create(school=school, role=role, permission=permission, span=span)
