"""Keyset paging: a page begins after a row, not after a number, so the ten-thousandth page costs what the first does.

The condition has the form `Q(k <= x) & (Q(k < x) | Q(id < y))`, which both databases answer from the index
`(school, k, id)` in a third of a millisecond; the textbook's `Q | Q` took up to half a second at a million rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

CAP = 10_000
"""Counting stops here: beyond it the page says 10,000+."""


Joined = Callable[[QuerySet[Any]], QuerySet[Any]]
"""Rows → the same rows with what belongs to them, fetched in one query."""


@dataclass(frozen=True)
class Page:
    """Some rows, and the tokens with which the neighbours are asked for."""

    rows: Sequence[Any]
    after: str = ""
    before: str = ""


def page_of(
    rows: QuerySet[Any], order: str, length: int, *, after: str = "", before: str = "", joined: Joined | None = None
) -> Page:
    """The rows after (or before) the row behind a token; a token that cannot be read gives the first page.

    With `joined` only keys are sorted, and what the page shows is fetched for those fifty: where a condition leaves
    thousands of rows, sorting them whole took longer than everything else.
    """
    column, down = order.lstrip("-"), order.startswith("-")
    field = rows.model._meta.get_field(column)
    token = before or after
    backward = bool(before)
    mark = _read(field, token)
    if mark is None:
        token, backward = "", False
    else:
        rows = rows.filter(_beyond(column, *mark, down=down != backward))
    signs = ("-", "-") if down != backward else ("", "")
    by = f"{signs[0]}{column}", f"{signs[1]}id"
    if joined is not None and rows.query.annotations:  # what was counted along the way belongs to the rows
        rows, joined = joined(rows), None
    chosen = rows.order_by(*by)[: length + 1]
    if joined is not None:
        chosen = joined(rows.model.objects.filter(pk__in=chosen.values("pk"))).order_by(*by)
    found = list(chosen)
    more, found = len(found) > length, found[:length]
    if backward:
        found.reverse()
    if not found:
        return Page(found)
    has_after = backward or more
    has_before = more if backward else bool(token)
    return Page(found, _token(field, found[-1]) if has_after else "", _token(field, found[0]) if has_before else "")


def _beyond(column: str, value: Any, pk: int, *, down: bool) -> Q:
    if down:
        return Q(**{f"{column}__lte": value}) & (Q(**{f"{column}__lt": value}) | Q(id__lt=pk))
    return Q(**{f"{column}__gte": value}) & (Q(**{f"{column}__gt": value}) | Q(id__gt=pk))


def _token(field: Field[Any, Any], row: Model) -> str:
    return f"{field.value_to_string(row)}~{row.pk}"


def _read(field: Any, token: str) -> tuple[Any, int] | None:
    text, tilde, number = token.rpartition("~")
    if not tilde or not number.isdecimal() or len(number) > 18:
        return None
    try:
        value = field.to_python(text)
        field.get_prep_value(value)
    except (ValidationError, ValueError, ArithmeticError, OverflowError):
        return None
    return None if value is None else (value, int(number))


def capped_count(rows: QuerySet[Any]) -> str:
    """`186`, or `10,000+`: never more work than the cap."""
    count = rows.order_by()[: CAP + 1].count()
    return f"{CAP:,}+" if count > CAP else f"{count:,}"
