"""Textbooks from the headcount to each class's signature, opening packs, and the monthly count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.scenarios.test_disposal import sound
from tests.scenarios.test_stores import figure, held
from tests.signing import SIGNATURE, sign, state_of
from tests.stores.books import begun, came, counted, given, handed, ordered, pack, planned, title
from tests.stores.examples import item, some, stocked
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.actions import add_class, add_pupil, correct_class, pupil_leaves
from zongwu.stores import actions, books
from zongwu.stores.actions.books import Bundles, sound_isbn
from zongwu.stores.models import BookPlan, Item, Pack, Slip, StockCount
from zongwu.stores.steps import Line

pytestmark = pytest.mark.django_db


@pytest.mark.seed("R1.18", "R2.01")
def test_from_the_headcount_to_the_teachers_signature(world: World) -> None:
    plan = planned(world)
    with scope.active(world.school):
        assert {(line.pupils, line.teachers, line.ordered) for line in plan.lines.all()} == {(40, 1, 42)}
    plan = came(world, bundles=1, each=20, loose=1)
    with scope.active(world.school):
        assert {line.short for line in plan.lines.all()} == {21}
    with pytest.raises(Refused, match="只有 21 册，不够 40 册"):
        actions.issue_books(
            world.ctx("storekeeper"), plan, school_class=world.class_31, place=world.store, signature=SIGNATURE
        )
    came(world, bundles=1, each=21, loose=0)
    slip = actions.issue_books(
        world.ctx("storekeeper"), plan, school_class=world.class_31, place=world.store, signature=SIGNATURE
    )
    assert (slip.receiver, slip.kinds, slip.value) == (world.people["class_teacher"], 2, Decimal("784.00"))
    with scope.active(world.school):
        assert books.lacking(plan, world.class_31) == []
    assert figure(world, "stores.books_given") == 80
    with pytest.raises(Refused, match="已经发齐"):
        actions.issue_books(
            world.ctx("storekeeper"), plan, school_class=world.class_31, place=world.store, signature=SIGNATURE
        )
    sound(world)


def test_who_comes_and_who_leaves_shows_by_himself(world: World) -> None:
    slip = given(world)
    with scope.active(world.school):
        plan = BookPlan.objects.get()
        assert books.open_gaps(plan) == {}
    new = add_pupil(world.system(), number="N1", name="转入生", school_class=world.class_31)
    with scope.active(world.school):
        assert books.open_gaps(plan) == {"三（1）班": 2}
    actions.issue_books(
        world.ctx("storekeeper"), plan, school_class=world.class_31, place=world.store, signature=SIGNATURE
    )
    pupil_leaves(world.system(), new, on=TODAY)
    with scope.active(world.school):
        assert books.open_gaps(plan) == {"三（1）班": -2}
        first = [(title(world).item, 1)]
    actions.return_goods(
        world.ctx("storekeeper"),
        slip,
        lines=[some(world)[0]._replace(item=one, quantity=Decimal(many)) for one, many in first],
    )
    with scope.active(world.school):
        assert books.open_gaps(plan) == {"三（1）班": -1}
    sound(world)


def test_more_than_was_ordered_is_asked_about(world: World) -> None:
    plan = ordered(world)
    with scope.active(world.school):
        lines = {line.pk: Bundles(3, 20, 0) for line in plan.lines.all()}
    with pytest.raises(NeedsConfirmation, match="多 18 册"):
        actions.receive_books(world.ctx("storekeeper"), plan, place=world.store, lines=lines, on=TODAY)


def test_the_matrix_is_filled_in_like_a_spreadsheet(world: World) -> None:
    plan, book = came(world), title(world)
    page = client_of(world, "storekeeper")
    url = f"/{world.school.code}/stores/bookplans/{plan.pk}/matrix/"
    shown = page.get(url).content.decode()
    cell = f"c-{world.class_31.pk}-{book.pk}"
    assert f'name="{cell}" value="40"' in shown
    assert page.post(url, {"grade": "3", "key": "m1", cell: "42"}).status_code == 302
    with scope.active(world.school):
        assert {one.pk: many for one, many in books.lacking(plan, world.class_31)}[book.pk] == 42
    assert "要写整数" in page.post(url, {"grade": "3", "key": "m2", cell: "四十"}).content.decode()
    assert client_of(world, "bookkeeper").post(url, {"grade": "3", "key": "m3", cell: "4"}).status_code == 403
    actions.issue_books(
        world.ctx("storekeeper"), plan, school_class=world.class_31, place=world.store, signature=SIGNATURE
    )
    assert "不能比已经发的少" in page.post(url, {"grade": "3", "key": "m4", cell: "30"}).content.decode()


@pytest.mark.parametrize(
    ("isbn", "ok"),
    [("9787107300912", True), ("9787107300913", False), ("978710730091", False), ("abcdefghijklm", False)],
)
def test_an_isbn_has_a_check_digit(isbn: str, ok: bool) -> None:
    total = (
        sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(isbn)) % 10
        if isbn.isdecimal() and len(isbn) == 13
        else 1
    )
    assert sound_isbn(isbn) is (total == 0) is ok


@pytest.mark.seed("R2.01")
def test_a_pack_goes_to_every_class_in_one_act(world: World) -> None:
    add_class(world.system(), name="三2班", room=None, teacher=world.people["worker"])
    with pytest.raises(Refused, match="只有 100 包，不够 120 包"):
        actions.issue_pack(world.ctx("storekeeper"), pack(world, 60), place=world.store)
    assert held(world)[0] == 100
    with scope.active(world.school):
        assert not Slip.objects.filter(form="issue").exists()
    actions.issue_pack(
        world.ctx("storekeeper"),
        actions.add_pack(world.ctx("storekeeper"), name="第二包", lines=some(world, 3)),
        place=world.store,
    )
    with scope.active(world.school):
        slips = list(Slip.objects.filter(form="issue").order_by("id"))
    assert [(str(slip.school_class), slip.signed) for slip in slips] == [("三（1）班", "没签"), ("三（2）班", "没签")]
    actions.sign_slip(world.ctx("class_teacher"), slips[0], signature=SIGNATURE)
    assert figure(world, "stores.issues_signed") == Decimal("50.0")
    sound(world)


def test_a_class_without_a_teacher_is_signed_for_by_the_one_it_gets(world: World) -> None:
    late = add_class(world.system(), name="三2班", room=None)
    actions.issue_pack(world.ctx("storekeeper"), pack(world), place=world.store)
    with scope.active(world.school):
        slip = Slip.objects.get(school_class=late)
    with pytest.raises(Refused, match=r"三（2）班 还没有班主任"):
        actions.sign_slip(world.ctx("storekeeper"), slip, signature=SIGNATURE)
    correct_class(world.system(), late, name=late.name, teacher=world.people["worker"])
    assert actions.sign_slip(world.ctx("worker"), slip, signature=SIGNATURE).receiver == world.people["worker"]


def test_a_pack_is_changed_until_it_is_given(world: World) -> None:
    made = actions.change_pack(world.ctx("storekeeper"), pack(world), name="秋季包", lines=some(world, 5))
    with scope.active(world.school):
        assert (made.name, [line.quantity for line in made.lines.all()]) == ("秋季包", [5])
    actions.issue_pack(world.ctx("storekeeper"), made, place=world.store)
    with pytest.raises(Refused, match="已经发过了，不能再改"):
        actions.change_pack(world.ctx("storekeeper"), made, name="冬季包", lines=some(world, 5))


def test_who_still_has_to_sign_finds_it_on_his_page(world: World) -> None:
    slip = handed(world)
    page = client_of(world, "class_teacher")
    assert "领了还没签字的" in page.get(f"/{world.school.code}/").content.decode()
    form = page.get(f"/{world.school.code}/stores/slips/{slip.pk}/do/sign_slip/").content.decode()
    assert "A4 复印纸 70g" in form
    assert "3 包" in form
    actions.sign_slip(world.ctx("class_teacher"), slip, signature=SIGNATURE)
    assert "领了还没签字的" not in page.get(f"/{world.school.code}/").content.decode()


def test_a_pack_is_handed_out_once(world: World) -> None:
    slip = handed(world)
    assert slip.value == Decimal("60.00")
    with scope.active(world.school):
        done = Pack.objects.get()
    with pytest.raises(Refused, match="已经发过了"):
        actions.issue_pack(world.ctx("storekeeper"), done, place=world.store)


@pytest.mark.seed("R6.02")
def test_book_and_shelf_are_compared(world: World) -> None:
    count = begun(world)
    shown = (
        client_of(world, "storekeeper")
        .get(f"/{world.school.code}/stores/counts/{count.pk}/do/enter_counts/")
        .content.decode()
    )
    assert "（盲盘）" in shown
    assert "100 包" not in shown
    with pytest.raises(Refused, match="还有 1 种没有盘"):
        actions.submit_count(world.ctx("storekeeper"), count, signature=SIGNATURE)
    with scope.active(world.school):
        said = {line.pk: (Decimal(97), "") for line in count.lines.all()}
    actions.enter_counts(world.ctx("storekeeper"), count, counted=said)
    with pytest.raises(Refused, match="没有写原因"):
        actions.submit_count(world.ctx("storekeeper"), count, signature=SIGNATURE)
    actions.enter_counts(world.ctx("storekeeper"), count, counted={pk: (Decimal(97), "受潮") for pk in said})
    stocked(world, 10)  # while it is counted, ten come in
    count = actions.submit_count(world.ctx("storekeeper"), count, signature=SIGNATURE)
    sign(world, "bookkeeper", count)
    sign(world, "head", count)
    assert state_of(count) == "approved"
    assert held(world) == (107, Decimal("2140.00"))
    with scope.active(world.school):
        slip = StockCount.objects.get().slip
        assert (slip.form, slip.value) == ("count", Decimal("60.00"))
    assert (figure(world, "stores.counts"), figure(world, "stores.counts_right")) == (1, 0)
    sound(world)


def test_what_is_found_too_much_comes_in_at_the_average(world: World) -> None:
    count = actions.submit_count(world.ctx("storekeeper"), counted(world, 103, "上次少点"), signature=SIGNATURE)
    sign(world, "bookkeeper", count)
    sign(world, "head", count)
    assert held(world) == (103, Decimal("2060.00"))
    sound(world)


def test_what_the_list_does_not_name_is_found_and_comes_in(world: World) -> None:
    count = counted(world, 100, "")
    mop = item(world, "拖把", unit="把", spec="", packings="")
    with pytest.raises(Refused, match="没有写为什么"):
        actions.add_found(world.ctx("storekeeper"), count, lines=[Line(mop, Decimal(3))])
    actions.add_found(world.ctx("storekeeper"), count, lines=[Line(mop, Decimal(3), note="墙角找到的")])
    with pytest.raises(Refused, match="表上已经有了"):
        actions.add_found(world.ctx("storekeeper"), count, lines=[Line(mop, Decimal(3), note="又数一遍")])
    count = actions.submit_count(world.ctx("storekeeper"), count, signature=SIGNATURE)
    sign(world, "bookkeeper", count)
    sign(world, "head", count)
    with scope.active(world.school):
        assert Item.objects.with_stock().get(name="拖把").held == 3
        found = StockCount.objects.get()
    assert (found.kinds, found.wrong) == (2, 1)
    sound(world)
