"""Dues: what somebody must act on by a date. They feed to-do lists, warnings and the problems section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet

if TYPE_CHECKING:
    from zongwu.kernel.ctx import Ctx


@dataclass(frozen=True)
class Due:
    """A named set of rows that must be acted on."""

    key: str
    label: str
    permission: str
    """Whoever holds it has this on his to-do list, within his own range."""
    rows: Callable[[date], QuerySet[Any]]
    what: str
    """A sentence on what to do, for the head of the list."""
    tone: Literal["info", "warn", "bad"] = "warn"
    by: str = ""
    """Field with the day by which; empty when it is simply open."""
    opens: str = ""
    """Query string under which the domain's list shows the same rows."""

    def rows_for(self, ctx: Ctx) -> QuerySet[Any]:
        """The due rows within this person's range."""
        rows: Any = self.rows(ctx.today)
        return rows.within(ctx, self.permission)  # type: ignore[no-any-return]


DUES: dict[str, Due] = {}


def register(*dues: Due) -> None:
    for due in dues:
        assert DUES.get(due.key, due) is due, f"{due.key} is registered twice"
        DUES[due.key] = due


def mine(ctx: Ctx) -> list[tuple[Due, int]]:
    """The person's dues that have rows, with their counts, the gravest first."""
    rank = {"bad": 0, "warn": 1, "info": 2}
    counted = [(due, due.rows_for(ctx).count()) for due in DUES.values() if ctx.may(due.permission)]
    return sorted(((due, n) for due, n in counted if n), key=lambda pair: (rank[pair[0].tone], pair[0].key))
