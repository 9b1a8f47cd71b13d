"""Depreciation by the government rule (《政府会计准则第3号》应用指南, 财会〔2017〕4号): straight line, no residual value.

Pure: fen in, fen out; months are counted, never days. The month of addition is charged, the month of removal is not,
the last month takes what rounding left, and an idle asset goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NEVER = ("A03", "A04", "A06", "A0103", "A07", "A08")
"""Relics and exhibits, books and archives, plants and animals, land; stores and software are no fixed assets."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A card's depreciation as it stands: `value` yuan over `life` months from the month of `posted_on`."""

    value: Decimal
    life: int
    posted_on: date
    accumulated: Decimal = Decimal(0)
    taken: int = 0


def month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def monthly(value: Decimal, accumulated: Decimal, life: int, taken: int) -> Decimal:
    """What each month is charged from here on; after a change of value or life the rest is spread over what remains."""
    remaining = life - taken
    return ((value - accumulated) / remaining).quantize(CENT, ROUND_HALF_UP) if remaining > 0 else Decimal(0)


def charge(plan: Plan, rate: Decimal) -> Decimal:
    """The next month's charge: the monthly rate, or all that is left in the last month. Never beyond the value."""
    left = plan.value - plan.accumulated
    if plan.taken >= plan.life or left <= 0:
        return Decimal(0)
    return left if plan.taken == plan.life - 1 else min(rate, left)


def opening(plan: Plan, before: date) -> tuple[int, Decimal]:
    """Months and amount that are past when bookkeeping begins: everything up to the month before `before`."""
    months = max(0, min(plan.life, month_index(before) - month_index(plan.posted_on)))
    rate = monthly(plan.value, Decimal(0), plan.life, 0)
    return months, plan.value if months == plan.life else min(rate * months, plan.value)


def schedule(value: Decimal, life: int, posted_on: date) -> Iterator[tuple[date, Decimal]]:
    """Every month of the whole life with its charge; the charges sum to the value."""
    rate, month, accumulated = monthly(value, Decimal(0), life, 0), first_of_month(posted_on), Decimal(0)
    for taken in range(life):
        amount = charge(Plan(value, life, posted_on, accumulated, taken), rate)
        yield month, amount
        accumulated += amount
        month = next_month(month)


def depreciates(*, category: str, confirmed: bool, exact_date: bool, nominal: bool, life: int | None) -> bool:
    """Decisions 25: not until category and date are confirmed; never relics, books, plants, land, nominal value."""
    return bool(life) and confirmed and exact_date and not nominal and not category.startswith(NEVER)


def worn(full: Decimal, used: int, life: int, floor: Decimal) -> Decimal:
    """What normal wear takes off a price, yuan: straight over the life, `floor` per cent of the price always stay to be paid."""
    share = min(Decimal(max(used, 0)) / life, 1 - floor / 100)
    return (full * share).quantize(CENT, ROUND_HALF_UP)


def part(value: Decimal, some: Decimal, whole: Decimal) -> Decimal:
    """What `some` of a batch is worth, yuan, half up; nothing of an empty one."""
    return (value * some / whole).quantize(CENT, ROUND_HALF_UP) if whole else Decimal(0)
