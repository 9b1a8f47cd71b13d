"""Stock-in slips from the spreadsheet that a storeroom really keeps. Held to the answer sheet beside the sample."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.samples.compare import same
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE
from tests.stores.examples import item
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs, workbook
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.stores import actions
from zongwu.stores.models import Item, Slip
from zongwu.stores.sheets import STOCK_IN, head
from zongwu.stores.steps import Line

SAMPLES = Path(__file__).parents[1] / "samples"
ANSWER = json.loads((SAMPLES / "02_仓库入库单.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(STOCK_IN, workbook.load(SAMPLES / "02_仓库入库单.xlsx"), today=TODAY)


def test_every_row_is_taken_as_the_answer_says(reading: Reading) -> None:
    rows = {(row["sheet"].strip(), row["row"]): row for row in reading.as_json()["rows"]}
    for sheet, lines in ANSWER["rows"].items():
        for line in lines:
            found = rows.get(
                (sheet.strip(), line["row"]), {"disposition": "skip"}
            )  # below the last cell there is nothing
            assert found["disposition"] == line["disposition"], (sheet, line)
            if line.get("record"):
                assert same(found["record"], line["record"]), (sheet, line)
    imported = sum(
        count for counts in ANSWER["counts"].values() for what, count in counts.items() if what in runs.IMPORTED
    )
    assert reading.imported == imported


def test_the_slips_that_do_not_add_up_are_told(reading: Reading) -> None:
    facts = reading.control()["facts"]
    assert (facts["documents"], facts["documents_rejected"]) == (12, 2)
    assert facts["document_checks_failed"] == ANSWER["control"]["document_checks_failed"]


def take_in(world: World, reading: Reading, sha: str = "1") -> runs.ImportRun:
    ctx, kind = world.ctx("storekeeper"), runs.kind_named("stock-in")
    with scope.active(world.school):
        effects = runs.weigh(kind, reading)
    staged = runs.stage_import(
        ctx, kind="stock-in", file_name="x.xlsx", sha256=sha, reading=reading, effects=effects, mapping={}
    )
    return runs.apply_import(world.ctx("head"), staged)


@pytest.mark.django_db
@pytest.mark.seed("R1.15")
def test_it_becomes_slips_and_stock_and_is_taken_back_as_a_whole(world: World, reading: Reading) -> None:
    run = take_in(world, reading)
    with scope.active(world.school):
        held = {one.name: [one.held, one.worth] for one in Item.objects.with_stock()}
        assert held == {
            name: [Decimal(many), Decimal(worth)] for name, (many, worth) in ANSWER["control"]["by_item"].items()
        }
        assert Slip.objects.count() == 10
        slip = Slip.objects.get(number="RK20260303-01")
        assert (slip.on, str(slip.supplier), slip.paper_number, slip.value) == (
            date(2026, 3, 3),
            "新华办公用品有限公司",
            "0000123",
            Decimal("230.25"),
        )
        again = runs.weigh(runs.kind_named("stock-in"), reading)
        assert set(again) == {"same", "none"}
    sound(world)
    runs.undo_import(world.ctx("head"), run)
    with scope.active(world.school):
        assert all(one.held == 0 for one in Item.objects.with_stock())
        assert not Slip.objects.standing().exists()
    sound(world)
    take_in(world, reading, "2")
    with scope.active(world.school):
        assert {one.name: one.held for one in Item.objects.with_stock()} == {
            name: many for name, (many, _) in held.items()
        }
    sound(world)


@pytest.mark.django_db
def test_what_was_handed_out_since_keeps_the_import(world: World, reading: Reading) -> None:
    run = take_in(world, reading)
    with scope.active(world.school):
        paper = Item.objects.get(name="A4复印纸")
    actions.issue_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["worker"],
        lines=[Line(paper, Decimal(120))],
        signature=SIGNATURE,
    )
    with pytest.raises(Refused):
        runs.undo_import(world.ctx("head"), run)
    sound(world)


HEADS = ["单号", "入库日期", "供货单位", "品名", "规格", "单位", "数量", "单价", "金额", "备注"]


def flat(*rows: list[Any]) -> Reading:
    return read(STOCK_IN, [Grid("入库", [HEADS, *rows])], today=TODAY)


@pytest.mark.parametrize(
    ("quantity", "unit", "why"),
    [("半箱", "箱", "无法换算"), ("2箱", "包", "不一致"), (Decimal(-2), "包", "数量为负"), (None, "包", "数量为空")],
)
def test_a_quantity_that_nobody_can_count_is_refused(quantity: Any, unit: str, why: str) -> None:
    (row,) = [
        row
        for row in flat(["R1", date(2026, 3, 3), "甲店", "纸", "", unit, quantity, Decimal(2), None, ""]).rows
        if row.disposition != "skip"
    ]
    assert row.disposition == "reject"
    assert any(why in reason for reason in row.reasons)


def test_a_flat_list_is_read_too() -> None:
    reading = flat(
        ["R1", date(2026, 3, 3), "甲店", "纸", "", "包", Decimal(2), Decimal("2.5"), None, ""],
        ["R1", date(2026, 3, 3), "甲店", "笔", "", "支", Decimal(3), None, Decimal(6), ""],
        ["", date(2026, 3, 3), "甲店", "尺", "", "把", Decimal(3), Decimal(1), None, ""],
    )
    rows = [row for row in reading.rows if row.disposition != "skip"]
    assert [row.disposition for row in rows] == ["fixed", "fixed", "reject"]
    assert rows[0].record is not None
    assert rows[0].record["amount"] == Decimal("5.00")


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("单号：RK-1  日期：2026年3月3日  供应商：甲店", "RK-1", "2026-03-03"),
        ("供货单位:甲店 入库单号:rk2 入库日期:2026-03-03 №:77", "RK2", "2026-03-03"),
        ("入库日期：2026.3.3　　供货单位：甲店　　单号：RK3　　NO.0000123", "RK3", "2026-03-03"),
    ],
)
def test_a_head_is_read_in_any_order(text: str, number: str, day: str) -> None:
    paper = head(text)
    assert paper is not None
    assert (paper.number, paper.fields["date"], paper.fields["supplier"], paper.problem) == (number, day, "甲店", "")


@pytest.mark.parametrize("text", ["入库单", "合计金额（大写）：贰佰元整 ￥200.00", "经办人：李×× 验收人：王××"])
def test_other_lines_are_no_heads(text: str) -> None:
    assert head(text) is None


@pytest.mark.django_db
def test_a_unit_other_than_the_catalogues_is_refused(world: World) -> None:
    item(world, "纸", unit="包", spec="")
    with pytest.raises(Refused, match="目录按包，表上按令"):
        take_in(world, flat(["R1", date(2026, 3, 3), "甲店", "纸", "", "令", Decimal(2), Decimal(2), None, ""]))


@pytest.mark.django_db
def test_a_slip_that_is_there_is_not_changed(world: World) -> None:
    line = ["R1", date(2026, 3, 3), "甲店", "纸", "", "包", Decimal(2), Decimal(2), None, ""]
    take_in(world, flat(line))
    with pytest.raises(Refused, match="单子不能改"):
        take_in(world, flat([*line[:6], Decimal(3), *line[7:]]), "2")
    sound(world)


@pytest.mark.django_db
def test_a_number_of_our_own_series_is_taken(world: World) -> None:
    take_in(world, flat(["RK-2026-0001", date(2026, 3, 3), "甲店", "纸", "", "包", Decimal(2), Decimal(2), None, ""]))
    with scope.active(world.school):
        paper = Item.objects.get()
    slip = actions.receive_goods(
        world.ctx("storekeeper"), place=world.store, lines=[Line(paper, Decimal(1), Decimal(1))], on=TODAY
    )
    assert slip.number == "RK-2026-0002"


@pytest.mark.django_db
def test_one_slip_has_one_supplier_and_day(world: World) -> None:
    lines = [
        ["R1", date(2026, 3, 3), shop, name, "", "包", Decimal(2), Decimal(2), None, ""]
        for shop, name in (("甲店", "纸"), ("乙店", "球"))
    ]
    with pytest.raises(Refused, match="一张单子只能有一种"):
        take_in(world, flat(*lines))


@pytest.mark.django_db
def test_what_comes_in_again_is_kept_again(world: World) -> None:
    paper = item(world, "纸", unit="包", spec="")
    actions.close_item(world.ctx("storekeeper"), paper)
    take_in(world, flat(["R1", date(2026, 3, 3), "甲店", "纸", "", "包", Decimal(2), Decimal(2), None, ""]))
    with scope.active(world.school):
        assert Item.objects.get(name="纸").closed_on is None


@pytest.mark.django_db
def test_the_preview_says_on_which_page_of_the_workbook_a_row_stands(world: World, reading: Reading) -> None:
    run = take_in(world, reading)
    url = f"/{world.school.code}/imports/{run.pk}/?show=clean"
    page = client_of(world, "head").get(url).content.decode()
    assert page.count("工作表「3月」") == 1
