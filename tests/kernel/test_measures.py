"""Measures that no database has alike: a percentile is one of the values, a mean leaves out who said nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.repairs.examples import reported
from tests.world import NOW, World
from zongwu.kernel import scope
from zongwu.kernel.figures import Figure, Mean, Percentile, Window
from zongwu.repairs.models import Ticket

pytestmark = pytest.mark.django_db
WINDOW = Window(date(2026, 11, 1), date(2026, 11, 30))


def value(world: World, measure: object) -> object:
    with scope.active(world.school):
        figure = Figure("repairs.tried", "试", "", measure, lambda window: Ticket.objects.all(), "")  # type: ignore[arg-type]
        return figure.value(WINDOW).number


def with_minutes(world: World, *minutes: int | None) -> None:
    for n, many in enumerate(minutes):
        ticket = reported(world, fault="other", confirmed=True, spot=str(n))
        with scope.active(world.school):
            Ticket.objects.filter(pk=ticket.pk).update(minutes=many, done_at=many and NOW + timedelta(minutes=many))


def test_half_and_nine_tenths(world: World) -> None:
    with_minutes(world, 60, 120, 180, 600, None)
    assert value(world, Percentile("minutes", 0.5, 60)) == Decimal("2.0")
    assert value(world, Percentile("minutes", 0.9, 60)) == Decimal("10.0")
    assert value(world, Mean("minutes")) == Decimal("240.0")


def test_nothing_says_nothing(world: World) -> None:
    with_minutes(world, None)
    assert value(world, Percentile("minutes", 0.5)) is None
    assert value(world, Mean("minutes")) is None
