"""Where things are: from a row, a reference or a kind to the address of its page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from zongwu.kernel import refs
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import School
from zongwu.kernel.transfer.runs import KINDS
from zongwu.ui import screens as described
from zongwu.ui.screens import Screens


def list_url(school: School, screens: Screens, query: str = "") -> str:
    base = _page(school.code, f"{screens.area}:{screens.name}")
    return f"{base}?{query}" if query else base


def row_url(school: School, screens: Screens, pk: int) -> str:
    return f"{_page(school.code, f'{screens.area}:{screens.name}')}{pk}/"


@lru_cache(maxsize=4096)
def _page(code: str, name: str, *verb: str) -> str:
    """A page that needs only the school, or a verb with it. Kept, because a list asks for hundreds and `reverse` is slow.

    :raises NoReverseMatch: there is none.
    """
    return reverse(name, args=[code, *verb])


def do_url(school: School, screens: Screens, pk: int, verb: str) -> str:
    return reverse(f"{screens.area}:{screens.name}-do", args=[school.code, pk, verb])


def new_url(school: School, screens: Screens, verb: str, **query: Any) -> str:
    base = _page(school.code, f"{screens.area}:{screens.name}-new", verb)
    return f"{base}?{urlencode(query)}" if query else base


def bulk_url(school: School, screens: Screens, verb: str) -> str:
    return _page(school.code, f"{screens.area}:{screens.name}-bulk", verb)


def export_url(school: School, screens: Screens) -> str:
    return _page(school.code, f"{screens.area}:{screens.name}-export")


def url_of(school: School, row: Model | None) -> str:
    """The page of a row; empty for a row whose model has no screens."""
    if row is None or row.pk is None:
        return ""
    screens = described.of(type(row))
    return row_url(school, screens, row.pk) if screens else ""


def ref_url(school: School, reference: str) -> str:
    """The page of `asset:17`; empty for a kind without screens."""
    kind, _, number = reference.partition(":")
    model = refs.kinds().get(kind)
    screens = described.of(model) if model else None
    return row_url(school, screens, int(number)) if screens and number.isdecimal() else ""


def named(school: School, name: str) -> str:
    """A page of the school by its URL name; empty when there is none, so that a missing page is a missing button."""
    try:
        return _page(school.code, name)
    except NoReverseMatch:
        return ""


def import_url(ctx: Ctx, screens: Screens) -> str:
    """Where this list is read from a spreadsheet; empty for a list that is not, or a person who may not."""
    kind = KINDS.get(screens.imports)
    if kind is None or not ctx.may(kind.permission):
        return ""
    try:
        return reverse("import", args=[ctx.school.code, screens.imports])
    except NoReverseMatch:
        return ""
