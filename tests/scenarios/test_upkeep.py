"""What is looked after before it breaks, what a firm outside asks, and when somebody may come in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.repairs.examples import counted, reported, upkeep
from tests.scenarios.test_disposal import sound
from tests.ui.conftest import client_of
from tests.world import NOW, World
from zongwu.kernel import daily, scope
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.repairs import actions, rules
from zongwu.repairs.models import Ticket, Upkeep

pytestmark = pytest.mark.django_db


def tickets(world: World) -> list[Ticket]:
    with scope.active(world.school):
        return list(Ticket.objects.filter(via="upkeep").order_by("id"))


def test_by_the_calendar_a_repair_is_opened_once_and_again_after_it_is_done(world: World) -> None:
    row = upkeep(world)
    for days in range(3):
        daily.carry_out(world.school, NOW + timedelta(days=days))
    (ticket,) = tickets(world)
    assert (ticket.what, ticket.place, ticket.origin) == ("水泵换油", world.room_101, f"upkeep:{row.pk}")
    actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"])
    actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(days=1)), ticket, did="换了油")
    with scope.active(world.school):
        assert Upkeep.objects.get().next_on == date(2027, 5, 24)
    sound(world)


def test_by_a_reading_it_is_opened_when_the_counter_has_come_far_enough(world: World) -> None:
    row = counted(world)
    worker = world.ctx("worker")
    actions.note_reading(worker, row, reading=Decimal(4999))
    assert tickets(world) == []
    actions.note_reading(worker, row, reading=Decimal(5230))
    actions.note_reading(worker, row, reading=Decimal(5300))
    (ticket,) = tickets(world)
    with pytest.raises(Refused, match="读数不会变小"):
        actions.note_reading(worker, row, reading=Decimal(100))
    actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"])
    actions.finish_ticket(worker, ticket)
    with scope.active(world.school):
        assert Upkeep.objects.get().next_at == Decimal(10300)
    sound(world)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 12, 5), 1, date(2027, 1, 5)), (date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2024, 2, 29), 12, date(2025, 2, 28))],
)  # fmt: skip
def test_so_many_months_later(day: date, months: int, later: date) -> None:
    assert rules.months_later(day, months) == later


def test_a_firm_outside_says_what_it_asks_and_more_has_to_be_meant(world: World) -> None:
    ticket = reported(world, when="noon")
    with pytest.raises(Refused, match="先选请哪家外修"):
        actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"], quoted=Decimal(300))
    actions.give_ticket(
        world.ctx("head"), ticket, worker=world.people["worker"], supplier=world.supplier, quoted=Decimal(300)
    )
    with pytest.raises(NeedsConfirmation, match="比报价"):
        actions.finish_ticket(world.ctx("worker"), ticket, cost=Decimal(320))
    done = actions.finish_ticket(world.ctx("worker"), ticket, cost=Decimal(320), confirmed=True)
    assert (done.quoted, done.cost, done.get_when_display()) == (Decimal(300), Decimal(320), "午休")
    sound(world)


def test_a_thing_that_is_not_worth_it_is_disposed_of_from_its_repair(world: World) -> None:
    ticket = reported(world, asset=world.projector)
    page = client_of(world, "head").get(f"/{world.school.code}/repairs/tickets/{ticket.pk}/").content.decode()
    url = f"/{world.school.code}/assets/disposals/new/apply_disposal/?asset={world.projector.pk}"
    assert url in page
    assert world.projector.number in client_of(world, "head").get(url).content.decode()
