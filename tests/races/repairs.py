"""Repairs under many hands, in a process of its own: `python -m tests.races.repairs` prints one JSON line."""

from __future__ import annotations

import json
from typing import Any

from tests.races.stage import tell, together  # first: it chooses the database

# isort: split
from tests.repairs.examples import given, reported
from tests.world import NOW, World
from zongwu.kernel import scope
from zongwu.kernel.ctx import Ctx
from zongwu.repairs import actions
from zongwu.repairs.models import Ticket


def door(world: World, key: str) -> Ctx:
    """Somebody who stands before the door, without a name."""
    return Ctx.system("plate", world.school, now=NOW).keyed(key)


def same_trouble(world: World) -> dict[str, Any]:
    """Twenty see the same leak at once: one repair, and nineteen are asked whether it is the same."""
    ends = together(20, lambda n: actions.report_fault(door(world, f"d{n}"), place=world.room_101, fault="water"))
    return {"ends": {end: ends.count(end) for end in set(ends)}, "tickets": tickets(world)}


def one_press(world: World) -> dict[str, Any]:
    """The same upload eight times: once."""
    ends = together(8, lambda n: actions.report_fault(door(world, "once"), place=world.room_101, fault="water"))
    return {"ends": ends, "tickets": tickets(world)}


def many_doors(world: World) -> dict[str, Any]:
    """Ten phones send twenty reports each: two hundred, each with a number of its own and none missing."""

    def work(number: int) -> None:
        for at in range(20):
            actions.report_fault(door(world, f"m{number}.{at}"), place=world.room_102, fault="other", confirmed=True)

    ends = together(10, work)
    with scope.active(world.school):
        numbers = sorted(Ticket.objects.values_list("number", flat=True))
    return {"ends": ends, "gaps": numbers != [f"BX-2026-{at:04d}" for at in range(1, 201)]}


def joined(world: World) -> dict[str, Any]:
    """One person says 「我也遇到」 four times at once, and counts once."""
    ticket = reported(world)
    ends = together(4, lambda n: actions.join_report(world.ctx("bookkeeper", key=f"j{n}"), ticket))
    with scope.active(world.school):
        return {"ends": sorted(ends), "echoes": ticket.echoes.count()}


def mended(world: World) -> dict[str, Any]:
    """Finished from two phones, and taken back at the same time: one step after another."""
    ticket = given(world)
    ends = together(3, lambda n: actions.finish_ticket(world.ctx("worker", key=f"f{n}"), ticket))
    return {"ends": sorted(ends)}


def tickets(world: World) -> int:
    with scope.active(world.school):
        return int(Ticket.objects.count())


STORIES = {"same": same_trouble, "once": one_press, "many": many_doors, "joined": joined, "mended": mended}


if __name__ == "__main__":
    print(json.dumps(tell(STORIES, "door", "门前小学")))
