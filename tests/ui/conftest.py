"""A browser without script: one client per member of the cast."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from tests.world import TODAY, World
from zongwu.assets.actions import register_asset
from zongwu.kernel.accounts import Account

Visit = Callable[..., Client]


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=f"{world.school.code}-{who}"))
    return client


@pytest.fixture
def visit(world: World) -> Visit:
    """`visit("storekeeper")` is that person, signed in."""
    return lambda who, of=world: client_of(of, who)


@pytest.fixture
def many(world: World) -> World:
    """The world with 62 cards: two and a half pages of 25."""
    for number in range(60):
        register_asset(
            world.system(), name=f"课桌{number % 7}", category="A05010201", quantity=Decimal(1),
            unit_price=Decimal(100 + number // 4), unit="张", acquired_on=TODAY, place=world.room_102,
        )  # fmt: skip
    return world


@pytest.fixture
def assets(world: World) -> str:
    return f"/{world.school.code}/assets/cards/"
