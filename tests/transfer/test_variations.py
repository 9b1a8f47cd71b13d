"""Other workbooks of the same dirt: columns reordered and renamed, other headers, other formats, csv, several sheets."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zongwu.assets.sheets import LEDGER
from zongwu.kernel.transfer.cells import Moment, Raw, amount, code, day, quantity
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.kernel.transfer.workbook import load

TODAY = date(2026, 11, 24)
HEAD = ["资产编号", "资产名称", "计量单位", "数量", "单价", "金额", "取得日期", "使用部门", "使用状况"]
ROW = ["ZC-1", "交换机", "台", 1, 100, 100, datetime(2020, 1, 2), "总务处", "在用"]


def reading(path: Path, rows: list[list[Any]], **more: Any) -> Reading:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path / "book.xlsx")
    return read(LEDGER, load(path / "book.xlsx"), today=TODAY, **more)


def data(found: Reading) -> list[Any]:
    return [row for row in found.rows if row.disposition != "skip"]


def one(path: Path, **changed: Any) -> Any:
    row = [changed.get(head, value) for head, value in zip(HEAD, ROW, strict=True)]
    return data(reading(path, [HEAD, row]))[0]


@pytest.mark.parametrize("order", [list(range(9)), [8, 7, 6, 5, 4, 3, 2, 1, 0], [3, 1, 0, 8, 2, 4, 7, 5, 6]])
def test_columns_in_any_order(tmp_path: Path, order: list[int]) -> None:
    row = data(reading(tmp_path, [[HEAD[i] for i in order], [ROW[i] for i in order]]))[0]
    assert (row.disposition, row.record["no"], row.record["amount"]) == ("clean", "ZC-1", Decimal(100))


@pytest.mark.parametrize("words", [
    ["编号", "名称", "单位", "数量", "单价（元）", "原值（元）", "购置日期", "部门", "状态"],
    ["资产编码", "设备名称", "单位", "件数", "单价", "总价", "购入日期", "管理部门", "使用状态"],
    ["卡片编号 ", "资 产\n名 称*", "计量\n单位", "数 量", "单　价", "账面原值", "入账日期", "使用单位", "现状"],
])
def test_other_words_over_the_columns(tmp_path: Path, words: list[str]) -> None:
    row = data(reading(tmp_path, [["某校台账"], [], words, ROW]))[0]
    assert (row.disposition, row.record["name"], row.record["dept"]) == ("clean", "交换机", "总务处")


def test_two_levels_repeated_in_the_middle(tmp_path: Path) -> None:
    upper = ["基本信息", None, None, "数量", "价值", None, "取得日期", "使用部门", "使用状况"]
    lower = ["资产编号", "资产名称", "计量单位", None, "单价", "金额", None, None, None]
    found = reading(tmp_path, [upper, lower, ROW, upper, lower, ["ZC-2", *ROW[1:]]])
    assert [row.record["no"] for row in data(found)] == ["ZC-1", "ZC-2"]
    assert found.counts["Sheet"] == {"skip": 4, "clean": 2}


@pytest.mark.parametrize("word", ["合计", "总计", "合　计", "总 计", "共计："])
def test_totals_in_other_words(tmp_path: Path, word: str) -> None:
    found = reading(tmp_path, [HEAD, ROW, [word, None, None, None, None, 100], ["制表：李老师", None, "审核："]])
    assert found.control()["stated_total"] == "100.00"
    assert found.control()["explained"] == []
    assert len(data(found)) == 1


@pytest.mark.parametrize("word", ["小计", "本页小计", "小　计"])
def test_subtotals_in_other_words(tmp_path: Path, word: str) -> None:
    found = reading(tmp_path, [HEAD, ["一、设备"], ROW, [None, word, None, None, None, 150], ["合计", None, None, None, None, 150]])
    control = found.control()
    assert control["groups"] == [{"label": "一、设备", "computed": "100.00", "stated": "150.00"}]
    assert [e["why"] for e in control["explained"]] == ["subtotal"]


def test_a_csv_from_a_chinese_office(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        with path.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows([HEAD, ["ZC-1", "交换机", "台", "1", "100", "100.00", "2020-01-02", "总务处", "在用"]])
        row = data(read(LEDGER, load(path), today=TODAY))[0]
        assert (row.disposition, row.record["amount"], row.record["date"]) == ("clean", Decimal("100.00"), "2020-01-02")


def test_a_column_that_only_a_person_can_name(tmp_path: Path) -> None:
    rows = [["货号", *HEAD[1:]], ROW]
    assert data(reading(tmp_path, rows))[0].record["no"] is None
    mapped = reading(tmp_path, rows, mapping={"货号": "no"})
    assert data(mapped)[0].record["no"] == "ZC-1"


NOW = Moment(TODAY)


@pytest.mark.parametrize(("text", "value", "precision", "severity"), [
    ("2023-09-01", "2023-09-01", "day", "fixed"), ("2023/9/1", "2023-09-01", "day", "fixed"), ("2023.9.1", "2023-09-01", "day", "fixed"),
    ("2023年9月1日", "2023-09-01", "day", "fixed"), ("２０２３年９月１号", "2023-09-01", "day", "fixed"), ("20230901", "2023-09-01", "day", "fixed"),
    ("二〇二三年九月", "2023-09", "month", "fixed"), ("二○二三年十二月", "2023-12", "month", "fixed"), ("二〇二三年十一月二十日", "2023-11-20", "day", "fixed"),
    ("2023年9月", "2023-09", "month", "fixed"), ("2023.09", "2023-09", "month", "fixed"), ("202309", "2023-09", "month", "fixed"),
    ("2015年", "2015", "year", "warn"), ("98.9.1", "1998-09-01", "day", "warn"), ("2021.3-2021.5", "2021-03", "range", "warn"),
    ("待查", None, "none", "warn"), ("不详", None, "none", "warn"), ("2016.2.30", None, "none", "reject"), ("2062.3.1", "2062-03-01", "day", "reject"),
    ("2023年13月", None, "none", "reject"),
])
def test_dates_as_people_write_them(text: str, value: str | None, precision: str, severity: str) -> None:
    found = day(Raw(text), NOW)
    assert (found.value, found.more["date_precision"], found.notes[0].severity) == (value, precision, severity)


@pytest.mark.parametrize(("number", "value", "precision"), [
    ("20230901", "2023-09-01", "day"), ("45170", "2023-09-01", "day"), ("2019.9", "2019-09", "month"), ("2019.12", "2019-12", "month"),
    ("2019.1", None, "ambiguous"), ("2015", "2015", "year"), ("202309", "2023-09", "month"), ("7", None, "none"),
])
def test_dates_as_spreadsheets_store_them(number: str, value: str | None, precision: str) -> None:
    found = day(Raw(Decimal(number)), NOW)
    assert (found.value, found.more["date_precision"]) == (value, precision)


@pytest.mark.parametrize(("text", "value"), [
    ("￥3,580.00", "3580.00"), ("¥3580", "3580"), ("3580元", "3580"), ("1.28万", "12800"), ("1.28万元", "12800"), ("４，７５４.80", "4754.80"),
    (" 2242.00 ", "2242.00"), ("人民币3580元整", "3580"), (".5", "0.5"),
])
def test_amounts_as_people_write_them(text: str, value: str) -> None:
    assert amount(Raw(text), NOW).value == Decimal(value)


@pytest.mark.parametrize(("text", "estimate"), [("约3000", "3000"), ("3000左右", "3000"), ("(1200.00)", "-1200.00"), ("（1200）", "-1200"), ("-5", "-5"), ("面议", None)])
def test_amounts_that_are_refused_keep_an_estimate(text: str, estimate: str | None) -> None:
    found = amount(Raw(text), NOW)
    assert found.notes[0].severity == "reject"
    assert found.more.get("estimate") == (Decimal(estimate) if estimate else None)


@pytest.mark.parametrize(("text", "value", "unit"), [("25套", "25", "套"), ("２支", "2", "支"), ("1.0", "1", ""), ("3 台", "3", "台"), ("一批", "1", "批")])
def test_quantities_with_their_units(text: str, value: str, unit: str) -> None:
    found = quantity(Raw(text), NOW)
    assert (found.value, found.more.get("unit_written", "")) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["若干", "0", "-1", "半箱"])
def test_quantities_that_are_refused(text: str) -> None:
    assert quantity(Raw(text), NOW).notes[0].severity == "reject"


def test_a_long_number_loses_no_digit() -> None:
    assert code(Raw(Decimal("220020150304001")), NOW).value == "220020150304001"
    assert code(Raw("ｚｃ－２０２１－０００１ "), NOW).value == "ZC-2021-0001"


@pytest.mark.parametrize(("changed", "disposition"), [
    ({}, "clean"), ({"资产名称": None}, "reject"), ({"资产编号": None}, "warn"), ({"资产编号": " zc-9 "}, "fixed"), ({"金额": 120}, "warn"),
    ({"金额": None}, "fixed"), ({"单价": None}, "fixed"), ({"单价": None, "金额": None}, "reject"), ({"数量": None}, "warn"),
    ({"使用状况": "待报废"}, "fixed"), ({"使用状况": None}, "warn"), ({"使用状况": "送人了"}, "warn"), ({"取得日期": None}, "warn"),
    ({"使用部门": "后勤"}, "fixed"), ({"使用部门": None}, "clean"), ({"资产编号": "ZC-1~50"}, "warn"),
])
def test_one_cell_decides_the_row(tmp_path: Path, changed: dict[str, Any], disposition: str) -> None:
    assert one(tmp_path, **changed).disposition == disposition


def test_the_second_of_two_equal_rows(tmp_path: Path) -> None:
    other = [*ROW]
    other[5] = other[4] = 999
    found = reading(tmp_path, [HEAD, ROW, ROW, other, ["zc-1", *other[1:]]])
    assert [row.disposition for row in data(found)] == ["clean", "dup", "reject", "reject"]
