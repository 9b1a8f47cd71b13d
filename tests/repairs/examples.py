"""One example of each verb of repairs, with one wrong state."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.world import NOW, TODAY, World
from zongwu.kernel import scope
from zongwu.repairs import actions
from zongwu.repairs.models import Duty, Ticket, Upkeep


def reported(world: World, who: str = "class_teacher", fault: str = "light", **more: Any) -> Ticket:
    """Two lamps of room 101 are out; nobody has it yet."""
    return actions.report_fault(
        world.ctx(who), **{"place": world.room_101, "fault": fault, "what": "灯不亮 2 盏"} | more
    )


def given(world: World, **more: Any) -> Ticket:
    return actions.give_ticket(world.ctx("head"), reported(world, **more), worker=world.people["worker"])


def taken(world: World) -> Ticket:
    return actions.take_ticket(world.ctx("worker", now=NOW + timedelta(minutes=10)), given(world))


def held(world: World) -> Ticket:
    return actions.hold_ticket(
        world.ctx("worker", now=NOW + timedelta(minutes=30)), taken(world), why="part", until=TODAY
    )


def mended(world: World) -> Ticket:
    return actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(hours=2)), taken(world), did="换灯管 2 支")


def long_mended(world: World) -> Ticket:
    """Four days ago, and nobody said anything."""
    ticket = mended(world)
    with scope.active(world.school):
        ago = NOW - timedelta(days=4)
        Ticket.objects.filter(pk=ticket.pk).update(
            done_at=ago, taken_at=ago, given_at=ago, reported_at=ago - timedelta(hours=2)
        )
        return Ticket.objects.get(pk=ticket.pk)  # type: ignore[no-any-return]


def closed(world: World) -> Ticket:
    return actions.confirm_ticket(world.ctx("class_teacher", now=NOW + timedelta(hours=3)), mended(world), stars=5)


def duty(world: World, **more: Any) -> Duty:
    return actions.set_duty(world.ctx("head"), **{"worker": world.people["worker"]} | more)


def overdue(world: World) -> Ticket:
    ticket = given(world)
    with scope.active(world.school):
        Ticket.objects.filter(pk=ticket.pk).update(due_on=date(2026, 11, 20))
    return ticket


def pressing(world: World) -> Ticket:
    """A burst pipe of this morning."""
    ticket = reported(world, fault="water", what="水管裂了，一直喷水", urgent=True)
    with scope.active(world.school):
        Ticket.objects.filter(pk=ticket.pk).update(reported_at=NOW - timedelta(hours=5))
    return ticket


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


def _nobody(world: World) -> Given:
    return reported(world), {}


def upkeep(world: World, **more: Any) -> Upkeep:
    """The pump is looked after every six months, first today."""
    given = {"what": "水泵换油", "place": world.room_101, "fault": "water", "months": 6, "first_on": TODAY} | more
    return actions.add_upkeep(world.ctx("head"), **given)


def counted(world: World) -> Upkeep:
    """The copier every 5,000 pages."""
    return upkeep(world, what="复印机清洁", fault="media", months=None, first_on=None, every=Decimal(5000), unit="页")


def ended(world: World) -> Upkeep:
    return actions.end_upkeep(world.ctx("head"), upkeep(world))


ACTIONS = {
    "report_fault": Example("class_teacher", lambda world: (None, {"place": world.room_101, "fault": "water"}), lambda world: (None, {"place": world.room_101, "fault": "fire"})),
    "join_report": Example("bookkeeper", _of(reported), _of(mended)),
    "give_ticket": Example("head", lambda world: (reported(world), {"worker": world.people["worker"]}), _nobody),
    "take_ticket": Example("worker", _of(given), _of(taken)),
    "arrive": Example("worker", _of(taken), _of(mended)),
    "hold_ticket": Example("worker", _of(taken, why="part", until=TODAY), _of(taken, why="part", until=date(2026, 11, 1))),
    "resume_ticket": Example("worker", _of(held), _of(taken)),
    "finish_ticket": Example("worker", _of(taken, did="换灯管"), _of(closed)),
    "confirm_ticket": Example("class_teacher", _of(mended, stars=5), _of(mended, stars=9)),
    "reopen_ticket": Example("class_teacher", _of(mended, said="还是不亮"), _of(closed)),
    "close_silent": Example("head", _of(long_mended), _of(mended)),
    "drop_ticket": Example("head", _of(reported, reason="报错了"), _of(closed, reason="报错了")),
    "set_duty": Example("head", lambda world: (None, {"worker": world.people["worker"], "fault": "light"}), lambda world: (None, {"worker": world.people["worker"], "fault": "fire"})),
    "add_upkeep": Example(
        "head", lambda world: (None, {"what": "水泵换油", "place": world.room_101, "fault": "water", "months": 6, "first_on": TODAY}),
        lambda world: (None, {"what": "水泵换油", "place": world.room_101, "fault": "water"}),
    ),
    "note_reading": Example("worker", _of(counted, reading=Decimal(1200)), _of(upkeep, reading=Decimal(1200))),
    "open_due_upkeep": Example("head", _of(upkeep), lambda world: (upkeep(world, first_on=date(2026, 12, 1)), {})),
    "end_upkeep": Example("head", _of(upkeep), _of(ended)),
    "drop_duty": Example("head", _of(duty)),
}  # fmt: skip
WAITS = {"repairs.waiting": reported, "repairs.pressing": pressing, "repairs.overdue": overdue, "repairs.resting": held}
MAKES = {"repairs.tickets": reported, "repairs.duties": duty, "repairs.upkeeps": upkeep}
