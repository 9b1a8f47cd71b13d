"""How a purchase may be made, by its amount; which quote is the lowest. No ORM, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from zongwu.kernel.amounts import round_yuan
from zongwu.purchasing.models.buying import Method

QUOTED = (Method.INQUIRY, Method.COMPARE)
"""Methods that ask for quotes side by side (货比三家)."""
OUTSIDE = (Method.CENTRAL, Method.FRAMEWORK, Method.TENDER)
"""Methods that run outside the school and leave a number behind."""


class Limits(NamedTuple):
    """Yuan from which each method is asked for; every county and school has its own (rules.md §2.2–2.3)."""

    compare: Decimal
    inquiry: Decimal
    government: Decimal
    """采购限额标准: from here on the law's methods."""
    tender: Decimal

    @property
    def steps(self) -> Sequence[tuple[Decimal, str]]:
        return (
            (self.compare, "比价起点"), (self.inquiry, "询价起点"), (self.government, "政府采购限额"), (self.tender, "公开招标数额"),
        )  # fmt: skip


def propose(amount: Decimal, limits: Limits, *, catalogue: bool, framework: bool) -> Method:
    """The method that the thresholds ask for: a tender by the amount, then a framework agreement that must be used, then the catalogue, then the amount again."""
    if amount >= limits.tender:
        return Method.TENDER
    if framework:
        return Method.FRAMEWORK
    if catalogue or amount >= limits.government:
        return Method.CENTRAL
    if amount >= limits.inquiry:
        return Method.INQUIRY
    return Method.COMPARE if amount >= limits.compare else Method.SMALL


def crossed(limits: Limits, before: Decimal, amount: Decimal) -> str:
    """The threshold that like purchases of the year pass together although none does alone (条例 art. 28); empty when none."""
    names = [f"{name} {step:,.0f} 元" for step, name in limits.steps if amount < step <= before + amount]
    return names[-1] if names else ""


class Row(NamedTuple):
    """One line of the comparison: what each quote asks for it, and which of them is the lowest."""

    prices: Sequence[Decimal]
    sums: Sequence[Decimal]
    lowest: int | None


def compare(quantities: Sequence[Decimal], prices: Sequence[Sequence[Decimal]]) -> list[Row]:
    """Line by line; `prices` are by quote, then by line. Where all ask the same, none is the lowest."""
    rows = []
    for at, quantity in enumerate(quantities):
        asked = [quote[at] for quote in prices]
        least = min(asked) if asked else Decimal(0)
        lowest = asked.index(least) if asked and len(set(asked)) > 1 else None
        rows.append(Row(asked, [round_yuan(price * quantity) for price in asked], lowest))
    return rows


def cheapest(totals: Mapping[int, Decimal]) -> int | None:
    """Which quote has the lowest total."""
    return min(totals, key=lambda pk: (totals[pk], pk)) if totals else None
