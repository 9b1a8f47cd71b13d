"""The papers of hand-over and counting open as PDF, signed and unsigned."""

from __future__ import annotations

import pytest

from tests.assets.counts import begun, closed
from tests.assets.handovers import drawn, lent
from tests.world import World
from zongwu.assets import count_prints, slips
from zongwu.kernel import scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [drawn, lent])
def test_a_slip(world: World, make) -> None:
    handover = make(world)
    with scope.active(world.school):
        assert slips.slip(world.ctx("storekeeper"), handover).startswith(b"%PDF")


@pytest.mark.parametrize("make", [begun, closed])
def test_a_count_sheet_and_the_bureaus_list(world: World, make) -> None:
    stocktake = make(world)
    with scope.active(world.school):
        assert count_prints.count_sheet(world.ctx("storekeeper"), stocktake).startswith(b"%PDF")
        assert count_prints.bureau_book(world.ctx("storekeeper"), stocktake).startswith(b"PK")
