"""The register against the finance bureau's list: same, differs, only here, only there; every card once."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.assets.reconciliations import adopted, found, made
from tests.scenarios.test_disposal import sound
from tests.ui.conftest import client_of
from tests.world import World
from zongwu.assets.actions import adopt_number
from zongwu.assets.models import Asset, Mismatch, Reconciliation
from zongwu.assets.reconciling import Card, Their, compare
from zongwu.kernel import scope
from zongwu.kernel.errors import Refused

NEW = "/cnsx/assets/reconciliations/new/reconcile_register/"


def card(pk: int, number: str, finance: str = "", name: str = "桌子", value: str = "100", quantity: int = 1) -> Card:
    return Card(pk, number, finance, name, Decimal(quantity), Decimal(value))


def their(number: str, name: str = "桌子", value: str | None = "100", quantity: int | None = 1) -> Their:
    return Their(
        2, number, name, None if quantity is None else Decimal(quantity), None if value is None else Decimal(value)
    )


def test_the_four_results() -> None:
    cards = [card(1, "ZC-1", "F1"), card(2, "ZC-2", "F2"), card(3, "ZC-3")]
    pairs = list(compare(cards, [their("f1"), their("F2", value="90"), their("F9", name="椅子")]))
    assert [(p.ours and p.ours.pk, p.theirs and p.theirs.number, bool(p.says)) for p in pairs] == [
        (1, "f1", False), (2, "F2", True), (None, "F9", False), (3, None, False),
    ]  # fmt: skip
    assert "原值 台账 100.00 财政 90.00" in pairs[1].says


def test_they_meet_by_our_number_too() -> None:
    [pair] = compare([card(1, "ZC-1")], [their("zc-1")])
    assert (pair.ours.pk, pair.says) == (1, "")


def test_what_the_list_does_not_say_is_not_compared() -> None:
    [pair] = compare([card(1, "ZC-1", quantity=5)], [their("ZC-1", value=None, quantity=None)])
    assert pair.says == ""


def test_two_alike_are_not_guessed() -> None:
    pairs = list(compare([card(1, "A"), card(2, "B")], [their("F1")]))
    assert [(p.ours and p.ours.pk, p.theirs and p.theirs.number) for p in pairs] == [(None, "F1"), (1, None), (2, None)]
    one = list(compare([card(1, "A")], [their("F1"), their("F2")]))
    assert all(not (p.ours and p.theirs) for p in one)


def test_a_number_twice_on_their_side_is_told() -> None:
    pairs = list(compare([card(1, "A", "F1")], [their("F1"), their("F1")]))
    assert [p.says for p in pairs if p.ours is None] == ["财政表上这个编号有两行"]


@given(
    st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["", "F1", "F2", "F3"]), st.sampled_from(["1", "2"])), max_size=6, unique_by=lambda one: one[0]),
    st.lists(st.tuples(st.sampled_from(["", "F1", "F2", "F3", "A", "B"]), st.sampled_from(["1", "2"])), max_size=8),
)  # fmt: skip
def test_every_card_of_either_side_comes_once(ours: list[tuple[str, str, str]], theirs: list[tuple[str, str]]) -> None:
    cards = [card(at, number, finance, value=value) for at, (number, finance, value) in enumerate(ours, 1)]
    rows = [Their(at, number, "桌子", Decimal(1), Decimal(value)) for at, (number, value) in enumerate(theirs, 2)]
    pairs = list(compare(cards, rows))
    firsts = {one.finance_number or one.number: one.pk for one in reversed(cards)}  # those of one number stand together
    assert sorted(p.ours.pk for p in pairs if p.ours) == sorted(firsts.values())
    assert sorted(p.theirs.row for p in pairs if p.theirs) == [one.row for one in rows]
    if len({one.number for one in rows}) == len(rows):
        met, back = (
            {(p.ours, p.theirs) for p in compare(cards, some) if p.ours and p.theirs} for some in (rows, rows[::-1])
        )
        assert met == back, "the order of the file decides nothing"


def test_a_batch_that_was_split_here_is_one_card_there() -> None:
    [pair] = compare([card(1, "A", "F1"), card(2, "B", "F1")], [their("F1", value="200", quantity=2)])
    assert (pair.ours.pk, pair.says) == (1, "")


def test_a_number_of_the_bureaus_comes_before_ours() -> None:
    pairs = list(compare([card(3, "0003", "F")], [their("0003"), their("F")]))
    assert [(p.ours and p.ours.pk, p.theirs and p.theirs.number) for p in pairs] == [(3, "F"), (None, "0003")]


def book(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    made_of = Workbook()
    for row in [("资产卡片明细表",), ("卡片编号", "资产名称", "数量", "原值（元）"), *rows]:
        made_of.active.append(row)
    kept = BytesIO()
    made_of.save(kept)
    return SimpleUploadedFile("财政卡片.xlsx", kept.getvalue())


@pytest.mark.django_db
def test_an_exported_list_is_uploaded_and_held_against_the_register(world: World) -> None:
    file = book(("CZ001", world.projector.name, 1, float(world.projector.value)), (world.laptop.number, "旧电脑", 1, 1))
    client = client_of(world, "bookkeeper")
    answer = client.post(NEW, {"key": "k", "file": file}, follow=True)
    page = answer.content.decode()
    with scope.active(world.school):
        made_one = Reconciliation.objects.get()
        lines = list(Mismatch.objects.order_by("id").values_list("result", "asset__number", "finance_number"))
    assert (made_one.same, made_one.differ, made_one.only_here, made_one.only_there) == (0, 2, 0, 0)
    assert lines == [
        ("differs", world.laptop.number, world.laptop.number),
        ("differs", world.projector.number, "CZ001"),
    ]
    assert "不一致" in page
    listed = client.get(f"/cnsx/assets/mismatches/?reconciliation={made_one.pk}&result=differs").content.decode()
    assert "名称 台账「笔记本电脑」财政「旧电脑」" in listed
    sound(world)


@pytest.mark.django_db
def test_a_blank_name_is_no_fault(world: World) -> None:
    file = book((world.laptop.number, "", 1, float(world.laptop.value)), ("B2", "", 1, 1))
    assert client_of(world, "bookkeeper").post(NEW, {"key": "k", "file": file}).status_code == 302


@pytest.mark.django_db
def test_amounts_beyond_reason_are_refused(world: World) -> None:
    file = book(*((f"X{at}", "楼", 1, 99_999_999_999) for at in range(200)))
    assert client_of(world, "bookkeeper").post(NEW, {"key": "k", "file": file}).status_code == 409


@pytest.mark.django_db
def test_what_is_no_card_list_is_refused(world: World) -> None:
    for file in (
        SimpleUploadedFile("x.xlsx", b"no workbook"),
        SimpleUploadedFile("x.csv", "姓名,年龄\n甲,3\n".encode()),
    ):
        answer = client_of(world, "bookkeeper").post(NEW, {"key": file.name, "file": file})
        assert answer.status_code == 422
    with scope.active(world.school):
        assert not Reconciliation.objects.exists()


@pytest.mark.django_db
def test_the_number_is_taken_over_once(world: World) -> None:
    adopted(world)
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).finance_number == "CZ001"
    again = made(world)
    assert (again.same, again.differ, again.only_there) == (1, 0, 1)


@pytest.mark.django_db
def test_a_card_that_was_voided_meanwhile_takes_no_number(world: World) -> None:
    line = found(world)
    with scope.active(world.school):
        Asset.objects.filter(pk=world.projector.pk).update(void=True)
    with pytest.raises(Refused):
        adopt_number(world.ctx("bookkeeper"), line)
