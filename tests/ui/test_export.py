"""What is exported is what is seen, and nothing in it is a formula."""

from __future__ import annotations

import io
from decimal import Decimal
from urllib.parse import unquote

import openpyxl
import pytest

from tests.world import TODAY
from zongwu.assets.actions import correct_asset, register_asset


def sheet(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


def test_the_sheet_has_title_note_head_and_the_rows_in_order(visit, assets, world):
    rows = list(sheet(visit("storekeeper").get(f"{assets}export/", {"o": "value"})).iter_rows(values_only=True))
    assert rows[0][0] == "城南实验小学 资产台账"
    assert "制表人 孙丽华" in rows[1][0]
    assert "金额单位：元" in rows[1][0]
    head = list(rows[2])
    assert head[0] == "资产编号"
    assert [row[0] for row in rows[3:]] == [world.projector.number, world.laptop.number]
    assert rows[3][head.index("原值")] == 5260


def test_only_what_the_filter_leaves_and_only_chosen_rows(visit, assets, world):
    client = visit("storekeeper")
    one = sheet(client.get(f"{assets}export/", {"q": world.projector.number}))
    assert one.max_row == 4
    assert "条件：搜" in one.cell(2, 1).value
    chosen = sheet(client.get(f"{assets}export/", {"ids": [world.laptop.pk]}))
    assert chosen.cell(4, 1).value == world.laptop.number


@pytest.mark.parametrize("text", ["=1+1", "+86 512", "-3 号楼", "@所有人", '=HYPERLINK("http://x")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(visit, assets, world, text):
    correct_asset(world.ctx("storekeeper"), world.projector, spec=text, name=text)
    visit("storekeeper").post(f"{assets}columns/", {"columns": ["number", "name"], "page_length": "50"})
    found = sheet(visit("storekeeper").get(f"{assets}export/", {"q": world.projector.number}))
    cell = found.cell(4, 2)
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_the_file_name_says_school_list_condition_and_day(visit, assets):
    answer = visit("storekeeper").get(f"{assets}export/", {"state": "in_use"})
    name = unquote(answer.headers["Content-Disposition"].partition("''")[2])
    assert name == "城南实验小学_资产台账_状况 在用_20261123.xlsx"


def test_codes_are_text_and_dates_are_dates(visit, assets, world):
    register_asset(
        world.system(), name="灯", category="A05010201", quantity=Decimal(1), unit_price=Decimal(1), unit="盏",
        acquired_on=TODAY, serial="00123",
    )  # fmt: skip
    client = visit("storekeeper")
    client.post(f"{assets}columns/", {"columns": ["number", "serial", "acquired_on"], "page_length": "50"})
    row = sheet(client.get(f"{assets}export/", {"o": "number", "q": "00123"}))[4]
    assert row[1].value == "00123"
    assert row[2].value.date() == TODAY
