"""A list asks no more of the database for more rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.assets.damages import reported
from tests.assets.examples import many_cards
from tests.assets.requests import asked
from tests.assets.rooms import lost
from tests.conformance.test_registries import client
from tests.stores.examples import item, put_in, stocked
from tests.world import World
from zongwu.assets.actions import add_price
from zongwu.purchasing.actions import add_budget
from zongwu.ui.screens import SCREENS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "screen",
    [
        "assets.damages",
        "assets.requests",
        "assets.prices",
        "assets.checks",
        "assets.findings",
        "stores.slips",
        "stores.items",
        "stores.stock",
        "purchasing.budgets",
    ],
)
def test_a_list_asks_no_more_for_more_rows(world: World, screen: str, django_assert_max_num_queries: Any) -> None:
    screens = SCREENS[screen]
    page, url = client(world, "head"), f"/{world.school.code}/{screens.area}/{screens.name}/"
    AGAIN[screen](world, 1)
    page.get(url)
    with django_assert_max_num_queries(40) as few:
        page.get(url)
    AGAIN[screen](world, 6)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert page.get(url).status_code == 200


AGAIN: dict[str, Callable[[World, int], Any]] = {
    "assets.damages": lambda world, many: [reported(world) for _ in range(many)],
    "assets.requests": lambda world, many: [asked(world) for _ in range(many)],
    "assets.prices": lambda world, many: [
        add_price(world.ctx("head"), name=f"物品{many}{at}", unit="件", price=Decimal(5)) for at in range(many)
    ],
    "assets.checks": lambda world, many: [lost(world) for _ in range(many)],
    "assets.findings": lambda world, many: [lost(world) for _ in range(many)],
    "stores.slips": lambda world, many: [stocked(world) for _ in range(many)],
    "stores.items": lambda world, many: [item(world, f"物品{many}{at}") for at in range(many)],
    "stores.stock": lambda world, many: [put_in(world, f"物品{many}{at}") for at in range(many)],
    "purchasing.budgets": lambda world, many: [
        add_budget(world.ctx("head"), year=2026, name=f"项目{many}{at}", amount=Decimal(5)) for at in range(many)
    ],
}
"""Several rows more of a list."""


def test_a_list_does_not_ask_more_for_more_rows(world: World, django_assert_max_num_queries: Any) -> None:
    head = client(world, "head")
    base = f"/{world.school.code}/assets/cards/"
    head.get(base)
    with django_assert_max_num_queries(40) as few:
        head.get(base)
    many_cards(world, 60)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert head.get(base).status_code == 200
