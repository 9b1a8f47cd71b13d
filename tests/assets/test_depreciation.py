"""The government rule: month of addition charged, month of removal not, the last month takes the remainder."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from zongwu.assets import rules
from zongwu.assets.actions import depreciate_month, register_asset, revalue_asset
from zongwu.assets.models import Asset, DepreciationRun
from zongwu.kernel import doctor, scope
from zongwu.kernel.errors import Refused

money = st.decimals(min_value=0, max_value=10**7, places=2)


@given(value=money, life=st.integers(1, 600), start=st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_the_whole_life_sums_to_the_value(value: Decimal, life: int, start: date) -> None:
    months = list(rules.schedule(value, life, start))
    assert len(months) == life
    assert sum((amount for _, amount in months), Decimal(0)) == value
    assert all(amount >= 0 for _, amount in months)
    assert months[0][0] == start.replace(day=1)


@given(
    value=money,
    life=st.integers(1, 600),
    start=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    past=st.integers(0, 700),
)
def test_an_opening_charge_is_the_sum_of_the_months_before(value: Decimal, life: int, start: date, past: int) -> None:
    before = start.replace(day=1)
    for _ in range(past):
        before = rules.next_month(before)
    months, amount = rules.opening(rules.Plan(value, life, start), before)
    paid = [charge for month, charge in rules.schedule(value, life, start) if month < before]
    assert (months, amount) == (len(paid), sum(paid, Decimal(0)))


def test_a_panel_bought_in_august_2021() -> None:
    """18,600 yuan over six years, as on the card of the look: 258.33 a month, 64 months by November 2026."""
    months, accumulated = rules.opening(rules.Plan(Decimal(18600), 72, date(2021, 8, 25)), date(2026, 12, 1))
    assert (months, accumulated) == (64, Decimal("16533.12"))


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("category not confirmed", {"confirmed": False}),
        ("date not settled", {"exact_date": False}),
        ("nominal value", {"nominal": True}),
        ("books", {"category": "A04010101"}),
        ("land", {"category": "A01030000"}),
        ("no life known", {"life": None}),
    ],
)
def test_what_is_not_depreciated(why: str, fields: dict[str, object]) -> None:
    card = {"category": "A02020200", "confirmed": True, "exact_date": True, "nominal": False, "life": 72}
    assert rules.depreciates(**card)  # type: ignore[arg-type]
    assert not rules.depreciates(**(card | fields)), why  # type: ignore[arg-type]


@pytest.mark.django_db
def test_months_are_charged_in_order_and_once(world: World) -> None:
    ctx = world.ctx("bookkeeper")
    run = depreciate_month(ctx, month=date(2026, 9, 1))
    assert (run.cards, run.total) == (2, Decimal("73.06") + Decimal("138.33"))
    assert run.opening_total == 18 * Decimal("138.33")
    with pytest.raises(Refused, match="已经提过"):
        depreciate_month(world.ctx("bookkeeper"), month=date(2026, 9, 30))
    with pytest.raises(Refused, match="2026 年 10 月"):
        depreciate_month(world.ctx("bookkeeper", now=datetime(2026, 12, 2, tzinfo=UTC)), month=date(2026, 11, 1))
    with pytest.raises(Refused, match="还没有过完"):
        depreciate_month(world.ctx("bookkeeper"), month=date(2026, 12, 1))
    depreciate_month(world.ctx("bookkeeper"), month=date(2026, 10, 1))
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).accumulated == 2 * Decimal("73.06")
        assert DepreciationRun.objects.count() == 2
    assert list(doctor.examine(world.school)) == []


@pytest.mark.django_db
def test_a_new_value_is_spread_over_what_remains(world: World) -> None:
    depreciate_month(world.ctx("bookkeeper"), month=date(2026, 9, 1))
    card = revalue_asset(
        world.ctx("head"), world.projector, value=Decimal("6000"), on=date(2026, 11, 1), reason="审计定案"
    )
    assert card.monthly == ((Decimal("6000") - Decimal("73.06")) / 71).quantize(Decimal("0.01"))
    with pytest.raises(Refused, match="累计折旧"):
        revalue_asset(
            world.ctx("head"), world.projector, value=Decimal("50"), on=date(2026, 11, 2), reason="错", confirmed=True
        )


def test_the_whole_register_is_charged_by_the_rules_of_one_card(world: World) -> None:
    """`_charge` works on all cards in SQL; `rules` is what it must come to, card by card and month by month."""
    draw = random.Random(20261)
    with scope.active(world.school):
        for n in range(120):
            posted = date(draw.randint(2015, 2026), draw.randint(1, 10), draw.randint(1, 28))
            life, value = draw.choice([1, 2, 24, 60, 72, 120]), Decimal(draw.randint(1, 500_000)) / 100
            register_asset(
                world.system(), number=f"R-{n}", name="投影仪", category="A02020200", quantity=Decimal(1), unit_price=value,
                acquired_on=posted, life_months=life,
            )  # fmt: skip
        plans = {
            c.pk: rules.Plan(c.value, c.life_months, c.posted_on) for c in Asset.objects.filter(number__startswith="R-")
        }
        rates = dict(Asset.objects.values_list("pk", "monthly"))
    month = date(2026, 6, 1)
    for _ in range(4):
        depreciate_month(world.ctx("bookkeeper"), month=month)
        for pk, plan in plans.items():
            if plan.posted_on > rules.next_month(month) - timedelta(days=1):
                continue
            if plan.taken == 0:
                months, amount = rules.opening(plan, month)
                plan = replace(plan, accumulated=amount, taken=months)
            amount = rules.charge(plan, rates[pk])
            plans[pk] = replace(plan, accumulated=plan.accumulated + amount, taken=plan.taken + (1 if amount else 0))
        month = rules.next_month(month)
    with scope.active(world.school):
        told = {c.pk: (c.accumulated, c.months_taken) for c in Asset.objects.filter(pk__in=plans)}
    assert told == {pk: (plan.accumulated, plan.taken) for pk, plan in plans.items()}
    assert len({taken for _, taken in told.values()}) > 20  # all kinds of them, new, half-way and at the end
