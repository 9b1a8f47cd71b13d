"""Who is asked, told, replaced and left out while a case runs: the rules that no single decision shows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.assets.examples import approved, drafted, kept_by_teacher, submitted
from tests.kernel.test_approvals import at_stage, notices, small
from tests.signing import SIGNATURE, case_of, scan, shown, sign, state_of
from tests.world import NOW, TODAY, World
from zongwu.assets.actions import apply_disposal, move_asset, register_asset, submit_disposal
from zongwu.kernel import scope
from zongwu.kernel.accounts import Holding, Person, Role
from zongwu.kernel.approvals import editing
from zongwu.kernel.approvals.actions import (
    add_signers,
    agree,
    answer_withdrawal,
    pass_on,
    refuse,
    send_back,
    urge,
    withdraw,
)
from zongwu.kernel.approvals.deputies import deputise, end_deputy
from zongwu.kernel.approvals.matters import StageDraft
from zongwu.kernel.approvals.models import Copy, Decision, Said, Task
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.errors import Conflict, Forbidden, Missing, Refused
from zongwu.ui.actions import attach_file, void_attachment

pytestmark = pytest.mark.django_db


def person(world: World, who: str) -> str:
    return f"person:{world.people[who].pk}"


def routed(world: World, *stages: StageDraft) -> Any:
    """A disposal on a route of just these stages."""
    editing.revise_route(world.ctx("head"), small(world), stages=stages)
    return submitted(world)


def hang(world: World, document: Any, name: str = "照片.pdf") -> Any:
    paper = scan(world)
    about = f"{document.kind}:{document.pk}"
    return attach_file(world.ctx("storekeeper"), about=about, **paper._replace(name=name)._asdict())


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_a_paper_that_appears_behind_a_signature_is_noticed(world: World) -> None:
    """The digest covers papers too, also those that got past the lock of the document."""
    document = submitted(world)
    digest = shown(world, document)
    with scope.active(world.school):
        type(document).objects.update(state="draft")
    hang(world, document)
    assert shown(world, document) != digest
    with pytest.raises(Conflict, match="不是同一份"):
        sign(world, "head", document)


def test_what_is_approved_takes_a_receipt_and_keeps_what_was_signed(world: World) -> None:
    draft = drafted(world)
    signed = hang(world, draft)
    document = submit_disposal(world.ctx("class_teacher"), draft)
    for who in ("storekeeper", "head", "principal"):
        sign(world, who, document)
    later = world.ctx("storekeeper", now=NOW + timedelta(days=1))
    receipt = attach_file(later, about=f"disposal:{document.pk}", **scan(world)._asdict())
    with pytest.raises(Refused, match="签过字的附件"):
        void_attachment(later, signed)
    void_attachment(later, receipt)


def test_who_is_called_otherwise_meanwhile_still_signed_the_same(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    with scope.active(world.school):
        Person.objects.filter(pk=world.people["class_teacher"].pk).update(name="高文文")
        world.computing.name = "信息技术中心"
        world.computing.save()
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"


# --- who is asked ----------------------------------------------------------------------------------------------------


def test_a_stage_has_its_last_day(world: World) -> None:
    document = submitted(world)
    with scope.active(world.school):
        days = {task.due_on for task in Task.objects.filter(case=case_of(world, document), state="open")}
    assert days == {TODAY + timedelta(days=3)}


def test_a_role_that_has_not_begun_or_is_over_signs_nothing(world: World) -> None:
    with scope.active(world.school):
        role = Role.objects.get(code="principal")
        for who, from_on, until_on in (
            ("worker", TODAY + timedelta(days=1), None), ("bookkeeper", date(2026, 9, 1), TODAY),
        ):  # fmt: skip
            Holding.objects.create(
                school=world.school, person=world.people[who], role=role, from_on=from_on, until_on=until_on
            )
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    with scope.active(world.school):
        assert [task.person for task in Task.objects.filter(state="open")] == [world.people["principal"]]


def test_who_keeps_the_books_does_not_approve(world: World) -> None:
    document = routed(
        world,
        StageDraft("核账", Mode.ONE, Duty.BOOKKEEP, [person(world, "bookkeeper")]),
        StageDraft("批", Mode.ONE, Duty.APPROVE, [person(world, "bookkeeper"), person(world, "principal")]),
    )
    sign(world, "bookkeeper", document)
    with pytest.raises(Refused):
        sign(world, "bookkeeper", document)
    sign(world, "principal", document)
    assert state_of(document) == "approved"


def test_a_deputy_may_no_more_than_whom_he_stands_for(world: World) -> None:
    """The head applies; who signs in his place may not confirm for him either."""
    deputise(world.ctx("head"), deputy=world.people["worker"], from_on=TODAY, until_on=TODAY)
    card = kept_by_teacher(world)
    draft = apply_disposal(world.ctx("head"), assets=[card], form="scrap", reason="坏了")
    document = submit_disposal(world.ctx("head"), draft, signature=SIGNATURE)
    with pytest.raises(Missing):
        sign(world, "worker", document)


def test_the_administrator_who_finds_somebody_decides_nothing(world: World) -> None:
    with scope.active(world.school):
        Holding.objects.filter(role__code="principal").delete()
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    with pytest.raises(Refused, match="转交"):
        refuse(world.ctx("administrator"), case_of(world, document), opinion="不行")
    assert state_of(document) == "running"


def test_one_administrator_finds_somebody_and_the_others_are_done(world: World) -> None:
    with scope.active(world.school):
        Holding.objects.filter(role__code="principal").delete()
        Holding.objects.create(
            school=world.school, person=world.people["bookkeeper"], role=Role.objects.get(code="administrator"), from_on=TODAY
        )  # fmt: skip
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    pass_on(world.ctx("administrator"), case_of(world, document), person=world.people["worker"])
    with scope.active(world.school):
        assert [task.person for task in Task.objects.filter(state="open")] == [world.people["worker"]]


def test_who_takes_over_keeps_those_who_were_asked(world: World) -> None:
    """周建国 asks 林小燕 first and then passes on: 何大庆 still waits for her."""
    document = submitted(world)
    case = case_of(world, document)
    add_signers(world.ctx("head"), case, people=[world.people["bookkeeper"]], position="after", question="看看账")
    pass_on(world.ctx("head"), case_of(world, document), person=world.people["worker"])
    sign(world, "worker", document)
    sign(world, "storekeeper", document)
    assert at_stage(world, document) == "总务处、总库房确认"
    sign(world, "bookkeeper", document)
    assert at_stage(world, document) == "领导签字"


def test_a_returned_case_keeps_the_version_by_which_it_began(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="补照片")
    stages = [StageDraft("签字", Mode.ONE, Duty.APPROVE, [person(world, "principal")])]
    editing.revise_route(world.ctx("head"), small(world), stages=stages)
    submit_disposal(world.ctx("class_teacher"), document)
    assert case_of(world, document).route.version == 1
    assert at_stage(world, document) == "总务处、总库房确认"


# --- who is told -----------------------------------------------------------------------------------------------------


def test_a_copy_stage_copies_tells_and_goes_on(world: World) -> None:
    document = routed(
        world,
        StageDraft("批", Mode.ONE, Duty.APPROVE, [person(world, "principal")]),
        StageDraft("抄送", Mode.COPY, Duty.HANDLE, [person(world, "worker"), person(world, "bookkeeper")]),
    )
    sign(world, "principal", document)
    assert state_of(document) == "approved"
    with scope.active(world.school):
        assert set(Copy.objects.values_list("person__name", flat=True)) == {"何大庆", "林小燕"}
    assert any("抄送给您" in said for said in notices(world, "worker"))


def test_who_signs_in_anothers_place_is_urged_too(world: World) -> None:
    deputise(world.ctx("head"), deputy=world.people["bookkeeper"], from_on=TODAY, until_on=TODAY)
    document = submitted(world)
    urge(world.ctx("class_teacher"), case_of(world, document))
    assert any("催您办" in said for said in notices(world, "bookkeeper"))


# --- withdrawing and deputies ----------------------------------------------------------------------------------------


def test_only_who_has_it_answers_a_wish_to_withdraw(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="编号填错了")
    for who in ("storekeeper", "principal", "class_teacher"):
        with pytest.raises((Refused, Forbidden)):
            answer_withdrawal(world.ctx(who), case_of(world, document), consent=True)
    answer_withdrawal(world.ctx("head"), case_of(world, document), consent=True)
    with scope.active(world.school):
        said = Decision.objects.get(said=Said.CONSENTED)
    assert said.person == world.people["head"]


def test_a_wish_to_withdraw_stands_until_it_is_answered(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="编号填错了")
    sign(world, "head", document)
    answer_withdrawal(world.ctx("principal"), case_of(world, document), consent=True)
    assert state_of(document) == "draft"


def test_only_who_gave_it_ends_a_deputy_and_two_do_not_overlap(world: World) -> None:
    given = {"deputy": world.people["bookkeeper"], "from_on": TODAY, "until_on": TODAY + timedelta(days=3)}
    made = deputise(world.ctx("head"), **given)
    for who in ("bookkeeper", "principal"):
        with pytest.raises((Refused, Missing)):
            end_deputy(world.ctx(who), made)
    with pytest.raises(Refused, match="已经委托了"):
        deputise(
            world.ctx("head"), **given | {"from_on": TODAY + timedelta(days=3), "until_on": TODAY + timedelta(days=9)}
        )
    end_deputy(world.ctx("head"), made)
    deputise(world.ctx("head"), **given | {"deputy": world.people["worker"]})


# --- disposal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "quantity", "price", "large"),
    [
        ("A02010105", 1, "9999.99", False), ("A02010105", 1, "10000.00", True), ("A02010105", 4, "9999.00", False),
        ("A02010105", 6, "9000.00", True), ("A02030500", 1, "800.00", True),
    ],
)  # fmt: skip
def test_which_disposals_are_large(world: World, category: str, quantity: int, price: str, large: bool) -> None:
    """A thing of 10,000 yuan, a batch of 50,000, and whatever is land, a house or a vehicle."""
    from zongwu.assets.routes import is_large

    card = register_asset(
        world.system(), name="物", category=category, quantity=Decimal(quantity), unit_price=Decimal(price), unit="台",
        acquired_on=date(2015, 1, 5), place=world.room_102, department=world.computing,
    )  # fmt: skip
    draft = apply_disposal(world.ctx("storekeeper"), assets=[card], form="scrap", reason="旧了")
    with scope.active(world.school):
        assert is_large(draft, TODAY) is large


def test_what_is_not_disposed_of_is_again_what_it_was(world: World) -> None:
    card = kept_by_teacher(world)
    from zongwu.assets.actions import change_state

    change_state(world.ctx("storekeeper"), card, state="idle", condition="good", on=TODAY)
    draft = apply_disposal(world.ctx("class_teacher"), assets=[card], form="scrap", reason="坏了")
    document = submit_disposal(world.ctx("class_teacher"), draft)
    assert state_of(card) == "pending"
    refuse(world.ctx("head"), case_of(world, document), opinion="还能用")
    assert state_of(card) == "idle"


def test_approved_is_closed(world: World) -> None:
    document = approved(world)
    with scope.active(world.school):
        card = document.lines.get().asset
    with pytest.raises(Refused):
        move_asset(world.ctx("storekeeper"), card, place=world.room_101, on=TODAY)
    with pytest.raises(Refused):
        agree(world.ctx("principal"), case_of(world, document), shown="0" * 64)
