"""A department asks for a thing and is told that it stands idle elsewhere; the office hands it out instead of buying."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.assets.requests import asked
from tests.assets.rollouts import panels
from tests.scenarios.test_disposal import sound
from tests.signing import sign
from tests.ui.conftest import client_of
from tests.world import World
from zongwu.assets.actions import answer_request, ask_for_item, draw_handover, submit_handover
from zongwu.assets.models import ItemRequest
from zongwu.kernel import scope
from zongwu.kernel.errors import NeedsConfirmation

pytestmark = pytest.mark.django_db
NEW = "/cnsx/assets/requests/new/ask_for_item/"


@pytest.mark.seed("R1.16")
def test_what_stands_idle_elsewhere_is_told_and_lent(world: World) -> None:
    idle = panels(world, 2, place=world.room_102, custodian=world.people["storekeeper"])
    said = {"what": "一体机", "quantity": Decimal(1), "reason": "公开课"}
    with pytest.raises(NeedsConfirmation, match="触控一体机 2 台（教学楼A 102，孙丽华 保管）"):
        ask_for_item(world.ctx("class_teacher"), **said)
    request = ask_for_item(world.ctx("class_teacher"), **said, confirmed=True)
    assert "触控一体机 2 台" in request.told
    page = client_of(world, "storekeeper").get(f"/cnsx/assets/requests/{request.pk}/").content.decode()
    assert idle[0].number in page
    assert (
        idle[0].number
        not in client_of(world, "class_teacher").get(f"/cnsx/assets/requests/{request.pk}/").content.decode()
    )
    slip = draw_handover(
        world.ctx("storekeeper"),
        form="loan",
        receiver=world.people["class_teacher"],
        assets=idle[:1],
        due_on=date(2026, 12, 1),
        reason="公开课",
    )
    submit_handover(world.ctx("storekeeper"), slip)
    sign(world, "class_teacher", slip)
    answer_request(world.ctx("storekeeper"), request, answer="借一台", handover=slip)
    with scope.active(world.school):
        assert not ItemRequest.objects.open().exists()
    sound(world)


def test_what_is_broken_or_in_use_is_not_offered(world: World) -> None:
    panels(world, 1, condition="broken")
    panels(world, 1, state="in_use")
    assert asked(world, what="一体机").told == ""


def test_on_screen_he_reads_it_and_ticks(world: World) -> None:
    panels(world, 1, place=world.room_102)
    client = client_of(world, "class_teacher")
    said = {"key": "k", "what": "一体机", "quantity": "1", "reason": "公开课"}
    answer = client.post(NEW, said)
    assert answer.status_code == 409
    assert "学校里有闲置的" in answer.content.decode()
    assert client.post(NEW, said | {"key": "l", "confirmed": "1"}).status_code == 302


def test_one_sees_ones_own(world: World) -> None:
    asked(world)
    with scope.active(world.school):
        seen = {
            who: ItemRequest.objects.visible_to(world.ctx(who)).count() for who in ("class_teacher", "worker", "head")
        }
    assert seen == {"class_teacher": 1, "worker": 0, "head": 1}
