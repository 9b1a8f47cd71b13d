"""One example of each verb of custody: agreements, rooms looked through, and what was found."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.examples import Example, Given
from tests.signing import SIGNATURE, case_of, sign
from tests.world import TODAY, World
from zongwu.assets.actions import accept_room, check_room, draw_agreements, settle_finding, sign_for_pupils
from zongwu.assets.actions.custody import Wrong
from zongwu.assets.models import Agreement, Finding, RoomCheck
from zongwu.kernel import scope
from zongwu.kernel.approvals.actions import send_back
from zongwu.school.models import Place

UNTIL = date(2027, 1, 15)


def _draw(**changed: Any) -> Any:
    def given(world: World) -> Given:
        with scope.active(world.school):
            building = Place.objects.get(level="building")
        said = {
            "term": world.term,
            "places": [building],
            "until_on": UNTIL,
            "terms": "丢失和人为损坏按价赔偿。",
            "signature": SIGNATURE,
            "confirmed": True,
        }
        return None, said | changed

    return given


def drawn(world: World) -> Agreement:
    made = draw_agreements(world.ctx("storekeeper"), **_draw()(world)[1])
    return next(one for one in made if one.place_id == world.room_101.pk)


def in_force(world: World) -> Agreement:
    """Signed by a pupil, by the class teacher, and by the room's head where there is another."""
    agreement = drawn(world)
    sign_for_pupils(world.ctx("class_teacher"), agreement, signature=SIGNATURE)
    sign(world, "class_teacher", agreement)
    return agreement


def returned(world: World) -> Agreement:
    agreement = drawn(world)
    send_back(world.ctx("class_teacher"), case_of(world, agreement), to=None, straight=True, opinion="少一台投影仪")
    return agreement


def _checking(**changed: Any) -> Any:
    return lambda world: (None, {"place": world.room_101, "wrong": {}, "signature": SIGNATURE} | changed)


def _accepting(**changed: Any) -> Any:
    def given(world: World) -> Given:
        in_force(world)
        return None, {"place": world.room_101, "wrong": {}, "signature": SIGNATURE, "pupils": SIGNATURE} | changed

    return given


def lost(world: World) -> RoomCheck:
    """Looked through, and the projector is not there."""
    wrong = {world.projector.pk: Wrong("missing")}
    return check_room(world.ctx("class_teacher"), place=world.room_101, wrong=wrong)


def sent_back(world: World) -> RoomCheck:
    """An acceptance that the office returned."""
    _, said = _accepting()(world)
    check = accept_room(world.ctx("class_teacher"), **said)
    send_back(world.ctx("storekeeper"), case_of(world, check), to=None, straight=True, opinion="投影仪没有点")
    return check


def found(world: World) -> Finding:
    check = lost(world)
    with scope.active(world.school):
        return check.findings.get()


def settled(world: World) -> Finding:
    return settle_finding(world.ctx("storekeeper"), found(world), outcome="借到二楼去了")


def over(world: World) -> None:
    """In force, and its time is up."""
    agreement = in_force(world)
    with scope.active(world.school):
        Agreement.objects.filter(pk=agreement.pk).update(until_on=TODAY)


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


ACTIONS = {
    "draw_agreements": Example("storekeeper", _draw(), _draw(until_on=TODAY)),
    "submit_agreement": Example("storekeeper", _of(returned, until_on=UNTIL, signature=SIGNATURE), _of(drawn, until_on=UNTIL, signature=SIGNATURE)),
    "drop_agreement": Example("storekeeper", _of(returned), _of(drawn)),
    "sign_for_pupils": Example("class_teacher", _of(drawn, signature=SIGNATURE), _of(in_force, signature=SIGNATURE)),
    "check_room": Example("class_teacher", _checking(), _checking(wrong={10**9: Wrong("missing")})),
    "accept_room": Example("class_teacher", _accepting(), _accepting(pupils="")),
    "print_room_codes": Example("storekeeper", lambda world: (None, {"places": [world.room_101.pk]}), lambda world: (None, {"places": [10**9]})),
    "drop_check": Example("class_teacher", _of(sent_back), _of(lost)),
    "settle_finding": Example("storekeeper", _of(found, outcome="找到了"), _of(settled, outcome="找到了")),
}  # fmt: skip
