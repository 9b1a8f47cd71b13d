"""The school's own sheets: what a list of rooms leaves out, and who cannot be told apart."""

from datetime import date
from typing import Any

import pytest

from tests.world import World
from zongwu.kernel import scope
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.reading import read
from zongwu.school.sheets import PLACES, STAFF


def said(sheet: Any, heads: list[str], *rows: list[Any]) -> list[Any]:
    grid = Grid(sheet.title, [heads, *[[cell or None for cell in row] for row in rows]])
    return [row for row in read(sheet, [grid], today=date(2026, 10, 10)).rows if row.disposition != "skip"]


def test_rooms_lie_where_building_and_floor_say() -> None:
    rows = said(
        PLACES, ["楼", "层", "房间", "类别"],
        ["教学楼", "1", "101", "教室"], ["教学楼", "", "A1204", ""], ["综合楼", "二层", "阅览室", ""], ["", "", "操场", "室外场地"],
    )  # fmt: skip
    assert [row.record["path"] for row in rows] == [
        "本部/教学楼/1层/101", "本部/教学楼/12层/A1204", "本部/综合楼/二层/阅览室", "本部/操场",
    ]  # fmt: skip
    assert "level" not in rows[1].record


def test_two_of_one_name_need_a_number() -> None:
    rows = said(
        STAFF, ["工号", "姓名", "部门"], ["", "王五", "教务处"], ["", "王五", "总务处"], ["7", "王五", "总务处"]
    )
    assert [row.disposition for row in rows] == ["clean", "reject", "clean"]
    assert "姓名重复" in rows[1].reasons[0]


def test_a_telephone_that_cannot_be_one_is_doubted() -> None:
    rows = said(
        STAFF, ["工号", "姓名", "电话"], ["1", "王五", "1380"], ["2", "赵六", "13800001111"], ["3", "钱七", "8012"]
    )
    assert [row.disposition for row in rows] == ["warn", "clean", "clean"]


@pytest.mark.django_db
def test_an_export_shows_nobody_more_than_he_may_see(world: World) -> None:
    for kind in ("staff", "places", "pupils", "suppliers", "assets"):
        described = runs.kind_named(kind)
        for who in ("head", "class_teacher", "nobody"):
            ctx = world.ctx(who)
            with scope.active(world.school):
                assert len(list(described.records(ctx, {}))) <= described.model.objects.visible_to(ctx).count()
    with scope.active(world.school):
        assert list(runs.kind_named("staff").records(world.ctx("nobody"), {})) == []
        assert len(list(runs.kind_named("staff").records(world.ctx("head"), {}))) > 1
