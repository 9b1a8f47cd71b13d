"""Signing and scanning at once, in a process of its own: `python -m tests.races.papers STORY` prints one JSON line."""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from typing import Any

from tests.races.stage import afterwards, together  # first: it chooses the database

# isort: split
from tests.assets.damages import settled
from tests.assets.rollouts import planned, rooms_of
from tests.assets.rooms import UNTIL
from tests.signing import SIGNATURE, case_of, shown, sign
from tests.world import TODAY, World, build_world
from zongwu.assets.actions import (
    accept_room,
    apply_disposal,
    begin_stocktake,
    close_stocktake,
    draw_agreements,
    place_item,
    plan_stocktake,
    register_asset,
    scan_item,
    sign_for_pupils,
    submit_disposal,
    take_payment,
)
from zongwu.assets.models import Agreement, Asset, Scan, StocktakeItem, StocktakeRoom
from zongwu.kernel import scope
from zongwu.kernel.approvals.actions import agree, withdraw
from zongwu.kernel.approvals.models import Case, Decision
from zongwu.site.setup import prepare

EACH = 20


def cards(world: World, place: Any, count: int) -> list[Asset]:
    return [
        register_asset(
            world.system(), name="课桌", category="A05010203", quantity=Decimal(1), unit_price=Decimal(100), acquired_on=TODAY, place=place, department=world.office,
            custodian=world.people["class_teacher"],
        )
        for _ in range(count)
    ]  # fmt: skip


def counting(world: World, places: list[Any]) -> tuple[Any, list[StocktakeRoom], list[list[Asset]]]:
    made = [cards(world, place, EACH) for place in places]
    keeper = world.ctx("storekeeper")
    count = begin_stocktake(keeper, plan_stocktake(keeper, name="盘点", deadline_on=TODAY, places=places))
    with scope.active(world.school):
        rooms = [StocktakeRoom.objects.get(stocktake=count, place=place) for place in places]
    return count, rooms, made


def scans(world: World) -> dict[str, Any]:
    """Four phones, four rooms, twenty things each; every scan is sent twice, as a bad line would."""
    places = [world.room_101, world.room_102, world.store, world.campus]
    count, rooms, made = counting(world, places)

    def phone(number: int) -> None:
        for card in made[number]:
            for _ in range(2):
                scan_item(world.ctx("storekeeper", key=f"{number}:{card.pk}"), rooms[number], code=card.number)

    ends = together(4, phone)
    with scope.active(world.school):
        said = list(Scan.objects.filter(stocktake=count).values_list("said", flat=True))
    return {"ends": ends, "said": sorted(set(said)), "count": len(said)}


def closing(world: World) -> dict[str, Any]:
    """Three phones scan while a fourth closes: whatever a phone was told is done is in the result."""
    places = [world.room_101, world.room_102, world.store]
    count, rooms, made = counting(world, places)
    done: list[int] = []

    def work(number: int) -> None:
        if number == 3:
            time.sleep(0.15)
            close_stocktake(world.ctx("storekeeper", key="close"), count, confirmed=True)
            return
        for card in made[number]:
            scan_item(world.ctx("head", key=f"{number}:{card.pk}"), rooms[number], code=card.number)
            done.append(card.pk)

    ends = together(4, work)
    with scope.active(world.school):
        found = set(StocktakeItem.objects.filter(stocktake=count, result="match").values_list("asset_id", flat=True))
    return {"ends": ends, "lost": len(set(done) - found), "closed": ends[3]}


def paper(world: World) -> tuple[Any, Case, str]:
    teacher = world.ctx("class_teacher")
    document = submit_disposal(
        teacher,
        apply_disposal(teacher, assets=cards(world, world.room_102, 1), form="scrap", reason="坏了", confirmed=True),
    )
    return document, case_of(world, document), shown(world, document)


def signed_or_withdrawn(world: World) -> dict[str, Any]:
    """A signature and a withdrawal at once: one of them, and the paper says the same as its case."""
    ends = []
    for _ in range(6):
        _, case, digest = paper(world)

        def work(number: int, case: Case = case, digest: str = digest) -> None:
            if number:
                withdraw(world.ctx("class_teacher", key=f"w{case.pk}"), case)
            else:
                agree(world.ctx("head", key=f"a{case.pk}"), case, shown=digest, signature=SIGNATURE)

        ends.append(sorted(together(2, work)))
    with scope.active(world.school):
        states = list(Case.objects.values_list("state", flat=True))
    return {"ends": ends, "states": states}


def signed_together(world: World) -> dict[str, Any]:
    """Both seats of a stage at once, each pressed twice: two signatures, and the next stage opens once."""
    _, case, digest = paper(world)
    who = ("head", "storekeeper") * 2

    def work(number: int) -> None:
        agree(world.ctx(who[number], key=f"{who[number]}"), case, shown=digest, signature=SIGNATURE)

    ends = together(4, work)
    with scope.active(world.school):
        signatures = Decision.objects.filter(case=case, said="agreed").count()
        waiting = list(case.tasks.filter(state="open").values_list("stage__name", flat=True))
    return {"ends": ends, "signatures": signatures, "waiting": waiting}


def placed(world: World) -> dict[str, Any]:
    """The last two rooms of a roll-out at once: it is done, whoever was first."""
    states = []
    for at in range(4):
        rollout = planned(world)
        rooms = rooms_of(world, rollout)

        def work(number: int, at: int = at, rooms: list[Any] = rooms) -> None:
            place_item(world.ctx(("head", "storekeeper")[number], key=f"p{at}{number}"), rooms[number], on=TODAY)

        assert together(2, work) == ["done", "done"]
        with scope.active(world.school):
            states.append(type(rollout).objects.get(pk=rollout.pk).state)
    return {"states": states}


def paid(world: World) -> dict[str, Any]:
    """Six receipts of thirty for a debt of eighty."""
    damage = settled(world)

    def work(number: int) -> None:
        take_payment(
            world.ctx("bookkeeper", key=f"r{number}"), damage, amount=Decimal(30), on=TODAY, receipt_number=f"{number}"
        )

    ends = together(6, work)
    with scope.active(world.school):
        now = type(damage).objects.get(pk=damage.pk)
        return {"ends": ends, "paid": str(now.paid), "payments": now.payments.count()}


def accepted(world: World) -> dict[str, Any]:
    """Two draw up an agreement for one room, and four begin its acceptance."""
    said = {"term": world.term, "places": [world.room_101], "until_on": UNTIL, "terms": "x", "signature": SIGNATURE}
    drawn = together(2, lambda n: draw_agreements(world.ctx(("head", "storekeeper")[n], key=f"d{n}"), **said))
    with scope.active(world.school):
        agreement = Agreement.objects.get()
    sign_for_pupils(world.ctx("class_teacher"), agreement, signature=SIGNATURE)
    sign(world, "class_teacher", agreement)

    def work(number: int) -> None:
        accept_room(
            world.ctx(("class_teacher", "storekeeper")[number % 2], key=f"a{number}"),
            place=world.room_101,
            wrong={},
            signature=SIGNATURE,
            pupils=SIGNATURE,
        )

    return {"drawn": drawn, "ends": together(4, work)}


STORIES = {
    "placed": placed,
    "paid": paid,
    "accepted": accepted,
    "scans": scans,
    "closing": closing,
    "withdrawn": signed_or_withdrawn,
    "together": signed_together,
}


def main(story: str) -> dict[str, Any]:
    prepare()
    world = build_world("race", "比赛小学")
    return STORIES[story](world) | afterwards(world)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
