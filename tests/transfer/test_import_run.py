"""The import as a run: what it writes, that it comes back unchanged, that it can be taken back."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tests.world import TODAY, World
from zongwu.assets.actions import change_state, print_labels
from zongwu.assets.models import Asset, AssetSpell
from zongwu.kernel import doctor, scope, search
from zongwu.kernel.accounts import Person
from zongwu.kernel.errors import Forbidden, Missing, NeedsConfirmation, Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.transfer import runs, workbook, writing
from zongwu.kernel.transfer.reading import read
from zongwu.kernel.transfer.runs import ImportRun

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"


def stage(world: World, path: Path = SAMPLE, kind: str = "assets", who: str = "head") -> ImportRun:
    described = runs.kind_named(kind)
    reading = read(described.sheet, workbook.load(path), today=TODAY)
    with scope.active(world.school):
        effects = runs.weigh(described, reading)
    return runs.stage_import(
        world.ctx(who),
        kind=kind,
        file_name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        reading=reading,
        effects=effects,
        mapping={},
    )


def exported(world: World, folder: Path, kind: str = "assets") -> Path:
    described = runs.kind_named(kind)
    with scope.active(world.school):
        content = writing.export(described.sheet, described.records(world.system(), {}), school="校", made_on=TODAY)
    path = folder / f"{kind}.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.seed("R1.09")
def test_the_whole_ledger_is_written_under_one_entry(world: World) -> None:
    with scope.active(world.school):
        before, entries = Asset.objects.count(), JournalEntry.objects.count()
    run = runs.apply_import(world.ctx("head"), stage(world))
    with scope.active(world.school):
        assert Asset.objects.count() == before + 285
        assert JournalEntry.objects.count() == entries + 2
        total = sum(Asset.objects.filter(pk__in=run.rows.values("object_id")).values_list("value", flat=True))
        assert total == Decimal("1694767.61")
        entry = JournalEntry.objects.get(verb="import.applied")
        assert entry.read_facts()["total_fen"] == 169476761
        numbers = list(Asset.objects.values_list("number", flat=True))
        assert len(numbers) == len(set(numbers))
        undated = Asset.objects.get(number="ZC-2011-0043")
        assert (undated.precision, undated.in_books_on) == ("ambiguous", world.school.opened_on)
        broken = Asset.objects.get(number="ZC-2018-0006")
        assert (broken.state, broken.condition, str(broken.place)) == ("in_use", "broken", "行政楼 457")
        assert AssetSpell.objects.filter(until_on=None).count() == Asset.objects.count()
    assert list(doctor.examine(world.school)) == []


def test_an_export_comes_back_all_the_same(world: World, tmp_path: Path) -> None:
    runs.apply_import(world.ctx("head"), stage(world))
    again = stage(world, exported(world, tmp_path))
    with scope.active(world.school):
        odd = [
            (row.row, row.effect, row.disposition, row.record, row.reasons)
            for row in again.rows.exclude(disposition="skip")
            if row.effect != "same"
        ]
        assert odd == []
        assert again.rows.exclude(disposition="skip").count() == Asset.objects.live().count()
        before = JournalEntry.objects.count()
    runs.apply_import(world.ctx("head"), again)
    with scope.active(world.school):
        assert JournalEntry.objects.latest("id").read_facts()["same"] == Asset.objects.live().count()
        assert JournalEntry.objects.count() == before + 1


@pytest.mark.parametrize("text", ["=1+1", "+86 房", "-5 度柜", "@物", "'引号"])
def test_cells_that_look_like_formulas_come_back_unchanged(world: World, tmp_path: Path, text: str) -> None:
    with scope.active(world.school):
        Asset.objects.filter(pk=world.projector.pk).update(name=text, spec=text)
    path = exported(world, tmp_path)
    with scope.active(world.school):
        reading = read(runs.kind_named("assets").sheet, workbook.load(path), today=TODAY)
        effects = runs.weigh(runs.kind_named("assets"), reading)
    assert {e for r, e in zip(reading.rows, effects, strict=True) if r.disposition != "skip"} == {"same"}


def test_a_changed_row_updates_and_opens_a_spell(world: World, tmp_path: Path) -> None:
    import openpyxl

    path = exported(world, tmp_path)
    book = openpyxl.load_workbook(path)
    page = book.active
    head = {cell.value: cell.column for cell in page[3]}
    line = next(
        row for row in range(4, page.max_row + 1) if page.cell(row, head["资产编号"]).value == world.projector.number
    )
    page.cell(line, head["存放地点"]).value = "教学楼A102"
    page.cell(line, head["规格型号"]).value = "换过灯泡"
    book.save(path)
    run = runs.apply_import(world.ctx("head"), stage(world, path))
    with scope.active(world.school):
        card = Asset.objects.get(pk=world.projector.pk)
        assert (card.place, card.spec) == (world.room_102, "换过灯泡")
        assert card.spells.count() == 2
    runs.undo_import(world.ctx("head"), run)
    with scope.active(world.school):
        card = Asset.objects.get(pk=world.projector.pk)
        assert (card.place, card.spec) == (world.room_101, "3600 流明 短焦")
    assert list(doctor.examine(world.school)) == []


def test_the_whole_import_can_be_taken_back(world: World) -> None:
    run = runs.apply_import(world.ctx("head"), stage(world))
    with scope.active(world.school):
        live = Asset.objects.live().count()
    runs.undo_import(world.ctx("head"), run)
    with scope.active(world.school):
        assert Asset.objects.live().count() == live - 285
    assert list(doctor.examine(world.school)) == []
    second = runs.apply_import(world.ctx("head"), stage(world))
    assert second.imported == 285
    with pytest.raises(Refused, match="撤销过"):
        runs.undo_import(world.ctx("head"), run)


def test_what_was_touched_since_is_not_taken_back(world: World) -> None:
    run = runs.apply_import(world.ctx("head"), stage(world))
    with scope.active(world.school):
        card = Asset.objects.get(number="ZC-2021-0001")
    change_state(world.ctx("storekeeper"), card, state="idle", condition="good", on=TODAY)
    with pytest.raises(Refused, match="ZC-2021-0001"):
        runs.undo_import(world.ctx("head"), run)


def test_the_same_file_twice_asks_first(world: World) -> None:
    runs.apply_import(world.ctx("head"), stage(world))
    second = stage(world)
    with pytest.raises(NeedsConfirmation, match="已经导入过"):
        runs.apply_import(world.ctx("head"), second)
    runs.apply_import(world.ctx("head"), second, confirmed=True)


def test_a_choice_settles_an_open_date(world: World) -> None:
    run = stage(world)
    with scope.active(world.school):
        line = run.rows.get(row=51)
    runs.settle_cell(world.ctx("head"), run, row=line.pk, key="date", value="2011-10")
    with pytest.raises(Refused, match="没有这个选项"):
        runs.settle_cell(world.ctx("head"), run, row=line.pk, key="date", value="2011-10")
    runs.apply_import(world.ctx("head"), run)
    with scope.active(world.school):
        card = Asset.objects.get(number="ZC-2011-0043")
        assert (card.acquired_on, card.precision) == (date(2011, 10, 1), "month")


def test_who_may_not_import_may_not(world: World, stranger: World) -> None:
    with pytest.raises(Forbidden):
        stage(world, who="class_teacher")
    run = stage(world)
    with pytest.raises(Missing):
        runs.apply_import(stranger.ctx("storekeeper"), run)


def test_a_failure_in_the_middle_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = stage(world)
    with scope.active(world.school):
        before = (Asset.objects.count(), Person.objects.count(), JournalEntry.objects.count())
    monkeypatch.setattr("zongwu.kernel.journal.append", lambda *_: (_ for _ in ()).throw(OSError("power is gone")))
    with pytest.raises(OSError, match="power"):
        runs.apply_import(world.ctx("head"), run)
    monkeypatch.undo()
    with scope.active(world.school):
        assert (Asset.objects.count(), Person.objects.count(), JournalEntry.objects.count()) == before
        assert ImportRun.objects.get(pk=run.pk).state == "read"


@pytest.mark.parametrize("kind", ["staff", "places", "pupils", "suppliers"])
def test_the_schools_own_tables_come_back_unchanged(world: World, tmp_path: Path, kind: str) -> None:
    again = stage(world, exported(world, tmp_path, kind), kind, who="head")
    with scope.active(world.school):
        odd = [
            (r.row, r.effect, r.record, r.reasons) for r in again.rows.exclude(disposition="skip") if r.effect != "same"
        ]
        assert odd == []


def test_a_pupils_list_with_classes_written_in_every_way(world: World, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["学号", "姓名", "班级"],
        ["1", "甲", "三(1)班"],
        ["2", "乙", "三1"],
        ["3", "丙", "301班"],
        ["4", "丁", "综合楼204"],
    ):
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    run = runs.apply_import(world.ctx("head"), stage(world, tmp_path / "p.xlsx", "pupils", who="head"))
    assert run.imported == 3
    with scope.active(world.school):
        assert world.class_31.pupils.count() == 3


def test_an_undo_gives_every_value_back(world: World, tmp_path: Path) -> None:
    import openpyxl

    def stored() -> dict[str, object]:
        with scope.active(world.school):
            return runs.snapshot(Asset.objects.get(pk=world.projector.pk))

    before = stored()
    book = openpyxl.Workbook()
    book.active.append(["资产编号", "资产名称", "金额", "财政卡片号", "保修到", "使用状况", "备注"])
    book.active.append([world.projector.number, "投影仪", 5260, "TY-1", "2030-01-01", "闲置", "换过"])
    book.save(tmp_path / "x.xlsx")
    run = runs.apply_import(world.ctx("head"), stage(world, tmp_path / "x.xlsx"))
    changed = stored()
    assert {k for k in before if before[k] != changed[k]} == {"finance_number", "warranty_until", "state", "remark"}
    runs.undo_import(world.ctx("head"), run)
    assert stored() == before
    assert list(doctor.examine(world.school)) == []


def test_an_import_changes_no_more_than_its_hand_may(world: World, tmp_path: Path) -> None:
    import openpyxl

    for column, value, said in (("金额", 9999, "改价值"), ("使用状况", "已报废", "走手续")):
        book = openpyxl.Workbook()
        book.active.append(["资产编号", "资产名称", "金额", "使用状况"])
        row = {"金额": 5260, "使用状况": "在用"} | {column: value}
        book.active.append([world.projector.number, "投影仪", row["金额"], row["使用状况"]])
        book.save(tmp_path / "x.xlsx")
        run = stage(world, tmp_path / "x.xlsx")
        with pytest.raises(Refused, match=said):
            runs.apply_import(world.ctx("storekeeper"), run)


def test_a_ledger_is_written_some_rows_at_a_time_as_if_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows without a number before those that have one, the same content twice, updates: chunks of two change nothing."""
    heads = ["资产编号", "资产名称", "数量", "单价", "金额", "取得日期", "存放地点"]
    rows = [
        ["", "凳子", 1, 10, 10, "2026-09-01", "教学楼A101"], ["", "凳子", 1, 10, 10, "2026-09-01", "教学楼A101"],
        ["ZC-2026-0500", "桌子", 1, 20, 20, "2026-09-01", "教学楼A555"], ["", "柜子", 1, 30, 30, "2026-09-01", "教学楼A555"],
        ["ZC-2026-0501", "灯", 2, 5, 10, "2026-09-01", "教学楼A101"],
    ]  # fmt: skip
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("固定资产台账")
        for at, row in enumerate([heads, *rows]):
            page.write_row(at, 0, row)
    monkeypatch.setattr(runs, "_MANY", 2)
    described, ctx = runs.kind_named("assets"), world.ctx("head")

    def take_in(*, again: bool = False) -> runs.ImportRun:
        with scope.active(world.school):
            reading = read(described.sheet, workbook.load(path), today=TODAY)
            effects = runs.weigh(described, reading)
        staged = runs.stage_import(
            ctx, kind="assets", file_name="x", sha256="1", reading=reading, effects=effects, mapping={}
        )
        return runs.apply_import(ctx, staged, confirmed=again)

    with scope.active(world.school):
        before = Asset.objects.live().count()
    first = take_in()
    with scope.active(world.school):
        numbers = list(Asset.objects.live().order_by("pk").values_list("number", flat=True))[before:]
        assert first.imported == len(set(numbers)) == 5
        assert {"ZC-2026-0500", "ZC-2026-0501"} < set(numbers)
        assert (
            min(numbers) == "ZC-2026-0500"
        )  # what comes later in the sheet was seen before the first number was drawn
    again = take_in(again=True)
    with scope.active(world.school):
        assert Asset.objects.live().count() == before + 5
        assert set(again.rows.filter(disposition__in=runs.IMPORTED).values_list("effect", flat=True)) == {"same"}
        made = list(Asset.objects.live().order_by("pk").values_list("pk", flat=True))[before:]
    print_labels(ctx, assets=made)  # a printed label changes nothing: the import is taken back all the same
    runs.undo_import(ctx, first)
    with scope.active(world.school):
        assert Asset.objects.live().count() == before
        assert not search.SearchEntry.objects.filter(object_kind="asset", object_id__in=made).exists()
    assert list(doctor.examine(world.school)) == []
