"""The storeroom under many hands, in a process of its own: `python -m tests.races.stores` prints one JSON line."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

from tests.races.stage import tell, together  # first: it chooses the database

# isort: split
from tests.signing import SIGNATURE
from tests.stores.examples import asked, item, quota, some, stocked
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.amounts import plain_quantity
from zongwu.stores import actions, rules, steps
from zongwu.stores.models import Item, Slip
from zongwu.stores.steps import Line


def issue(world: World, key: str, many: int = 1) -> Slip:
    return actions.issue_goods(
        world.ctx("storekeeper", key=key),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world, many),
        signature=SIGNATURE,
    )


def last_one(world: World) -> dict[str, Any]:
    """Fifty at once for the last packet."""
    stocked(world, 1)
    ends = together(50, lambda number: issue(world, f"k{number}"))
    return {"ends": {end: ends.count(end) for end in set(ends)}}


def unguarded(world: World) -> dict[str, Any]:
    """What the lock is for: everybody looks before anybody has taken. The database refuses what is left."""
    pick = rules.pick

    def slow(batches: Any, wanted: Decimal) -> Any:
        found = pick(batches, wanted)
        time.sleep(0.3)
        return found

    def forgetful(self: Any, **_: Any) -> Any:
        return self

    steps.rules.pick = slow  # type: ignore[assignment]
    from zongwu.stores.models.items import BalanceQuerySet

    BalanceQuerySet.select_for_update = forgetful  # type: ignore[method-assign]
    stocked(world, 1)
    ends = together(4, lambda number: issue(world, f"k{number}"))
    return {"ends": {end: ends.count(end) for end in set(ends)}}


def in_and_out(world: World) -> dict[str, Any]:
    """Two bring, two take, of two items in the other order: nobody waits for nobody, and nothing is lost."""
    stocked(world, 100)
    pen = item(world, "白板笔", unit="支", spec="黑", packings="")
    ctx = world.ctx("storekeeper")
    actions.receive_goods(ctx, place=world.store, lines=[Line(pen, Decimal(100), Decimal(2))], on=TODAY)
    paper = item(world)

    def work(number: int) -> None:
        lines = [Line(paper, Decimal(1), Decimal(20)), Line(pen, Decimal(1), Decimal(2))]
        lines = lines[::-1] if number % 2 else lines
        for at in range(10):
            ctx = world.ctx("storekeeper", key=f"w{number}.{at}")
            if number < 2:
                actions.receive_goods(ctx, place=world.store, lines=lines, on=TODAY)
            else:
                actions.issue_goods(
                    ctx, place=world.store, receiver=world.people["worker"], lines=lines, signature=SIGNATURE
                )

    ends = together(4, work)
    with scope.active(world.school):
        held = {one.name: plain_quantity(one.held) for one in Item.objects.with_stock()}
        numbers = sorted(Slip.objects.filter(form="issue").values_list("number", flat=True))
    return {"ends": ends, "held": held, "gaps": numbers != [f"CK-2026-{at:04d}" for at in range(1, 21)]}


def first_receipt(world: World) -> dict[str, Any]:
    """Four receipts at once of what never lay there before."""
    paper = item(world)

    def work(number: int) -> None:
        ctx = world.ctx("storekeeper", key=f"r{number}")
        actions.receive_goods(ctx, place=world.store, lines=[Line(paper, Decimal(5), Decimal(20))], on=TODAY)

    ends = together(4, work)
    with scope.active(world.school):
        return {"ends": ends, "held": plain_quantity(Item.objects.with_stock().get().held)}


def handed_out(world: World) -> dict[str, Any]:
    """One request, handed out by two keepers at once."""
    request = asked(world)
    ends = together(
        2, lambda n: actions.hand_out(world.ctx(("storekeeper", "head")[n], key=f"h{n}"), request, told=request.code)
    )
    return {"ends": sorted(ends)}


def returned(world: World) -> dict[str, Any]:
    """What was issued comes back, once, however many say so."""
    stocked(world, 10)
    slip = issue(world, "once", 4)
    ends = together(4, lambda n: actions.return_goods(world.ctx("storekeeper", key=f"b{n}"), slip))
    with scope.active(world.school):
        return {"ends": sorted(ends), "held": plain_quantity(Item.objects.with_stock().get().held)}


def quotas(world: World) -> dict[str, Any]:
    """Two packets a month, and four counters: what the others took meanwhile counts."""
    stocked(world, 10)
    quota(world, 2)
    ends = together(4, lambda n: issue(world, f"q{n}"))
    return {"ends": sorted(ends)}


STORIES = {
    "last": last_one, "both": in_and_out, "first": first_receipt, "handed": handed_out, "returned": returned, "quotas": quotas, "unguarded": unguarded,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(tell(STORIES, "race", "比赛小学")))
