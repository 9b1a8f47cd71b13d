"""Plates for the wall: six on a sheet, read by the camera, with words for those who cannot scan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.examples import point
from tests.printing import pages, printed, whole
from tests.ui.test_labels import HARD, label, scanned
from tests.world import World
from zongwu.kernel.errors import Refused
from zongwu.ui import plates

LOCAL = "http://localhost:8000/p/4K7M9P01"


def test_seven_plates_are_two_sheets_and_each_is_read_by_a_camera() -> None:
    made = [label(nth) for nth in range(1, 8)]
    paper = plates.to_pdf(made, "0571-8888")
    assert sorted(scanned(paper)) == [one.url for one in made]
    sheets = pages(paper)
    assert [sheet.count("0571-8888") for sheet in sheets] == [6, 1]
    assert "ZC-2021-0007" in sheets[1] and "4K7M9P07" in sheets[1] and "zw.example.edu.cn/p" in sheets[1]
    assert "试打" not in "".join(sheets)
    whole(paper)


def test_what_no_telephone_can_open_says_so_and_still_fits() -> None:
    paper = plates.to_pdf([replace(label(1), url=LOCAL)] * 6)
    (sheet,) = pages(paper)
    assert "试打：二维码指向localhost:8000/p，别的手机打不开" in sheet
    assert "急事请直接找总务处" in sheet
    whole(paper)


def test_long_words_are_cut_and_stay_on_their_plate() -> None:
    paper = plates.to_pdf(HARD)
    assert len(pages(paper)) == 1
    assert sorted(scanned(paper)) == sorted(one.url for one in HARD)


@pytest.mark.parametrize(("many", "why"), [(0, "没有要打的牌子"), (plates.MOST + 1, "一次最多打")])
def test_none_and_too_many_are_refused(many: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        plates.to_pdf([label(1)] * many)


@pytest.mark.django_db
def test_the_chosen_points_are_printed_and_no_others(world: World) -> None:
    chosen, other = point(world), point(world, "泵房")
    (sheet,) = pages(printed(world, f"checks/points/plates.pdf?ids={chosen.pk}"))
    assert chosen.name in sheet and other.name not in sheet
    assert "泵房" in pages(printed(world, "checks/points/plates.pdf"))[0]
