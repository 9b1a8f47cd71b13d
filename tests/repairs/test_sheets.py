"""The repair book of a school, held to the answer sheet beside the sample."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.samples.compare import same
from tests.scenarios.test_disposal import sound
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.transfer import runs, workbook
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.repairs import rules
from zongwu.repairs.models import Ticket
from zongwu.repairs.sheets import REPAIRS

SAMPLES = Path(__file__).parents[1] / "samples"
ANSWER = json.loads((SAMPLES / "03_报修维修登记.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(REPAIRS, workbook.load(SAMPLES / "03_报修维修登记.xlsx"), today=TODAY)


def test_every_row_is_taken_as_the_answer_says(reading: Reading) -> None:
    rows = {(row["sheet"], row["row"]): row for row in reading.as_json()["rows"]}
    for sheet, lines in ANSWER["rows"].items():
        for line in lines:
            found = rows[sheet, line["row"]]
            assert found["disposition"] == line["disposition"], (found, line)
            if line.get("record"):
                assert same(found["record"], line["record"]), (found, line)
    assert reading.imported == ANSWER["control"]["imported"]


def test_its_own_figures_come_out(reading: Reading) -> None:
    records = [row.record for row in reading.rows if row.disposition in runs.IMPORTED and row.record]
    done = [record for record in records if record["status"] == "已完成"]
    assert (len(done), len(records) - len(done)) == (ANSWER["control"]["completed"], ANSWER["control"]["unfinished"])
    assert sum(record["fee"] for record in records) == Decimal(ANSWER["control"]["fee_total"])
    parts: dict[str, int] = {}
    for record in records:
        for name, many in rules.parts(str(record["parts"] or "")).items():
            parts[name] = parts.get(name, 0) + many
    assert parts == ANSWER["control"]["materials_imported"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("灯管3支、启辉器3个", {"灯管": 3}), ("换灯管 2", {"灯管": 2}), ("LED灯管×2", {"灯管": 2}), ("灯管２支", {"灯管": 2}), ("龙头1只", {"水龙头": 1}),
        ("球形锁 1", {"门锁": 1}), ("水龙头1个，生料带1卷", {"水龙头": 1}), ("无", {}), ("换2支灯管和1个插座", {"灯管": 2, "插座": 1}), ("换灯管", {"灯管": 1}),
    ],
)  # fmt: skip
def test_parts_in_free_words(words: str, found: dict[str, int]) -> None:
    assert rules.parts(words) == found


@pytest.mark.parametrize(
    ("what", "fault"),
    [("日光灯不亮", "light"), ("水龙头漏水", "water"), ("厕所堵塞", "water"), ("窗帘脱落", "door"), ("课桌腿松动", "desk"), ("投影不亮", "media"), ("旗杆歪了", "other")],
)  # fmt: skip
def test_what_words_point_to(what: str, fault: str) -> None:
    assert rules.fault_of(what) == fault


@pytest.mark.django_db
@pytest.mark.seed("R4.05")
def test_it_becomes_tickets_and_the_sentence_and_is_taken_back(world: World, reading: Reading) -> None:
    kind = runs.kind_named("repairs")
    with scope.active(world.school):
        effects = runs.weigh(kind, reading)
    staged = runs.stage_import(
        world.ctx("head"), kind="repairs", file_name="x.xlsx", sha256="1", reading=reading, effects=effects, mapping={}
    )
    run = runs.apply_import(world.ctx("head"), staged)
    window = Window(date(2026, 2, 1), date(2026, 7, 31))
    with scope.active(world.school):
        assert Ticket.objects.count() == 116
        assert set(runs.weigh(kind, reading)) == {"same", "none"}
        room = Ticket.objects.filter(place=world.room_101).first()  # 三（1）班 sits there
        assert room is not None
        told = {
            key: FIGURES[f"repairs.{key}"].value(window).number
            for key in ("reported", "mended", "mended_share", "tubes", "cost")
        }
    assert told == {
        "reported": 116,
        "mended": 110,
        "mended_share": Decimal("94.8"),
        "tubes": Decimal(37),
        "cost": Decimal("1780.00"),
    }
    sound(world)
    runs.undo_import(world.ctx("head"), run)
    with scope.active(world.school):
        assert not Ticket.objects.open().exists()
        assert FIGURES["repairs.reported"].value(window).number == 0
        assert set(runs.weigh(kind, reading)) == {"new", "none"}


def one_row(*cells: object) -> runs.Record:
    head = ["报修日期", "地点", "报修内容", "处理结果", "完成日期", "满意度"]
    grid = Grid("登记表", [["2025—2026学年第二学期报修登记表"], head, list(cells)])
    (row,) = [one for one in read(REPAIRS, [grid], today=TODAY).rows if one.record]
    return row.record | {"said": row.reasons, "how": row.disposition}  # type: ignore[operator]


def test_two_days_typed_as_numbers_are_settled_each_by_itself() -> None:
    found = one_row(Decimal("3.1"), "门卫室", "灯不亮", "√", Decimal("3.2"), "满意")
    assert (found["date"], found["finished"], found["how"]) == ("2026-03-01", "2026-03-02", "warn")


def test_a_word_for_the_rating_that_nobody_knows_is_told() -> None:
    found = one_row("2026-03-01", "门卫室", "灯不亮", "已完成", "2026-03-02", "凑合")
    assert (found["stars"], found["how"]) == (None, "warn")
    assert any("满意度“凑合”看不懂" in reason for reason in found["said"])
