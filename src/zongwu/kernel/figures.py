"""Figures and statements: a value is computed from the rows that it links to, so the two cannot disagree.

    ADDED = figure("assets.added_cards", "本学期新增资产", Count(), unit="张", area="assets", definition="…", rows=added)

`rows` is a function of a window; `measure` turns its rows into one number. Nothing is stored: freezing happens when a
summary is signed. A statement is a Chinese sentence with figure slots and the condition under which it is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Protocol

from django.db.models import Aggregate, JSONField, Q, QuerySet, Sum
from django.db.models import Count as SqlCount


class Window(NamedTuple):
    """The days that a figure is about: both inclusive. A figure "as of" a date uses `until`."""

    since: date
    until: date


Rows = Callable[[Window], "QuerySet[Any]"]


class Measure(Protocol):
    """How rows become a number: aggregates that the database computes, and what they say. `amount` is one row's share in it."""

    @property
    def name(self) -> str: ...

    def asks(self, only: Q) -> dict[str, Aggregate]: ...

    def says(self, found: Mapping[str, Any]) -> Decimal | int | None: ...

    def amount(self, row: Any) -> Decimal | int: ...


@dataclass(frozen=True)
class Count:
    """How many rows."""

    name: str = "count"

    def asks(self, only: Q) -> dict[str, Aggregate]:
        return {"count": SqlCount("pk", filter=only or None)}

    def says(self, found: Mapping[str, Any]) -> int:
        return int(found["count"])

    def amount(self, row: Any) -> int:
        return 1


@dataclass(frozen=True)
class Total:
    """The exact sum of an amount field: fen, thousandths or ten-thousandths below, `Decimal` above."""

    field: str
    name: str = "total"

    def asks(self, only: Q) -> dict[str, Aggregate]:
        return {"total": Sum(self.field, filter=only or None)}

    def says(self, found: Mapping[str, Any]) -> Decimal | int:
        total: Decimal | int | None = found["total"]
        return total if total is not None else Decimal(0)

    def amount(self, row: Any) -> Decimal | int:
        value: Decimal | int = getattr(row, self.field)
        return value


@dataclass(frozen=True)
class Share:
    """Part of the whole in percent, one decimal. The part is a condition on the same rows, so it cannot exceed them."""

    part: Q
    name: str = "share"

    def asks(self, only: Q) -> dict[str, Aggregate]:
        return {"part": SqlCount("pk", filter=only & self.part), "whole": SqlCount("pk", filter=only or None)}

    def says(self, found: Mapping[str, Any]) -> Decimal | None:
        return percent(found["part"], found["whole"]) if found["whole"] else None

    def amount(self, row: Any) -> int:
        return 1


class _Gathered(Aggregate):
    """All values of a field as one JSON array: neither database has a percentile that the other knows."""

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_group_array", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_agg", **context)


@dataclass(frozen=True)
class Percentile:
    """The value of a whole-number field below which a share of the rows lies: the nearest rank, in units of `per`, one decimal.
    Rows without a value are left out."""

    field: str
    share: float
    per: int = 1
    name: str = "percentile"

    def asks(self, only: Q) -> dict[str, Aggregate]:
        return {"values": _Gathered(self.field, filter=only or None)}

    def says(self, found: Mapping[str, Any]) -> Decimal | None:
        ranked = sorted(value for value in found["values"] or () if value is not None)
        if not ranked:
            return None
        value: int = ranked[max(0, math.ceil(self.share * len(ranked)) - 1)]
        return (Decimal(value) / self.per).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def amount(self, row: Any) -> Decimal | int:
        return Decimal(getattr(row, self.field) or 0) / self.per


@dataclass(frozen=True)
class Mean:
    """The mean of a whole-number field over the rows that have it, one decimal."""

    field: str
    name: str = "mean"

    def asks(self, only: Q) -> dict[str, Aggregate]:
        return {"total": Sum(self.field, filter=only or None), "n": SqlCount(self.field, filter=only or None)}

    def says(self, found: Mapping[str, Any]) -> Decimal | None:
        if not found["n"]:
            return None
        return (Decimal(found["total"]) / int(found["n"])).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def amount(self, row: Any) -> int:
        return int(getattr(row, self.field) or 0)


def percent(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


_ALL = Q()


@dataclass(frozen=True)
class Figure:
    """One named number of the school."""

    key: str
    label: str
    unit: str
    measure: Measure
    base: Rows
    """The rows of the window; figures over the same base are computed in one query."""
    definition: str
    """In words for the reader: which rows, which date, what is left out."""
    as_of: bool = False
    """True when the figure is about the last day of the window, not about what happened within it."""
    opens: str = ""
    """Query string under which the domain's list shows the same rows, with `{since}` and `{until}`."""
    only: Q = _ALL
    """Which rows of the base."""

    @property
    def area(self) -> str:
        return self.key.partition(".")[0]

    def rows(self, window: Window) -> QuerySet[Any]:
        """The rows that the figure is computed from."""
        return self.base(window).filter(self.only)

    def value(self, window: Window) -> Value:
        return computed([self], window)[self.key]


class Value(NamedTuple):
    """A figure within a window, computed."""

    figure: Figure
    window: Window
    number: Decimal | int | None

    @property
    def text(self) -> str:
        """As a sentence writes it: thousands separated, money with two decimals, a share with a percent sign."""
        if self.number is None:
            return "—"
        if self.figure.unit == "%":
            return f"{self.number}%"
        if self.figure.unit == "元":
            return f"{self.number:,.2f}"
        if isinstance(self.number, int) or self.number == self.number.to_integral_value():
            return f"{int(self.number):,}"
        return f"{self.number.normalize():,f}"

    @property
    def exact(self) -> str | int | None:
        """As JSON writes it: whole counts as integers, everything else as decimal text."""
        if self.number is None or isinstance(self.number, int):
            return self.number
        if self.figure.unit == "元":
            return f"{self.number:.2f}"
        whole = self.number.to_integral_value()
        return int(whole) if whole == self.number and self.figure.unit != "%" else f"{self.number.normalize():f}"


_SLOT = re.compile(r"\{([a-z_]+\.[a-z_0-9]+)\}")


@dataclass(frozen=True)
class Statement:
    """A sentence about figures; said only when every figure in `needs` is neither empty nor zero."""

    key: str
    area: str
    text: str
    needs: tuple[str, ...] = ()
    """Keys that must have something to say; by default the first slot."""

    @property
    def slots(self) -> list[str]:
        return _SLOT.findall(self.text)

    def parts(self) -> Iterable[tuple[str, bool]]:
        """The sentence cut into pieces: (text, False) and (figure key, True)."""
        for index, piece in enumerate(_SLOT.split(self.text)):
            if piece:
                yield piece, bool(index % 2)

    def said(self, values: dict[str, Value]) -> bool:
        return all(values[key].number for key in self.needs or self.slots[:1])


@dataclass(frozen=True)
class Breakdown:
    """A figure cut by a field: the table and the chart of a summary."""

    key: str
    label: str
    figure: str
    by: Callable[[Window], Sequence[tuple[str, Decimal | int]]]


FIGURES: dict[str, Figure] = {}
STATEMENTS: dict[str, Statement] = {}
BREAKDOWNS: dict[str, Breakdown] = {}


def register(*things: Figure | Statement | Breakdown) -> None:
    """Called by a domain's `apps.ready()`; a key is given once."""
    for thing in things:
        shelf: dict[str, Any] = (
            FIGURES if isinstance(thing, Figure) else STATEMENTS if isinstance(thing, Statement) else BREAKDOWNS
        )
        assert shelf.get(thing.key, thing) is thing, f"{thing.key} is registered twice"
        shelf[thing.key] = thing


def values(keys: Iterable[str], window: Window) -> dict[str, Value]:
    """Several figures within one window."""
    return computed([FIGURES[key] for key in dict.fromkeys(keys)], window)


def computed(wanted: Sequence[Figure], window: Window) -> dict[str, Value]:
    """Their values: one query for all that are about the same base rows."""
    over: dict[Rows, list[Figure]] = {}
    for figure in wanted:
        over.setdefault(figure.base, []).append(figure)
    found: dict[str, Value] = {}
    for base, figures in over.items():
        asked = [figure.measure.asks(figure.only) for figure in figures]
        told = (
            base(window)
            .order_by()
            .aggregate(**{f"f{at}_{n}": one for at, asks in enumerate(asked) for n, one in asks.items()})
        )
        for at, (figure, asks) in enumerate(zip(figures, asked, strict=True)):
            found[figure.key] = Value(figure, window, figure.measure.says({n: told[f"f{at}_{n}"] for n in asks}))
    return {figure.key: found[figure.key] for figure in wanted}
