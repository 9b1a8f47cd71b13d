"""The door from text to amount, and the way back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.kernel import amounts

FEN = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("￥1,280.00", "1280"), ("¥1280", "1280"), ("1.28万元", "12800"), ("1.28 万", "12800"), ("1280元", "1280"),
        ("1280元整", "1280"), ("１２８０．５０", "1280.5"), ("4，754.80", "4754.8"), (" 2242.00 ", "2242"), ("12元/册", "12"),
        ("人民币1280元", "1280"), ("RMB 1,280", "1280"), ("-1200", "-1200"), ("－￥3.5", "-3.5"), ("5千", "5000"), ("3百万元", "3000000"),
        (".5", "0.5"), ("壹仟贰佰元整", "1200"), ("一万二千元", "12000"), ("伍分", "0.05"), ("1,234,567.89", "1234567.89"),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text, yuan):
    assert amounts.parse(text) == Decimal(yuan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "约3000",
        "(1200.00)",
        "若干",
        "1,28",
        "12,34.5",
        "1 280",
        "3000左右",
        "12.3.4",
        "--5",
        "-¥-5",
        "1e5",
        "nan",
        "万",
        "元",
        "壹贰",
    ],
)
def test_what_is_no_amount_is_not_guessed(text):
    with pytest.raises(amounts.NotAnAmount):
        amounts.parse(text)


def test_a_column_headed_in_ten_thousands_counts_in_them_unless_the_cell_says_otherwise():
    assert amounts.parse("1.2", Decimal(10000)) == 12000
    assert amounts.parse("1200元", Decimal(10000)) == 1200
    assert amounts.parse("1.2万", Decimal(10000)) == 12000


@given(FEN)
def test_money_survives_the_database_and_the_text(fen):
    yuan = amounts.from_fen(fen)
    assert amounts.to_fen(yuan) == fen
    assert amounts.parse(amounts.format_yuan(yuan)) == yuan
    assert amounts.parse(amounts.plain_yuan(yuan)) == yuan


@given(st.integers(-(10**12), 10**12))
def test_prices_and_quantities_survive_the_database_and_the_text(units):
    price, quantity = amounts.from_price_units(units), amounts.from_thousandths(units)
    assert amounts.to_price_units(price) == units == amounts.to_thousandths(quantity)
    assert Decimal(amounts.plain_price(price)) == price
    assert 2 <= len(amounts.plain_price(price).partition(".")[2]) <= 4
    assert Decimal(amounts.plain_quantity(quantity)) == quantity
    assert not amounts.plain_quantity(quantity).endswith((".", ".0"))


@given(st.floats(0, 1e12, allow_nan=False).map(lambda number: round(number, 4)))
def test_a_float_from_a_cell_keeps_the_digits_that_it_shows(number):
    assert float(amounts.of_float(number)) == number


def test_a_unit_price_keeps_its_third_decimal():
    assert amounts.plain_price(Decimal("0.125")) == "0.125"
    assert amounts.plain_price(Decimal("12.5")) == "12.50"
    assert amounts.to_fen(Decimal("0.125")) == 13


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角"), ("10", "壹拾元整"), ("100000", "壹拾万元整"), ("10001.10", "壹万零壹元壹角"),
        ("-5.20", "负伍元贰角"), ("1409.50", "壹仟肆佰零玖元伍角"), ("6007.14", "陆仟零柒元壹角肆分"), ("325.04", "叁佰贰拾伍元零肆分"),
        ("10010", "壹万零壹拾元整"), ("100000001", "壹亿零壹元整"), ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"), ("1010101", "壹佰零壹万零壹佰零壹元整"),
    ],
)  # fmt: skip
def test_capital_words(yuan, words):
    assert amounts.yuan_in_words(Decimal(yuan)) == words


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("人民币：叁仟零肆拾肆元柒角整", "3044.70"),
        ("贰佰叁拾元贰角伍分", "230.25"),
        ("拾元整", "10"),
        ("壹圆正", "1"),
        ("零元整", "0"),
    ],
)
def test_words_as_vouchers_have_them(words, yuan):
    assert amounts.parse_yuan_words(words) == Decimal(yuan)


@pytest.mark.parametrize("words", ["", "整", "元", "万元", "壹贰元", "壹仟仟元", "壹元壹元", "合计壹元"])
def test_words_that_are_none(words):
    with pytest.raises(amounts.NotAnAmount):
        amounts.parse_yuan_words(words)


@given(FEN)
def test_words_come_back_as_the_same_amount(fen):
    yuan = amounts.from_fen(fen)
    assert amounts.parse_yuan_words(amounts.yuan_in_words(yuan)) == yuan


@given(FEN, st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_a_split_loses_nothing_and_is_fair_to_one_fen(total, weights):
    parts = amounts.split(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_a_split_without_weight_is_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        amounts.split(100, weights)
