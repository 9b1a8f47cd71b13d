"""What one cell means, however it was written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Moment, Raw

NOW = Moment(date(2026, 8, 31))


def gravest(found: cells.Found) -> str:
    severities = [note.severity for note in found.notes]
    return next((grave for grave in ("reject", "warn", "fixed") if grave in severities), "clean")


# --- texts and codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "gravity"),
    [
        ("交换机", "交换机", "clean"),
        (" 笔记 本电脑  ", "笔记本电脑", "fixed"),
        ("激光\n打印机", "激光打印机", "fixed"),
        ("\xa0激光打印机", "激光打印机", "fixed"),
        ("HP LaserJet", "HP LaserJet", "clean"),
        ("HP \n LaserJet", "HP LaserJet", "fixed"),
        ("Ａ４复印机（彩色）", "A4复印机（彩色）", "fixed"),
        ("——", None, "fixed"),
        ("无", None, "fixed"),
        (None, None, "clean"),
    ],
)
def test_names(written, value, gravity):
    found = cells.text(Raw(written), NOW)
    assert (found.value, gravest(found)) == (value, gravity)


@pytest.mark.parametrize(
    ("written", "value", "gravity"),
    [
        ("ZC-2021-0001", "ZC-2021-0001", "clean"),
        ("ＺＣ－２０２１－０００１", "ZC-2021-0001", "fixed"),
        ("zc-2021-0001", "ZC-2021-0001", "fixed"),
        (" ZC-2021-0001 ", "ZC-2021-0001", "fixed"),
        ("ZC—2021—0001", "ZC-2021-0001", "fixed"),
        ("00123", "00123", "clean"),
        ("'00123", "00123", "fixed"),
        (Decimal("220020150304001"), "220020150304001", "fixed"),
        (Decimal("2200201503040010"), "2200201503040010", "warn"),
        ("2.20020150304E+14", "220020150304000", "warn"),
        ("1.2E+1", "12", "fixed"),
        ("〃", None, "warn"),
        ("/", None, "fixed"),
    ],
)
def test_codes(written, value, gravity):
    found = cells.code(Raw(written), NOW)
    assert (found.value, gravest(found)) == (value, gravity)


@given(st.integers(1, 10**15 - 1))
def test_a_code_typed_as_a_number_loses_no_digit(number):
    assert cells.code(Raw(Decimal(repr(float(number)).removesuffix(".0"))), NOW).value == str(number)


# --- amounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "gravity"),
    [
        (Decimal("4927.99"), "4927.99", "clean"),
        (Decimal("0.30000000000000004"), "0.30", "clean"),
        (Decimal("19.125"), "19.13", "fixed"),
        ("￥1,877.80", "1877.80", "fixed"),
        ("1.05万元", "10500", "fixed"),
        ("４，７５４．８０", "4754.80", "fixed"),
        ("2242.00 ", "2242", "fixed"),
        ("约3000", None, "reject"),
        ("1,28", None, "reject"),
        ("—", None, "fixed"),
        (None, None, "clean"),
        (date(2020, 1, 1), None, "reject"),
    ],
)
def test_amounts(written, value, gravity):
    found = cells.amount(Raw(written), NOW)
    assert (found.value, gravest(found)) == (None if value is None else Decimal(value), gravity)


@pytest.mark.parametrize(
    ("written", "estimate"),
    [
        ("约3000", "3000"),
        ("≈3000元", "3000"),
        ("(1200.00)", "-1200"),
        ("（1,200）", "-1200"),
        (Decimal(-5), "-5"),
        ("面议", None),
    ],
)
def test_a_refused_amount_still_counts_in_the_control_totals(written, estimate):
    found = cells.amount(Raw(written), NOW)
    assert gravest(found) == "reject"
    assert found.more.get("estimate") == (None if estimate is None else Decimal(estimate))


def test_a_column_in_ten_thousands():
    moment = Moment(NOW.as_of, worth=Decimal(10000))
    assert cells.amount(Raw(Decimal("1.28")), moment).value == 12800
    assert gravest(cells.amount(Raw(Decimal("1.28")), moment)) == "fixed"
    assert cells.amount(Raw("300元"), moment).value == 300


def test_a_unit_price_keeps_four_decimals():
    assert cells.unit_price(Raw(Decimal("0.125")), NOW) == (Decimal("0.1250"), (), {})


def test_numbers_in_a_text_file_are_no_dirt():
    for reader, written in (
        (cells.amount, "100.50"),
        (cells.quantity, "3"),
        (cells.day, "2020-01-02"),
        (cells.day, "2020/1/2"),
    ):
        assert gravest(reader(Raw(written, typed=False), NOW)) == "clean"
        assert gravest(reader(Raw(written), NOW)) == "fixed"
    assert cells.day(Raw("2022.1", typed=False), NOW).more["date_precision"] == "ambiguous"


# --- quantities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "unit", "gravity"),
    [
        (Decimal(3), "3", None, "clean"),
        ("3台", "3", "台", "fixed"),
        ("１", "1", None, "fixed"),
        ("1.0", "1", None, "fixed"),
        ("1,200册", "1200", "册", "fixed"),
        ("3（套）", "3", "套", "fixed"),
        ("两套", "2", "套", "fixed"),
        ("十二张", "12", "张", "fixed"),
        ("一批", "1", "批", "warn"),
        ("1批", "1", "批", "warn"),
        ("2箱（每箱10包）", "20", "包", "warn"),
        ("若干", None, None, "reject"),
        ("10余台", None, None, "reject"),
        ("约10台", None, None, "reject"),
        ("半箱", None, None, "reject"),
        (Decimal(0), "0", None, "reject"),
        ("-1", "-1", None, "reject"),
    ],
)
def test_quantities(written, value, unit, gravity):
    found = cells.quantity(Raw(written), NOW)
    assert (found.value, gravest(found)) == (None if value is None else Decimal(value), gravity)
    assert found.more.get("unit_written") == unit


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "precision", "gravity"),
    [
        (date(2016, 8, 27), "2016-08-27", "day", "clean"),
        ("2023.9.1", "2023-09-01", "day", "fixed"),
        ("2023/9/1 ", "2023-09-01", "day", "fixed"),
        ("２０１８－０６－０７", "2018-06-07", "day", "fixed"),
        ("2023年9月1号", "2023-09-01", "day", "fixed"),
        ("2023-09-01 08:30:00", "2023-09-01", "day", "fixed"),
        ("二〇二三年十一月二十一日", "2023-11-21", "day", "fixed"),
        ("二○一六年九月", "2016-09", "month", "fixed"),
        ("二零一六年十月", "2016-10", "month", "fixed"),
        ("2023年9月份", "2023-09", "month", "fixed"),
        ("2019.09", "2019-09", "month", "fixed"),
        ("20230901", "2023-09-01", "day", "fixed"),
        (Decimal(20230901), "2023-09-01", "day", "fixed"),
        (Decimal(202309), "2023-09", "month", "fixed"),
        (Decimal(230901), "2023-09-01", "day", "warn"),
        (Decimal(45170), "2023-09-01", "day", "fixed"),
        ("45170", "2023-09-01", "day", "fixed"),
        (Decimal("2019.9"), "2019-09", "month", "fixed"),
        (Decimal("2019.11"), "2019-11", "month", "fixed"),
        (Decimal("2022.1"), None, "ambiguous", "warn"),
        (Decimal(2015), "2015", "year", "warn"),
        ("2015年", "2015", "year", "warn"),
        ("98.9.1", "1998-09-01", "day", "warn"),
        ("23.9.1", "2023-09-01", "day", "warn"),
        ("2021.3-2021.5", "2021-03", "range", "warn"),
        ("2021年3月至5月", "2021-03", "range", "warn"),
        ("2021.3~5", "2021-03", "range", "warn"),
        ("9/15/2023", "2023-09-15", "day", "fixed"),
        ("3/4/2023", "2023", "year", "warn"),
        ("待查", None, "none", "warn"),
        ("不详", None, "none", "warn"),
        ("9月1日", None, "none", "warn"),
        ("/", None, "none", "fixed"),
        (None, None, "none", "clean"),
        ("2016.2.30", None, "none", "reject"),
        (Decimal(20160230), None, "none", "reject"),
        ("2016年13月", None, "none", "reject"),
        ("2062.3.1", "2062-03-01", "day", "reject"),
        ("2026年9月", "2026-09", "month", "reject"),
        (Decimal(46300), "2026-10-05", "day", "reject"),
    ],
)
def test_days(written, value, precision, gravity):
    found = cells.day(Raw(written), NOW)
    assert (found.value, found.more["date_precision"], gravest(found)) == (value, precision, gravity)


def test_an_ambiguous_day_names_what_it_may_be():
    found = cells.day(Raw(Decimal("2022.1")), NOW)
    assert found.more["date_candidates"] == ["2022-01", "2022-10"]
    assert found.more["date_text"] == "2022.1"


def test_a_day_without_a_year_takes_the_one_that_its_sheet_tells():
    assert cells.day(Raw("3月4日"), Moment(NOW.as_of, years=(2025, 2026))).value == "2026-03-04"
    assert cells.day(Raw("9月4日"), Moment(NOW.as_of, years=(2025, 2026))).value == "2025-09-04"


@given(st.dates(date(1950, 1, 1), NOW.as_of))
def test_every_way_of_writing_a_day_comes_to_the_same(day):
    ways = [
        f"{day.year}.{day.month}.{day.day}", f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日",
        Decimal(f"{day:%Y%m%d}"), Decimal((day - date(1899, 12, 30)).days), day,
    ]  # fmt: skip
    assert {cells.day(Raw(way), NOW).value for way in ways} == {day.isoformat()}


@given(st.one_of(st.text(max_size=30), st.decimals(allow_nan=False, allow_infinity=False, places=4)))
def test_no_reader_ever_raises_or_drops_a_value_in_silence(written):
    for reader in (
        cells.text,
        cells.free,
        cells.code,
        cells.number,
        cells.amount,
        cells.unit_price,
        cells.quantity,
        cells.integer,
        cells.day,
    ):
        found = reader(Raw(written), NOW)
        assert found.value is not None or found.notes or Raw(written).blank
