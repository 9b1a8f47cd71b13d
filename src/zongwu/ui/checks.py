"""System checks over every description: a wrong page is found when the program starts, not when somebody opens it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.http import QueryDict

from zongwu.kernel import roles
from zongwu.kernel.actions import ACTIONS, Action
from zongwu.ui import history, navigation
from zongwu.ui import screens as described
from zongwu.ui.screens import Column, Facts, People, Rows, Screens

SPRITE = Path(__file__).parent / "static/ui/icons.svg"
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@register("screens")
def icons_exist(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Everything that names an icon names one of the sprite: a wrong name would leave a hole, not an error."""
    asked = {("screens", screens.key, screens.icon) for screens in described.SCREENS.values()}
    asked |= {("print", paper.label, paper.icon) for screens in described.SCREENS.values() for paper in screens.papers}
    asked |= {("action", verb.name, verb.icon) for verb in ACTIONS.values() if verb.icon}
    asked |= {("verb", saying.verb, saying.icon) for saying in history.SAYINGS.values()}
    for entry in navigation.ENTRIES:
        asked |= {("entry", part.label, part.icon) for part in (entry, *entry.children)}
    known = set(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text()))
    return [
        Error(f"{kind} {name}: the sprite has no icon {icon}", id="zongwu.S00")
        for kind, name, icon in sorted(asked)
        if icon not in known
    ]


@register("screens")
def screens_are_sound(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Every finding over every registered description."""
    return [finding for screens in described.SCREENS.values() for finding in _findings(screens)]


def _findings(screens: Screens) -> Iterator[CheckMessage]:
    for number, body in enumerate(CHECKS, start=1):
        for sentence in body(screens):
            yield Error(f"{screens.key}: {sentence}", id=f"zongwu.S{number:02}")


def columns(screens: Screens) -> Iterator[str]:
    """Names exist on the model and have Chinese labels; exactly one column opens the row."""
    named: list[Column] = list(screens.columns)
    for sheet in screens.detail:
        if isinstance(sheet, Facts | People):
            named += [name if isinstance(name, Column) else Column(name) for name in sheet.names]
    for column in named:
        if not _has(screens.model, column.name):
            yield f"{screens.model.__name__} has no {column.name}"
        elif not _CHINESE.search(screens.label(column)):
            yield f"{column.name} has no Chinese label"
        if column.sub and not _has(screens.model, column.sub):
            yield f"{screens.model.__name__} has no {column.sub}"
    if sum(column.link for column in screens.columns) != 1:
        yield "exactly one column must have link=True"


def _has(model: type[models.Model], path: str) -> bool:
    head, _, rest = path.partition(".")
    found = described.field_at(model, head)
    if found is None:
        return hasattr(model, head)
    target = found.related_model
    return not rest or (isinstance(target, type) and _has(target, rest))


def sorting(screens: Screens) -> Iterator[str]:
    """A column sorts only if it is stored, NOT NULL and indexed `(school, column, id)` (decisions 18)."""
    default = screens.default_order.lstrip("-")
    if default not in screens.orders:
        yield f"default_order {default} is not a sortable column"
    for name, stored in screens.orders.items():
        field = described.field_at(screens.model, stored)
        if field is None or "." in stored:
            yield f"{name} sorts by {stored}, which is not stored"
        elif field.null:
            yield f"{name} sorts by {stored}, which may be NULL"
        elif ("school", stored, "id") not in _indexed(screens.model):
            yield f"{name} sorts by {stored}, which has no index (school, {stored}, id)"


def _indexed(model: type[models.Model]) -> set[tuple[str, ...]]:
    """Indexed columns; a column that is unique within the school needs no tie-breaker."""
    found = {tuple(field.lstrip("-") for field in index.fields) for index in model._meta.indexes}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            found.add((*constraint.fields, "id"))
    return found


def totals(screens: Screens) -> Iterator[str]:
    for column in screens.columns:
        if column.total and described.field_at(screens.model, column.name) is None:
            yield f"{column.name} is summed but not stored"


def filters(screens: Screens) -> Iterator[str]:
    """Filters say in Chinese what they narrow; shipped views use filters that exist."""
    known: Iterable[str] = ()
    if screens.filters is not None:
        known = screens.filters.base_filters
        for name, narrowing in screens.filters.base_filters.items():
            if not _CHINESE.search(str(narrowing.extra.get("label") or narrowing._label or "")):
                yield f"filter {name} has no Chinese label"
    for view in screens.views:
        unknown = set(QueryDict(view.query)) - set(known) - {"q", "o"}
        if unknown:
            yield f"view {view.title} uses unknown filters {sorted(unknown)}"


def phone(screens: Screens) -> Iterator[str]:
    """A card on a phone has one title, at most one badge and one amount."""
    for part, least in (("title", 1), ("badge", 0), ("end", 0)):
        count = len(screens.phone(part))
        if not least <= count <= 1:
            yield f"{count} columns have phone={part!r}"


def forms(screens: Screens) -> Iterator[str]:
    """A form belongs to a registered verb, asks for all that the verb needs, and for nothing that it does not take."""
    for function, form in screens.forms.items():
        verb: Action | None = getattr(function, "verb", None)
        if verb is None or ACTIONS.get(verb.name) is not verb:
            yield f"{function.__name__} is not a registered action"
            continue
        fields = set(getattr(form, "base_fields", {}))
        keywords = (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD)
        parameters = [p for p in signature(verb.run).parameters.values() if p.kind in keywords]
        if missing := set(described.needs(verb)) - fields:
            yield f"{form.__name__} does not ask for {sorted(missing)}"
        takes_any = any(p.kind is Parameter.VAR_KEYWORD for p in parameters)
        if not takes_any and (extra := fields - {p.name for p in parameters}):
            yield f"{verb.name} does not take {sorted(extra)}"


def permissions(screens: Screens) -> Iterator[str]:
    """Every right that the page asks for is in some role's hands."""
    offered = set(roles.permissions())
    asked = {screens.read, *(paper.permission for paper in screens.papers)}
    asked |= {verb.permission for verb in screens.verbs()}
    for permission in sorted(asked - offered - {""}):
        yield f"{permission} was offered to no role"


def sheets(screens: Screens) -> Iterator[str]:
    for sheet in screens.sheets:
        if isinstance(sheet, Rows) and sum(column.link for column in sheet.columns) > 1:
            yield f"{sheet.title} has more than one link"


CHECKS = (columns, sorting, totals, filters, phone, forms, permissions, sheets)
