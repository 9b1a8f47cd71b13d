"""Hazard ledgers as schools keep them: columns in any order, grades and states in many words, days of many kinds, 同第5条, a line of totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.test_disposal import sound
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.transfer import runs, workbook, writing
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.safety import rules, sheets
from zongwu.safety.models import Field, Hazard
from zongwu.safety.sheets import LEDGER

HEAD = [
    "序号",
    "存在问题",
    "部位",
    "检查时间",
    "排查人",
    "级别",
    "责任人",
    "整改时限",
    "是否整改",
    "整改完成时间",
    "复查人",
    "复查结论",
    "投入资金",
    "备注",
]
ROWS: list[list[Any]] = [
    [
        1,
        "灭火器压力不足2具",
        "教学楼A101",
        date(2026, 9, 3),
        "周建国",
        "一般隐患",
        "何大庆",
        "立即整改",
        "已整改",
        "2026.9.3",
        "陈立新",
        "合格",
        160,
        None,
    ],
    [
        2,
        "栏杆焊点开裂",
        "教学楼A 二楼东走廊",
        "2026年9月5日",
        "同上",
        "I级",
        "何大庆",
        "2026/9/8前",
        "已销号",
        "9月8日",
        "陈立新",
        "合格",
        "1,200元",
        None,
    ],
    [3, "电线裸露", "食堂后厨", 46272, "孙丽华", "Ⅲ级", "食堂", "七天内", "已报修", None, None, None, None, "等配电箱"],
    [
        4,
        "车棚插座老化",
        "车棚",
        "2026-9-10",
        "孙丽华",
        "较大",
        "李四",
        "9月底前",
        "未整改",
        None,
        None,
        None,
        "自筹",
        None,
    ],
    [
        5,
        "楼梯口堆放杂物",
        "教学楼A 西楼梯",
        "2026.9.12",
        "周建国",
        "一般",
        "高文",
        "2026-09-14",
        "√",
        "2026-09-13",
        None,
        None,
        0,
        None,
    ],
    [
        6,
        "同第5条",
        "〃",
        "2026.10.12",
        "周建国",
        "一般",
        "高文",
        "当场",
        "已整改",
        "2026.10.12",
        "陈立新",
        "属实",
        0,
        None,
    ],
    [7, "井盖松动", "操场", None, "周建国", "一般", "何大庆", None, "整改中", None, None, None, None, None],
    [8, None, None, None, None, None, None, None, None, None, None, None, None, None],
    ["合计：共排查隐患 7 处，已整改 4 处，未整改 3 处，整改率 57.1%"],
]


def ledger(
    path: Path,
    rows: list[list[Any]] = ROWS,
    head: list[str] = HEAD,
    title: str = "城南实验小学 2026—2027学年隐患排查整改台账",
) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read(LEDGER, workbook.load(ledger(tmp_path / "隐患台账.xlsx")), today=TODAY)


def record(reading: Reading, row: int) -> dict[str, Any]:
    found = next(one for one in reading.rows if one.row == row)
    assert found.record is not None
    return found.record | {"disposition": found.disposition, "reasons": found.reasons}


def test_a_ledger_is_read_as_people_mean_it(reading: Reading) -> None:
    first, second, third, fourth, fifth, sixth, seventh = (record(reading, row) for row in range(3, 10))
    assert (first["status"], first["due"], first["closed"], first["money"], first["field"]) == (
        "已销号",
        "2026-09-03",
        "2026-09-03",
        Decimal(160),
        "消防",
    )
    assert (second["grade"], second["found"], second["finder"], second["due"], second["fixed"], second["money"]) == (
        "重大",
        "2026-09-05",
        "周建国",
        "2026-09-08",
        "2026-09-08",
        Decimal(1200),
    )
    assert (third["grade"], third["status"], third["due"], third["field"]) == (
        "一般",
        "整改中",
        "2026-09-14",
        "水电气热",
    )
    assert third["found"] == "2026-09-07"
    assert (fourth["grade"], fourth["status"], fourth["due"], fourth["disposition"]) == (
        "一般",
        "待整改",
        "2026-09-30",
        "warn",
    )
    assert any("较大" in reason for reason in fourth["reasons"])
    assert (fifth["status"], fifth["disposition"]) == ("待复查", "warn")
    assert (sixth["what"], sixth["place"], sixth["again"], sixth["status"]) == (
        fifth["what"],
        fifth["place"],
        "5",
        "已销号",
    )
    assert seventh["disposition"] == "reject"
    assert "没有发现日期" in seventh["reasons"][0]
    assert [row.disposition for row in reading.rows][-2:] == ["skip", "skip"]
    assert reading.imported == 6


def test_the_line_of_totals_is_compared_and_nothing_more(reading: Reading) -> None:
    stated = {one["label"]: (one["stated"], one["computed"]) for one in reading.control()["facts"]["stated"]}
    assert stated == {"隐患": ("7", "6"), "已整改": ("4", "4"), "没整改": ("3", "2"), "整改率": ("57.1%", "66.7%")}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("一般", "一般"), ("一般事故隐患", "一般"), ("III级", "一般"), ("四级", "一般"), ("蓝色", "一般"), ("重大", "重大"), ("重大事故隐患", "重大"), ("I级", "重大"), ("特别重大", "重大"),
        ("一级", "重大"), ("红", "重大"), ("较大", "一般"), ("II级", "一般"), ("看情况", ""),
    ],
)  # fmt: skip
def test_words_for_a_grade(word: str, meant: str) -> None:
    assert sheets.grade_of(word)[0] == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("已销号", "已销号"), ("闭环", "已销号"), ("办结", "已销号"), ("已整改", "待复查"), ("整改完成", "待复查"), ("已整改到位", "待复查"), ("√", "待复查"), ("是", "待复查"), ("待复查", "待复查"),
        ("已整改待验收", "待复查"), ("待销号", "待复查"), ("整改中", "整改中"), ("正在整改", "整改中"), ("部分整改", "整改中"), ("已报修", "整改中"), ("已上报", "整改中"), ("限期整改", "整改中"), ("未整改", "待整改"),
        ("尚未整改完成", "待整改"), ("待整改", "待整改"), ("否", "待整改"), ("×", "待整改"), ("逾期", "待整改"), ("挂牌督办", "待整改"), ("嗯", ""),
    ],
)  # fmt: skip
def test_words_for_a_state_say_done_but_never_looked_at(word: str, meant: str) -> None:
    assert sheets.status_of(word) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("本月共排查安全隐患20处，已整改19处，正在整改1处，整改率95%。", [("隐患", "20"), ("已整改", "19"), ("没整改", "1"), ("整改率", "95.0%")]),
        ("合计：20处", [("隐患", "20")]), ("说明：每月5日前上报", []), ("制表人：周建国", []), ("共 3 页", []),
    ],
)  # fmt: skip
def test_lines_of_text(text: str, said: list[tuple[str, str]]) -> None:
    assert [(one.label, one.stated) for one in sheets.compare(text, [])] == said


def imported(world: World, reading: Reading, ctx: Ctx) -> runs.ImportRun:
    kind = runs.kind_named("hazards")
    with scope.active(world.school):
        effects = runs.weigh(kind, reading)
    staged = runs.stage_import(
        ctx, kind="hazards", file_name="台账.xlsx", sha256="0" * 64, reading=reading, effects=effects, mapping={}
    )
    return runs.apply_import(ctx, staged)


@pytest.mark.django_db
@pytest.mark.seed("R1.23")
def test_it_is_written_tied_counted_exported_and_taken_back(world: World, reading: Reading, tmp_path: Path) -> None:
    ctx = world.ctx("head")
    run = imported(world, reading, ctx)
    with scope.active(world.school):
        rows = {one.what: one for one in Hazard.objects.filter(again_of=None)}
        assert rows["灭火器压力不足2具"].place == world.room_101
        assert rows["灭火器压力不足2具"].checked_by == world.people["principal"]
        assert rows["车棚插座老化"].spot == "车棚"
        assert Hazard.objects.get(again_of=rows["楼梯口堆放杂物"]).what == "楼梯口堆放杂物"
        values = [
            FIGURES[f"safety.{key}"].value(Window(date(2026, 8, 1), date(2027, 1, 31))).number
            for key in ("found", "due", "closed", "rate")
        ]
        assert values == [6, 6, 3, Decimal("50.0")]
        kind = runs.kind_named("hazards")
        again = read(LEDGER, workbook.load(ledger(tmp_path / "again.xlsx")), today=TODAY)
        assert [effect for effect in runs.weigh(kind, again) if effect != "none"] == ["same"] * 6
        exported = writing.export(LEDGER, kind.records(ctx, {}), school=world.school.name, made_on=TODAY)
    path = tmp_path / "导出.xlsx"
    path.write_bytes(exported)
    back = read(LEDGER, workbook.load(path), today=TODAY)
    with scope.active(world.school):
        assert [effect for effect in runs.weigh(kind, back) if effect != "none"] == ["same"] * 6
        some = list(kind.records(ctx, {"grade": "重大"}))
    assert [one["what"] for one in some] == ["栏杆焊点开裂"]
    sound(world)
    runs.undo_import(ctx, run)
    with scope.active(world.school):
        assert not Hazard.objects.real().exists()
    sound(world)


@pytest.mark.django_db
def test_nobody_closes_a_hazard_by_typing_a_word(world: World, reading: Reading, tmp_path: Path) -> None:
    imported(world, reading, world.ctx("head"))
    changed = [list(row) for row in ROWS]
    changed[3][8:12] = ["已销号", "2026-09-20", "陈立新", "合格"]
    path = ledger(tmp_path / "changed.xlsx", changed)
    other = read(LEDGER, workbook.load(path), today=TODAY)
    ctx = world.ctx("head")
    kind = runs.kind_named("hazards")
    with scope.active(world.school):
        effects = runs.weigh(kind, other)
    assert effects.count("update") == 1
    staged = runs.stage_import(
        ctx, kind="hazards", file_name="改过.xlsx", sha256="1" * 64, reading=other, effects=effects, mapping={}
    )
    with pytest.raises(Refused, match="表上改不了已有的隐患"):
        runs.apply_import(ctx, staged)


def test_the_sheet_calls_the_fields_as_the_records_do() -> None:
    assert {field.value: field.label for field in Field} == sheets.LABELS
    assert {field for field, _ in rules._FIELDS} < sheets.LABELS.keys()
