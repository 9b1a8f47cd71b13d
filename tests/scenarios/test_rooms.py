"""A term in a class's room: who answers is written down and signed, the room is looked through, and at the end accepted back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.assets.damages import settled as paid_for
from tests.assets.rooms import UNTIL, _draw, drawn, in_force, lost, over, returned, sent_back
from tests.scenarios.test_damage import desk, figure
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.assets.actions import (
    accept_room,
    check_room,
    draw_agreements,
    drop_check,
    move_asset,
    settle_finding,
    sign_for_pupils,
    submit_agreement,
)
from zongwu.assets.actions.custody import Wrong
from zongwu.assets.models import Agreement, Asset, Finding, RoomCheck
from zongwu.kernel import scope
from zongwu.kernel.approvals.deputies import deputise
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.kernel.figures import BREAKDOWNS, Window
from zongwu.school.models import Place, SchoolClass

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
    wrong = {world.projector.pk: Wrong("missing", None, "放假前还在")}
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong=wrong, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "worker", check)
    sign(world, "storekeeper", check)
    with scope.active(world.school):
        now = Agreement.objects.get(pk=agreement.pk)
        missing = Asset.objects.get(pk=world.projector.pk)
    assert (now.accepted_on, now.missing, now.loss) == (TODAY, 2, missing.value + Decimal(1200))
    assert now.loss_rate == "100.0%"
    assert [figure(world, f"assets.{one}") for one in ("agreements_classes", "accepted_classes", "accepted_clean")] == [
        1,
        1,
        0,
    ]
    assert figure(world, "assets.loss_rate") == Decimal(100)
    with scope.active(world.school):
        assert BREAKDOWNS["assets.loss_by_class"].by(Window(date(2026, 8, 1), TODAY)) == [("三（1）班", now.loss)]
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
    submit_agreement(world.ctx("storekeeper"), agreement, until_on=UNTIL, signature=SIGNATURE)
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
    wrong = {desks.pk: Wrong("broken", Decimal(2), "桌面裂了"), world.projector.pk: Wrong("elsewhere")}
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
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={world.projector.pk: Wrong("missing", many)})


@pytest.mark.parametrize("who", ["worker", "principal"])
def test_nobody_looks_through_anothers_room(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        check_room(world.ctx(who), place=world.room_101, wrong={})


def test_a_card_of_another_room_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="不在这间房"):
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={world.laptop.pk: Wrong("missing")})
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


def test_an_acceptance_that_came_back_is_dropped_and_made_again(world: World) -> None:
    check = sent_back(world)
    said: dict[str, Any] = {"place": world.room_101, "wrong": {}, "signature": SIGNATURE, "pupils": SIGNATURE}
    with pytest.raises(Refused, match="请先作废"):
        accept_room(world.ctx("class_teacher"), **said)
    drop_check(world.ctx("class_teacher"), check)
    again = accept_room(world.ctx("class_teacher"), **said)
    sign(world, "storekeeper", again)
    assert state_of(again) == "approved"
    sound(world)


def test_accepted_back_the_room_goes_to_the_next_teacher(world: World) -> None:
    in_force(world)
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    with scope.active(world.school):
        SchoolClass.objects.filter(pk=world.class_31.pk).update(teacher=world.people["worker"])
    assert drawn(world).keeper == world.people["worker"]


def test_a_class_without_teacher_falls_to_the_keeper_of_its_room(world: World) -> None:
    headed(world)
    with scope.active(world.school):
        SchoolClass.objects.filter(pk=world.class_31.pk).update(teacher=None)
    agreement = drawn(world)
    assert (agreement.keeper, agreement.head, agreement.school_class) == (world.people["worker"], None, world.class_31)


def test_who_hands_a_room_over_is_not_its_head_as_well(world: World) -> None:
    with scope.active(world.school):
        Place.objects.filter(pk=world.room_101.pk).update(keeper=world.people["storekeeper"])
    assert drawn(world).head is None


def test_a_deputy_has_a_pupil_sign_as_well(world: World) -> None:
    agreement = drawn(world)
    deputise(world.ctx("class_teacher"), deputy=world.people["worker"], from_on=TODAY, until_on=TODAY)
    with pytest.raises(Refused, match="学生代表还没有签"):
        sign(world, "worker", agreement)
    sign_for_pupils(world.ctx("worker"), agreement, signature=SIGNATURE)
    sign(world, "worker", agreement)
    assert state_of(agreement) == "approved"


def test_what_was_struck_off_meanwhile_stays_struck_off(world: World) -> None:
    agreement = drawn(world)
    with scope.active(world.school):
        Asset.objects.filter(pk=world.projector.pk).update(void=True)
        spells = world.projector.spells.count()
    sign_for_pupils(world.ctx("class_teacher"), agreement, signature=SIGNATURE)
    sign(world, "class_teacher", agreement)
    with scope.active(world.school):
        assert world.projector.spells.count() == spells
        assert Asset.objects.get(pk=world.projector.pk).responsible == world.people["head"]


def test_an_empty_room_is_accepted_too(world: World) -> None:
    in_force(world)
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY)
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    assert figure(world, "assets.accepted") == 1


def test_of_a_class_that_has_ended_nobody_signs_for_pupils(world: World) -> None:
    in_force(world)
    with scope.active(world.school):
        SchoolClass.objects.filter(pk=world.class_31.pk).update(closed_on=TODAY)
    page = client_of(world, "class_teacher").get(f"/cnsx/assets/field/room/{world.room_101.pk}/?for=accept")
    assert "学生代表签名" not in page.content.decode()
    accept_room(world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE)


def test_whose_applicant_has_left_others_may_drop(world: World) -> None:
    check = sent_back(world)
    with pytest.raises(Forbidden):
        drop_check(world.ctx("head"), check)
    with scope.active(world.school):
        type(world.people["class_teacher"]).objects.filter(pk=world.people["class_teacher"].pk).update(left_on=TODAY)
    drop_check(world.ctx("head"), check)


def test_the_rooms_head_does_not_accept_it_for_the_office(world: World) -> None:
    """The storekeeper is head of the room: his signature as head leaves the office's to the head of affairs."""
    with scope.active(world.school):
        Place.objects.filter(pk=world.room_101.pk).update(keeper=world.people["storekeeper"])
    agreement = next(one for one in draw_agreements(world.ctx("head"), **_draw()(world)[1]))
    sign_for_pupils(world.ctx("class_teacher"), agreement, signature=SIGNATURE)
    sign(world, "class_teacher", agreement)
    sign(world, "storekeeper", agreement)
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    with scope.active(world.school):
        waiting = [task.person.name for task in case_of(world, check).tasks.filter(state="open")]
    assert waiting == ["周建国"]


def test_what_moved_in_since_he_looked_is_told(world: World) -> None:
    with pytest.raises(Refused, match="这间房刚调进来"):
        check_room(world.ctx("class_teacher"), place=world.room_101, wrong={}, shown=[])
    check_room(world.ctx("class_teacher"), place=world.room_101, wrong={}, shown=[world.projector.pk])


def test_the_same_thing_found_again_is_one_matter(world: World) -> None:
    for _ in range(3):
        lost(world)
    with scope.active(world.school):
        assert Finding.objects.open().count() == 1
        assert Finding.objects.count() == 3


def test_while_an_acceptance_is_being_signed_its_findings_stand(world: World) -> None:
    in_force(world)
    wrong = {world.projector.pk: Wrong("missing")}
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong=wrong, signature=SIGNATURE, pupils=SIGNATURE
    )
    with scope.active(world.school):
        finding = check.findings.get()
    with pytest.raises(Refused, match="验收还没有签完"):
        settle_finding(world.ctx("storekeeper"), finding, outcome="找到了")


def test_a_queue_is_answered_where_somebody_may_not(world: World) -> None:
    """A 403 would look like a login that ran out, and stop whatever waits behind it."""
    answer = client_of(world, "principal").post(
        f"/cnsx/assets/field/room/{world.room_101.pk}/", {"key": "k", "shown": ""}, headers={"accept": "application/json"}
    )  # fmt: skip
    assert (answer.status_code, "problem" in answer.json()) == (409, True)


def test_a_refusal_keeps_what_was_marked(world: World) -> None:
    in_force(world)
    pk = world.projector.pk
    said = {
        "key": "k",
        "for": "accept",
        "shown": f"{pk},",
        f"how-{pk}": "missing",
        f"note-{pk}": "找过了",
        "signature": SIGNATURE,
    }
    answer = client_of(world, "class_teacher").post(f"/cnsx/assets/field/room/{world.room_101.pk}/", said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "请学生代表在框里签上自己的名字" in page
    assert 'value="missing" checked' in page
    assert 'value="找过了"' in page
