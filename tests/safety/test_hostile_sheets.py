"""What a spreadsheet cannot do: deny and be counted, close without a day or by the same hand, mean two people, or stop the program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.safety.examples import found, photo
from tests.safety.test_sheets import HEAD, imported, ledger
from tests.scenarios.test_disposal import sound
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs, workbook
from zongwu.kernel.transfer.reading import read
from zongwu.safety import actions, sheets
from zongwu.safety.models import Hazard
from zongwu.safety.sheets import LEDGER
from zongwu.ui.scan import moment_of

pytestmark = pytest.mark.django_db


def rows_of(tmp_path: Path, *rows: dict[str, Any]) -> list[Any]:
    """Records of lines that say only what is named."""
    keys = {
        "seq": 0,
        "what": 1,
        "place": 2,
        "found": 3,
        "finder": 4,
        "grade": 5,
        "responsible": 6,
        "due": 7,
        "status": 8,
        "fixed": 9,
        "rechecker": 10,
        "verdict": 11,
        "money": 12,
        "note": 13,
    }
    lines = []
    for at, row in enumerate(rows, start=1):
        line: list[Any] = [None] * len(HEAD)
        for name, value in (
            {
                "seq": at,
                "what": f"隐患{at}",
                "place": "操场",
                "found": "2026-11-02",
                "grade": "一般",
                "responsible": "何大庆",
            }
            | row
        ).items():
            line[keys[name]] = value
        lines.append(line)
    return read(LEDGER, workbook.load(ledger(tmp_path / "x.xlsx", lines)), today=TODAY).rows[2:]


@pytest.mark.parametrize(
    "word",
    [
        "整改未完成",
        "还没完成",
        "暂未整改",
        "不到位",
        "需整改",
        "无法整改",
        "拒不整改",
        "计划整改",
        "责令整改",
        "待闭环",
        "暂不销号",
        "无法销号",
        "不合格",
        "申请销号",
    ],
)
def test_what_is_denied_is_neither_done_nor_closed(tmp_path: Path, word: str) -> None:
    (row,) = rows_of(tmp_path, {"status": word, "rechecker": "陈立新", "fixed": "2026-11-05"})
    assert row.record is not None
    assert row.record["status"] in ("待整改", "整改中") or word in ("待闭环", "申请销号")
    assert row.record["status"] != "已销号" or word == "申请销号"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"status": "已整改", "rechecker": "陈立新", "verdict": "不通过", "fixed": "2026-11-05"}, "整改中"), ({"status": "已销号", "verdict": "仍有隐患", "fixed": "2026-11-05"}, "整改中"),
        ({"status": "已整改", "rechecker": "何大庆", "verdict": "合格", "fixed": "2026-11-05"}, "待复查"), ({"status": "已销号"}, "待复查"),
        ({"status": "已整改", "rechecker": "陈立新", "verdict": "合格", "fixed": "当天"}, "已销号"), ({"status": "待复查", "rechecker": "陈立新", "fixed": "2026-11-05"}, "待复查"),
    ],
)  # fmt: skip
def test_closed_is_what_another_person_saw_on_a_day(tmp_path: Path, given: dict[str, Any], status: str) -> None:
    (row,) = rows_of(tmp_path, given)
    assert row.record is not None
    assert row.record["status"] == status


@pytest.mark.parametrize(
    "given",
    [
        {"seq": "9" * 5000}, {"due": "9999年12月底前"}, {"due": "9999天"}, {"found": "9999-12-31", "due": "7天内"}, {"money": "1e400"}, {"what": "共排查隐患 " + "9" * 5000 + " 处"}, {"fixed": "T" * 8000},
        {"what": "同第99999条"}, {"note": "与1号楼相邻，已和1班班主任说过"}, {"found": "0001-01-01"},
    ],
)  # fmt: skip
def test_hostile_cells_end_in_a_sentence_and_never_in_a_recurrence(tmp_path: Path, given: dict[str, Any]) -> None:
    rows = rows_of(tmp_path, {}, given)
    assert all(row.record is None or not row.record.get("again") for row in rows)


def test_a_ledger_of_a_dropped_number_says_which(world: World, tmp_path: Path) -> None:
    dropped = actions.drop_hazard(world.ctx("head"), found(world), reason="看错了")
    head = ["隐患编号", "存在问题", "检查时间", "部位"]
    path = ledger(tmp_path / "d.xlsx", [[dropped.number, "扶手", "2026-11-02", "操场"]], head)
    with pytest.raises(Refused, match=dropped.number):
        imported(world, read(LEDGER, workbook.load(path), today=TODAY), world.ctx("head"))


def test_of_two_who_bear_a_name_neither_is_meant(world: World, tmp_path: Path) -> None:
    from zongwu.school.actions import add_person

    add_person(world.system(), name="陈立新", number="T-2", department=world.office)
    head = ["存在问题", "检查时间", "部位", "整改人", "整改完成时间", "是否整改"]
    path = ledger(tmp_path / "n.xlsx", [["扶手", "2026-11-02", "操场", "陈立新", "2026-11-05", "已整改"]], head)
    run = imported(world, read(LEDGER, workbook.load(path), today=TODAY), world.ctx("head"))
    with scope.active(world.school):
        hazard = Hazard.objects.get()
    assert (hazard.fixed_by, hazard.fixed_name) == (None, "陈立新")
    with pytest.raises(Refused, match="不能自己复查"):
        actions.pass_recheck(world.ctx("principal"), hazard, photo=photo(world))
    runs.undo_import(world.ctx("head"), run)
    sound(world)


def test_a_sheet_with_totals_beside_the_word_is_compared(tmp_path: Path) -> None:
    rows = rows_of(
        tmp_path,
        {},
        {
            "seq": "合计",
            "what": "共7处，已整改4处，整改率57.1%",
            "place": None,
            "found": None,
            "grade": None,
            "responsible": None,
        },
    )
    assert [row.disposition for row in rows][-1] == "skip"
    assert sheets.compare("合计 共7处", []) != ()


def test_a_sound_clock_is_kept() -> None:
    assert moment_of("2026-11-23T10:00:00+08:00") == datetime.fromisoformat("2026-11-23T02:00:00+00:00")
