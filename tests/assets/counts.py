"""One example of each verb of a count."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.examples import Example, Given
from tests.world import World
from zongwu.assets.actions import (
    begin_stocktake,
    close_stocktake,
    finish_room,
    plan_stocktake,
    scan_item,
    settle_differences,
)
from zongwu.assets.models import Stocktake, StocktakeItem, StocktakeRoom, Surplus
from zongwu.kernel import scope

DEADLINE = date(2026, 12, 4)


def planned(world: World) -> Stocktake:
    return plan_stocktake(
        world.ctx("storekeeper"), name="年度盘点", deadline_on=DEADLINE, places=[], watcher=world.people["worker"],
        second_watcher=world.people["class_teacher"],
    )  # fmt: skip


def begun(world: World) -> Stocktake:
    return begin_stocktake(world.ctx("storekeeper"), planned(world))


def room(world: World, stocktake: Stocktake) -> StocktakeRoom:
    with scope.active(world.school):
        return StocktakeRoom.objects.get(stocktake=stocktake, place=world.room_101)


def finished(world: World) -> StocktakeRoom:
    return finish_room(world.ctx("storekeeper"), room(world, begun(world)))


def closed(world: World) -> Stocktake:
    """The projector was found in its room, the laptop nowhere, and something that has no label."""
    stocktake = begun(world)
    here = room(world, stocktake)
    scan_item(world.ctx("storekeeper"), here, code=world.projector.number)
    scan_item(world.ctx("storekeeper"), here, note="旧音箱")
    return close_stocktake(world.ctx("storekeeper"), stocktake, confirmed=True)


def short(world: World, stocktake: Stocktake) -> int:
    with scope.active(world.school):
        return StocktakeItem.objects.get(stocktake=stocktake, result="short").pk


def surplus(world: World, stocktake: Stocktake) -> int:
    with scope.active(world.school):
        return Surplus.objects.get(stocktake=stocktake).pk


def settled(world: World) -> Stocktake:
    from zongwu.assets.actions import settle_surplus

    stocktake, keeper = closed(world), world.ctx("storekeeper")
    settle_differences(keeper, stocktake, items=[short(world, stocktake)], answer="found", reason="在维修点")
    return settle_surplus(keeper, stocktake, surplus=surplus(world, stocktake), answer="leave", reason="老师自己的")


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), {k: v(world) if callable(v) else v for k, v in keywords.items()})


def _plan(**changed: Any) -> Any:
    return lambda world: (None, {"name": "年度盘点", "deadline_on": DEADLINE, "places": []} | changed)


def _settling(**changed: Any) -> Any:
    def given(world: World) -> Given:
        stocktake = closed(world)
        return stocktake, {"items": [short(world, stocktake)], "answer": "loss", "reason": "查无下落"} | changed

    return given


def _surplus(**changed: Any) -> Any:
    def given(world: World) -> Given:
        stocktake = closed(world)
        return stocktake, {"surplus": surplus(world, stocktake), "answer": "enter"} | changed

    return given


def _open_room(world: World) -> StocktakeRoom:
    return room(world, begun(world))


def _scanning(world: World) -> Given:
    return _open_room(world), {"code": world.projector.number}


def _replan(watcher: str) -> Any:
    def given(world: World) -> Given:
        two = {"watcher": world.people[watcher], "second_watcher": world.people["head"]}
        return planned(world), {"name": "盘点", "deadline_on": DEADLINE, **two}

    return given


ACTIONS = {
    "plan_stocktake": Example("storekeeper", _plan(), _plan(deadline_on=date(2026, 1, 1))),
    "replan_stocktake": Example("storekeeper", _replan("worker"), _replan("head")),
    "begin_stocktake": Example("storekeeper", _of(planned), _of(begun)),
    "assign_room": Example("storekeeper", _of(_open_room, counter=lambda w: w.people["worker"]), None),
    "scan_item": Example("storekeeper", _scanning, _of(_open_room, code=" ")),
    "finish_room": Example("storekeeper", _of(_open_room), _of(finished)),
    "reopen_room": Example("storekeeper", _of(finished), _of(_open_room)),
    "close_stocktake": Example("storekeeper", _of(begun, confirmed=True), _of(begun)),
    "resume_stocktake": Example("storekeeper", _of(closed), _of(begun)),
    "settle_differences": Example("storekeeper", _settling(), _settling(reason="")),
    "settle_surplus": Example("storekeeper", _surplus(), _surplus(answer="leave")),
    "submit_stocktake": Example("storekeeper", _of(settled), _of(closed)),
    "drop_stocktake": Example("storekeeper", _of(begun, reason="改期"), None),
}  # fmt: skip
