"""The storerooms' papers, read back from the PDF."""

from __future__ import annotations

import pytest

from tests.printing import pages, printed, whole
from tests.signing import sign
from tests.stores.books import begun, submitted
from tests.stores.examples import issued, stocked
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.seed("R1.15")
def test_a_receipt_says_what_came_the_sum_in_words_and_who_signs(world: World) -> None:
    slip = stocked(world, 100, "20")
    paper = printed(world, f"stores/slips/paper.pdf?ids={slip.pk}")
    words = "".join(pages(paper))
    for word in ("入库单", slip.number, "A4复印纸70g", "2,000.00", "贰仟元整", "采购", "验收", "保管员", "会计"):
        assert word in words
    whole(paper)


@pytest.mark.seed("R6.02")
def test_an_issue_slip_shows_who_took_it(world: World) -> None:
    slip = issued(world, 2)
    words = "".join(pages(printed(world, f"stores/slips/paper.pdf?ids={slip.pk}")))
    assert "出库单（领用单）" in words
    assert str(slip.receiver) in words


@pytest.mark.seed("R6.02")
def test_a_blind_count_sheet_is_without_the_books_until_it_is_handed_in(world: World) -> None:
    count = begun(world)
    paper = printed(world, f"stores/counts/sheet.pdf?ids={count.pk}", "storekeeper")
    words = "".join(pages(paper))
    assert "库存盘点表" in words
    assert "A4复印纸70g" in words
    assert "盲盘" in words
    assert "100" not in words
    whole(paper)


def test_handed_in_the_count_sheet_tells_the_difference_and_why(world: World) -> None:
    count = submitted(world)
    sign(world, "bookkeeper", count)
    sign(world, "head", count)
    words = "".join(pages(printed(world, f"stores/counts/sheet.pdf?ids={count.pk}")))
    for word in ("100", "98", "-2", "受潮", "不符：1种", "盘点人", "财务核账"):
        assert word in words
    assert "盲盘" not in words


def test_the_monthly_statement_is_printed(world: World) -> None:
    stocked(world, 100, "20")
    paper = printed(world, "stores/statement.pdf?month=2026-11")
    words = "".join(pages(paper))
    for word in ("库存物资收发存月报表", "期初", "本月入库", "期末", "2,000.00"):
        assert word in words
    whole(paper)
