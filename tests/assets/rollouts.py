"""One example of each verb of a roll-out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.world import TODAY, World
from zongwu.assets.actions import place_item, plan_rollout, register_asset
from zongwu.assets.models import Asset, Placement, Rollout
from zongwu.kernel import scope

DUE = date(2026, 12, 20)


def panels(world: World, count: int = 2, **changed: Any) -> list[Asset]:
    said = {
        "name": "触控一体机", "category": "A02020800", "quantity": Decimal(1), "unit_price": Decimal(18600), "unit": "台", "acquired_on": TODAY,
        "state": "idle", "department": world.computing,
    } | changed  # fmt: skip
    return [register_asset(world.system(), **said) for _ in range(count)]


def _plan(count: int = 2, **changed: Any) -> Any:
    def given(world: World) -> Given:
        said = {
            "name": "教室装一体机",
            "assets": panels(world, count),
            "places": [world.room_101, world.room_102],
            "due_on": DUE,
        }
        return None, said | changed

    return given


def planned(world: World, **changed: Any) -> Rollout:
    return plan_rollout(world.ctx("storekeeper"), **_plan(**changed)(world)[1])


def rooms_of(world: World, rollout: Rollout) -> list[Placement]:
    with scope.active(world.school):
        return list(rollout.placements.order_by("seq"))


def to_place(world: World) -> Placement:
    return rooms_of(world, planned(world))[0]


def placed(world: World) -> Placement:
    return place_item(world.ctx("storekeeper"), to_place(world), on=TODAY)


def one_left(world: World) -> None:
    place_item(world.ctx("storekeeper"), to_place(world), on=TODAY)


def done(world: World) -> Rollout:
    rollout = planned(world)
    for one in rooms_of(world, rollout):
        place_item(world.ctx("storekeeper"), one, on=TODAY)
    return rollout


def _batch(world: World) -> Asset:
    return panels(world, 1, quantity=Decimal(3), unit_price=Decimal("100.01"))[0]


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


ACTIONS = {
    "split_asset": Example("storekeeper", _of(_batch), lambda world: (world.projector, {})),
    "plan_rollout": Example("storekeeper", _plan(), _plan(count=3)),
    "place_item": Example("storekeeper", _of(to_place, on=TODAY), _of(placed, on=TODAY)),
    "drop_placement": Example("storekeeper", _of(to_place), _of(placed)),
    "drop_rollout": Example("storekeeper", _of(planned), _of(done)),
}
