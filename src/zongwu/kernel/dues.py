"""Dues: what somebody must act on by a date. They feed to-do lists, warnings and the problems section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet

from zongwu.kernel import clock
from zongwu.kernel.figures import Count, Figure, Statement

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

    problem: str = ""
    """A sentence for the problems section of the summary, with `{n}` for the count; empty when it is no problem."""

    def figure(self, unit: str) -> Figure:
        """How many there are, as a figure of its own: the problems section speaks of it and links to its rows."""
        area, _, name = self.key.partition(".")
        return Figure(
            f"{area}.due_{name}",
            self.label,
            unit,
            Count(),
            lambda window: self.rows(min(window.until, clock.today())),  # nothing is late before its day
            self.what,
            as_of=True,
            opens=self.opens,
        )

    def statement(self, unit: str) -> Statement:
        """The sentence of the problems section."""
        key = self.figure(unit).key
        return Statement(f"{key}_said", "problems", self.problem.format(n=f"{{{key}}}"))

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
