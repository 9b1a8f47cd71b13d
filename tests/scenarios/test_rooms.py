"""A term in a class's room: who answers is written down and signed, the room is looked through, and at the end accepted back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.assets.damages import settled as paid_for
from tests.assets.rooms import UNTIL, _draw, drawn, in_force, lost, over, returned
from tests.scenarios.test_damage import desk, figure
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.world import TODAY, World
from zongwu.assets.actions import (
    accept_room,
    check_room,
    draw_agreements,
    move_asset,
    settle_finding,
    sign_for_pupils,
    submit_agreement,
)
from zongwu.assets.models import Agreement, Asset, Finding, RoomCheck
from zongwu.kernel import scope
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.school.models import Place

pytestmark = pytest.mark.django_db


def headed(world: World) -> None:
    """The room has a head of its own beside the class teacher."""
    with scope.active(world.school):
        Place.objects.filter(pk=world.room_101.pk).update(keeper=world.people["worker"])


@pytest.mark.seed("R2.04", "R5.07")
def test_a_term_from_the_agreement_to_its_acceptance(world: World) -> None:
    headed(world)
    table = desk(world)
    agreement = drawn(world)
    assert (agreement.keeper.name, agreement.head.name, agreement.cards) == ("高文", "何大庆", 2)
    with pytest.raises(Refused, match="学生代表还没有签"):
        sign(world, "class_teacher", agreement)
    sign_for_pupils(world.ctx("class_teacher"), agreement, signature=SIGNATURE)
    sign(world, "class_teacher", agreement)
    sign(world, "worker", agreement)
    assert state_of(agreement) == "approved"
    with scope.active(world.school):
        answering = {card.responsible for card in Asset.objects.filter(place=world.room_101)}
    assert answering == {world.people["class_teacher"]}
    check_room(world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE)
    paid_for(world, asset=table, what="", cost=None, remedy="replace")
    wrong = {world.projector.pk: ("missing", None, "放假前还在")}
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong=wrong, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "worker", check)
    sign(world, "storekeeper", check)
    with scope.active(world.school):
        now = Agreement.objects.get(pk=agreement.pk)
        missing = Asset.objects.get(pk=world.projector.pk)
    assert (now.accepted_on, now.missing, now.loss) == (TODAY, 1, missing.value + Decimal(1200))
    assert now.loss_rate == "100.00%"
    assert [figure(world, f"assets.{one}") for one in ("agreements_classes", "accepted_classes", "accepted_clean")] == [
        1,
        1,
        0,
    ]
    assert figure(world, "assets.loss_rate") == Decimal(100)
    sound(world)


@pytest.mark.seed("R5.07")
def test_a_class_without_loss_is_counted(world: World) -> None:
    in_force(world)
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    assert figure(world, "assets.accepted_clean") == 1
    assert (figure(world, "assets.loss"), figure(world, "assets.loss_rate")) == (0, 0)


def test_rooms_without_anybody_are_named_and_left_out(world: World) -> None:
    """102 has a laptop, and neither class nor keeper."""
    said = _draw()(world)[1] | {"confirmed": False}
    with pytest.raises(NeedsConfirmation, match="102没有班主任"):
        draw_agreements(world.ctx("storekeeper"), **said)
    with scope.active(world.school):
        assert not Agreement.objects.exists()
    assert [one.place for one in draw_agreements(world.ctx("storekeeper"), **said | {"confirmed": True})] == [
        world.room_101
    ]


def test_a_room_gets_one_a_term(world: World) -> None:
    agreement = drawn(world)
    with pytest.raises(Refused, match="没有要开的"):
        draw_agreements(
            world.ctx("head"), term=world.term, places=[world.room_101], until_on=UNTIL, terms="x", signature=SIGNATURE
        )
    with scope.active(world.school):
        assert Agreement.objects.count() == 1
        assert agreement.lines.count() == 1


def test_nobody_hands_a_room_to_himself(world: World) -> None:
    with scope.active(world.school):
        Place.objects.filter(pk=world.room_102.pk).update(keeper=world.people["storekeeper"])
    with pytest.raises(Refused, match="本人保管的请别人来开"):
        draw_agreements(
            world.ctx("storekeeper"), term=world.term, places=[world.room_102], until_on=UNTIL, terms="x", signature=SIGNATURE
        )  # fmt: skip


def test_sent_back_it_is_drawn_up_again_from_the_register(world: World) -> None:
    agreement = returned(world)
    desk(world)
    submit_agreement(world.ctx("storekeeper"), agreement, signature=SIGNATURE)
    with scope.active(world.school):
        now = Agreement.objects.get(pk=agreement.pk)
    assert (now.cards, now.state) == (2, "running")


def test_a_pupil_signs_only_on_his_teachers_device(world: World) -> None:
    agreement = drawn(world)
    with pytest.raises(Forbidden):
        sign_for_pupils(world.ctx("storekeeper"), agreement, signature=SIGNATURE)
    with pytest.raises(Refused):
        sign_for_pupils(world.ctx("class_teacher"), agreement, signature="1,1 2,2")


@pytest.mark.seed("R2.04")
def test_a_self_check_says_all_is_there_or_what_is_not(world: World) -> None:
    desks = desk(world, quantity=Decimal(46))
    wrong = {desks.pk: ("broken", Decimal(2), "桌面裂了"), world.projector.pk: ("elsewhere", None, "")}
    check = check_room(world.ctx("class_teacher"), place=world.room_101, wrong=wrong)
    assert (check.cards, check.wrong, check.state) == (2, 2, "approved")
    with scope.active(world.school):
        found = Finding.objects.open().get(asset=desks)
        assert found.quantity == 2
        settle_finding(world.ctx("storekeeper"), found, outcome="已报修")
        assert Finding.objects.open().count() == 1
    sound(world)


@pytest.mark.parametrize("many", [Decimal(0), Decimal(2), Decimal("-1")])
def test_no_more_is_missing_than_there_was(world: World, many: Decimal) -> None:
    with pytest.raises(Refused, match="不对的数量"):
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={world.projector.pk: ("missing", many, "")})


@pytest.mark.parametrize("who", ["worker", "principal"])
def test_nobody_looks_through_anothers_room(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        check_room(world.ctx(who), place=world.room_101, wrong={})


def test_a_card_of_another_room_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="不在这间房"):
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={world.laptop.pk: ("missing", None, "")})
    with scope.active(world.school):
        assert not RoomCheck.objects.exists()


def test_a_room_without_agreement_is_not_accepted(world: World) -> None:
    with pytest.raises(Refused, match="没有生效的责任书"):
        accept_room(world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE)


def test_a_room_is_accepted_once(world: World) -> None:
    in_force(world)
    said: dict[str, Any] = {"place": world.room_101, "wrong": {}, "signature": SIGNATURE, "pupils": SIGNATURE}
    accept_room(world.ctx("class_teacher"), **said)
    with pytest.raises(Refused, match="已经在办"):
        accept_room(world.ctx("storekeeper"), **said)


def test_what_moved_away_is_not_asked_for(world: World) -> None:
    in_force(world)
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY)
    with pytest.raises(Refused, match="账上没有在用的资产"):
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={})


def test_whoever_accepts_for_the_office_did_not_bring_it(world: World) -> None:
    """The storekeeper looks the room through; then the teacher signs, and the head accepts."""
    in_force(world)
    check = accept_room(world.ctx("storekeeper"), place=world.room_101, wrong={}, pupils=SIGNATURE)
    sign(world, "class_teacher", check)
    with scope.active(world.school):
        waiting = [task.person.name for task in case_of(world, check).tasks.filter(state="open")]
    assert waiting == ["周建国"]


def test_what_the_head_of_affairs_is_reminded_of(world: World) -> None:
    over(world)
    with scope.active(world.school):
        assert Agreement.objects.to_accept(TODAY).count() == 1
        assert Agreement.objects.to_check(TODAY).count() == 1
    lost(world)
    with scope.active(world.school):
        assert Agreement.objects.to_check(TODAY).count() == 0
        assert Agreement.objects.to_check(date(2026, 12, 1)).count() == 1
