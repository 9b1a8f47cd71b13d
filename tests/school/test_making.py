"""What an import makes of the school on the way: said before, asked for, taken back."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.transfer.test_import_run import SAMPLE, stage
from tests.world import PASSWORD, TODAY, World
from zongwu.assets.actions import move_asset
from zongwu.kernel import doctor, scope
from zongwu.kernel.accounts import Person
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs
from zongwu.school import actions
from zongwu.school.models import Department, Gap, Place, SchoolClass, Supplier

pytestmark = pytest.mark.django_db


def sheet(folder: Path, *rows: list[Any]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "x.xlsx")
    return folder / "x.xlsx"


def standing(world: World) -> dict[str, Any]:
    """Everything that counts as the school's own, by name."""
    with scope.active(world.school):
        return {
            "places": set(Place.objects.open().values_list("path", flat=True)),
            "people": sorted(Person.objects.present().values_list("name", flat=True)),
            "departments": set(Department.objects.filter(closed_on=None).values_list("name", flat=True)),
            "suppliers": set(Supplier.objects.filter(closed_on=None).values_list("name", flat=True)),
            "classes": set(SchoolClass.objects.open().values_list("name", flat=True)),
        }


def test_an_undo_takes_back_what_the_ledger_made_of_the_school(world: World) -> None:
    before = standing(world)
    for _ in range(2):
        run = runs.apply_import(world.ctx("head"), stage(world, SAMPLE))
        grown = standing(world)
        assert grown["places"] > before["places"]
        assert len(grown["people"]) > len(before["people"])
        runs.undo_import(world.ctx("head"), run)
        assert standing(world) == before
        assert list(doctor.examine(world.school)) == []


def test_what_is_used_by_now_stays(world: World, tmp_path: Path) -> None:
    head = world.ctx("head")
    path = sheet(
        tmp_path, ["资产编号", "资产名称", "金额", "存放地点", "使用人", "使用部门"], ["Z1", "黑板", 300, "实验楼301", "吴一", "教科室"],
        ["Z2", "黑板", 300, "实验楼302", "吴二", "教科室"],
    )  # fmt: skip
    run = runs.apply_import(head, stage(world, path))
    with scope.active(world.school):
        room = Place.objects.get(path="本部/实验楼/3层/301")
        person = Person.objects.get(name="吴二")
    move_asset(world.ctx("storekeeper"), world.laptop, place=room, on=TODAY)
    actions.correct_person(head, person, name="吴二", phone="19900000009")
    runs.undo_import(head, run)
    left = standing(world)
    assert {"本部/实验楼", "本部/实验楼/3层", "本部/实验楼/3层/301"} <= left["places"]
    assert "本部/实验楼/3层/302" not in left["places"]
    assert "吴二" in left["people"]
    assert "吴一" not in left["people"]
    assert "教科室" not in left["departments"]


def test_what_an_import_brought_back_is_gone_again_as_before(world: World, tmp_path: Path) -> None:
    head = world.ctx("head")
    wing = actions.add_place(head, name="旧楼", level="building", parent=world.campus, opened_on=date(2026, 8, 1))
    actions.close_place(head, wing, on=TODAY)
    later = world.ctx("head", now=datetime(2026, 12, 20, 2, tzinfo=UTC))
    path = sheet(tmp_path, ["资产编号", "资产名称", "金额", "存放地点"], ["Z1", "黑板", 300, "旧楼"])
    run = runs.apply_import(later, stage(world, path))
    with scope.active(world.school):
        assert Place.objects.get(pk=wing.pk).closed_on is None
        assert Gap.objects.count() == 1
    runs.undo_import(later, run)
    with scope.active(world.school):
        again = Place.objects.get(pk=wing.pk)
        assert (again.opened_on, again.closed_on, Gap.objects.count()) == (date(2026, 8, 1), TODAY, 0)


def test_who_may_not_make_people_and_rooms_is_told_so(world: World, tmp_path: Path, client: Any) -> None:
    path = sheet(
        tmp_path, ["资产编号", "资产名称", "金额", "存放地点", "使用人", "使用部门"], ["Z1", "黑板", 300, "实验楼301", "吴一", "总务处"],
        ["Z2", "黑板", 300, "教学楼A101", "何大庆", "总务处"],
    )  # fmt: skip
    before, run = standing(world), stage(world, path, who="storekeeper")
    with pytest.raises(Refused, match=r"处场所（.*实验楼.*1 个人（吴一）。您没有新建的权限"):
        runs.apply_import(world.ctx("storekeeper"), run)
    assert standing(world) == before
    client.login(username="cnsx-storekeeper", password=PASSWORD)
    page = client.get(f"/cnsx/imports/{run.pk}/").content.decode()
    assert "您没有权限新建 1 处场所（实验楼301）" in page
    assert "您没有权限新建 1 个人（吴一）" in page
    answer = client.post(f"/cnsx/imports/{run.pk}/apply/", {"key": "k"})
    assert answer.status_code == 409
    assert "您没有新建的权限" in answer.content.decode()
    client.login(username="cnsx-head", password=PASSWORD)
    page = client.get(f"/cnsx/imports/{run.pk}/").content.decode()
    assert "还会新建" in page
    assert "1 处场所（实验楼301）" in page
    assert "您没有权限" not in page
    runs.apply_import(world.ctx("head"), run)


def test_a_sheet_without_strangers_needs_no_other_right(world: World, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["资产编号", "资产名称", "金额", "存放地点", "使用人", "使用部门"],
        ["Z2", "黑板", 300, "教学楼A101", "何大庆", "总务处"],
    )
    assert runs.apply_import(world.ctx("storekeeper"), stage(world, path, who="storekeeper")).imported == 1


def test_a_pupils_list_takes_its_classes_along(world: World, tmp_path: Path) -> None:
    before = standing(world)
    path = sheet(
        tmp_path, ["学号", "姓名", "班级", "入学日期"], ["1", "甲", "二1", "2025-09-01"], ["2", "乙", "三1", None]
    )
    run = runs.apply_import(world.ctx("head"), stage(world, path, "pupils"))
    with scope.active(world.school):
        came = {p.number: p.entered_on for row in SchoolClass.objects.all() for p in row.pupils.all()}
    assert came == {"1": date(2025, 9, 1), "2": world.school.opened_on}
    assert standing(world)["classes"] == {"二（1）班", "三（1）班"}
    runs.undo_import(world.ctx("head"), run)
    assert standing(world) == before
    assert list(doctor.examine(world.school)) == []


def test_a_storeroom_in_which_the_others_stand_is_the_head(world: World, tmp_path: Path) -> None:
    with scope.active(world.school):
        Place.objects.filter(pk=world.store.pk).update(level="storeroom")
    rows = [[f"本部/总务仓库/{name}", name, "库房"] for name in ("体育器材室", "图书馆库房")]
    runs.apply_import(world.ctx("head"), stage(world, sheet(tmp_path, ["位置", "名称", "类别"], *rows), "places"))
    with scope.active(world.school):
        assert Place.objects.get(level="head_storeroom").name == "总务仓库"
        assert Place.objects.filter(level="storeroom").count() == 2
    second = sheet(tmp_path, ["位置", "名称", "类别"], ["本部/二号库", "二号库", "总库房"])
    with pytest.raises(Refused, match="总库房却只能有一个"):
        runs.apply_import(world.ctx("head"), stage(world, second, "places"))


def test_a_name_that_was_closed_is_open_again_and_closed_by_the_undo(world: World, tmp_path: Path) -> None:
    head = world.ctx("head")
    corps = actions.close_department(head, actions.add_department(head, name="少先队"), on=TODAY)
    actions.close_supplier(head, world.supplier, on=TODAY)
    path = sheet(
        tmp_path, ["资产编号", "资产名称", "金额", "使用部门", "供应商"], ["Z1", "队鼓", 300, "少先队", "城南智教科技"]
    )
    before = standing(world)
    run = runs.apply_import(head, stage(world, path))
    assert "少先队" in standing(world)["departments"]
    runs.undo_import(head, run)
    assert standing(world) == before
    with scope.active(world.school):
        assert Department.objects.filter(name="少先队").get().pk == corps.pk
    assert list(doctor.examine(world.school)) == []
