"""What each verb of the school promises and refuses."""

from datetime import date
from typing import Any

import pytest

from tests.school.examples import BEGINS, pupil
from tests.world import TODAY, World
from zongwu.assets.actions import move_asset
from zongwu.kernel import doctor, scope, search
from zongwu.kernel.accounts import Holding, Membership
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.school import actions
from zongwu.school.models import Appointment, Place, Pupil, SchoolClass

pytestmark = pytest.mark.django_db


def paths(world: World) -> set[str]:
    with scope.active(world.school):
        return set(Place.objects.values_list("path", flat=True))


# --- places ----------------------------------------------------------------------------------------------------------


def test_everything_in_a_place_follows_its_name_and_its_parent(world: World) -> None:
    head, building = world.ctx("head"), world.room_101.parent
    twin = actions.add_place(head, name="教学楼a", level="building", parent=world.campus)
    actions.add_place(head, name="101", level="room", parent=twin)
    actions.correct_place(head, building, name="明德楼", level="building")
    assert {"本部/明德楼", "本部/明德楼/101", "本部/明德楼/102", "本部/教学楼a/101"} <= paths(world)
    assert not any("教学楼A" in path for path in paths(world))
    east = actions.add_place(head, name="东校区", level="campus")
    actions.move_place(head, building, parent=east)
    assert {"东校区/明德楼", "东校区/明德楼/101", "东校区/明德楼/102"} <= paths(world)
    with scope.active(world.school):
        assert [found.object_id for _, _, entries in search.find(head, "明德楼 投影仪") for found in entries] == [
            world.projector.pk
        ]
    assert list(doctor.examine(world.school)) == []


def test_a_place_cannot_be_put_into_itself_or_onto_another(world: World) -> None:
    head, building = world.ctx("head"), world.room_101.parent
    for place, parent, said in (
        (building, world.room_101, "在它里面"), (building, building, "就是它自己"), (world.room_101, building, "现在就在那里"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            actions.move_place(head, place, parent=parent)
    wing = actions.add_place(head, name="东楼", level="building", parent=world.campus)
    actions.add_place(head, name="101", level="room", parent=wing)
    with pytest.raises(Refused, match="已经有「101」"):
        actions.move_place(head, world.room_101, parent=wing)
    with pytest.raises(Refused, match="不能移"):
        actions.move_place(head, world.campus, parent=building)


def test_a_path_that_grows_too_long_is_refused(world: World) -> None:
    head, parent = world.ctx("head"), world.campus
    for letter in "甲乙丙丁":
        parent = actions.add_place(head, name=letter * 40, level="floor", parent=parent)
    with pytest.raises(Refused, match="太长"):
        actions.correct_place(head, world.campus, name="长" * 40, level="campus")


def test_a_place_in_use_is_not_closed(world: World) -> None:
    head = world.ctx("head")
    with pytest.raises(
        Refused, match="里面还有 2 处在用的场所（101、102）；还是三（1）班的教室；里面还有 2 张资产卡片"
    ):
        actions.close_place(head, world.room_101.parent, on=TODAY)
    with pytest.raises(Refused, match="1 张资产卡片"):
        actions.close_place(head, world.room_102, on=TODAY)
    move_asset(world.ctx("storekeeper"), world.laptop, place=world.store, on=TODAY)
    for day, said in ((date(2026, 11, 1), "启用"), (date(2026, 11, 24), "今天以后")):
        with pytest.raises(Refused, match=said):
            actions.close_place(head, world.room_102, on=day)
    actions.close_place(head, world.room_102, on=TODAY)
    with pytest.raises(Refused, match="停用了，要再用请打开它办「恢复」"):
        actions.add_place(head, name="102", level="room", parent=world.room_101.parent)
    anew = actions.add_place(head, name="103", level="room", parent=world.room_101.parent, code="A102")
    with pytest.raises(Refused, match="A102 已经用过"):
        actions.reopen_place(head, world.room_102, on=TODAY)
    actions.correct_place(head, anew, name="103", level="room", code="A103")
    assert actions.reopen_place(head, world.room_102, on=TODAY).closed_on is None
    assert list(doctor.examine(world.school)) == []


def test_there_is_one_head_storeroom(world: World) -> None:
    head = world.ctx("head")
    with pytest.raises(Refused, match="只能有一个"):
        actions.add_place(head, name="二库", level="head_storeroom", parent=world.campus)
    branch = actions.add_place(head, name="体育器材室", level="storeroom", parent=world.store)
    for place, level in ((branch, "head_storeroom"), (world.store, "storeroom")):
        with pytest.raises(Refused, match="定为总库房"):
            actions.correct_place(head, place, name=place.name, level=level)
    with pytest.raises(Refused, match="总库房"):
        actions.close_place(head, world.store, on=TODAY)
    with pytest.raises(NeedsConfirmation, match="总务仓库"):
        actions.make_head_storeroom(head, branch)
    actions.make_head_storeroom(head, branch, confirmed=True)
    with scope.active(world.school):
        levels = dict(Place.objects.storerooms().values_list("name", "level"))
    assert levels == {"体育器材室": "head_storeroom", "总务仓库": "storeroom"}


def test_a_branch_waits_for_the_head_storeroom(world: World) -> None:
    head = world.ctx("head")
    actions.close_place(head, world.store, on=TODAY)
    with pytest.raises(Refused, match="先添总库房"):
        actions.add_place(head, name="体育器材室", level="storeroom", parent=world.campus)
    actions.add_place(head, name="新库", level="head_storeroom", parent=world.campus)
    with pytest.raises(Refused, match="新库"):
        actions.reopen_place(head, world.store, on=TODAY)


# --- people, departments, suppliers ----------------------------------------------------------------------------------


def test_who_leaves_holds_nothing_any_more(world: World) -> None:
    worker, head = world.people["worker"], world.ctx("head")
    for day, said in ((date(2026, 11, 1), "入校"), (date(2026, 11, 24), "今天以后")):
        with pytest.raises(Refused, match=said):
            actions.leave_school(head, worker, on=day)
    actions.leave_school(head, worker, on=TODAY, reason="退休")
    with scope.active(world.school):
        assert not Appointment.objects.filter(person=worker, until_on=None).exists()
        assert not Holding.objects.filter(person=worker, until_on=None).exists()
        assert not Membership.objects.filter(person=worker, disabled_at=None).exists()
    with pytest.raises(Refused, match="已经离校"):
        actions.leave_school(head, worker, on=TODAY)
    assert list(doctor.examine(world.school)) == []


def test_who_still_has_something_in_his_charge_is_asked_about(world: World) -> None:
    with pytest.raises(NeedsConfirmation) as asked:
        actions.leave_school(world.ctx("head"), world.people["class_teacher"], on=TODAY)
    told = str(asked.value)
    assert "名下还有 1 张资产卡片" in told
    assert "还是三（1）班的班主任" in told
    assert "教学楼A 101的分保管员" in told
    actions.leave_school(world.ctx("head"), world.people["class_teacher"], on=TODAY, confirmed=True)


def test_nobody_leaves_the_school_without_an_administrator(world: World) -> None:
    with pytest.raises(Refused, match="自己的账号"):
        actions.leave_school(world.ctx("head"), world.people["head"], on=TODAY, confirmed=True)
    with pytest.raises(Refused, match="系统管理员"):
        actions.leave_school(world.ctx("head"), world.people["administrator"], on=TODAY)


def test_a_department_in_use_is_not_closed(world: World) -> None:
    head = world.ctx("head")
    with pytest.raises(Refused, match=r"还有 8 个人在这个部门；还有 1 张资产卡片"):
        actions.close_department(head, world.office, on=TODAY)
    corps = actions.close_department(head, actions.add_department(head, name="少先队"), on=TODAY)
    with pytest.raises(Refused, match="恢复"):
        actions.add_department(head, name="少先队")
    actions.reopen_department(head, corps)
    actions.close_supplier(head, world.supplier, on=TODAY, reason="不再合作")
    with pytest.raises(Refused, match="已经停用"):
        actions.close_supplier(head, world.supplier, on=TODAY)


# --- classes and pupils ----------------------------------------------------------------------------------------------


def test_a_class_with_pupils_ends_only_into_another(world: World) -> None:
    head, child = world.ctx("head"), pupil(world)
    with pytest.raises(Refused, match="还有 1 名学生"):
        actions.end_class(head, world.class_31, on=TODAY)
    other = actions.add_class(head, name="三2")
    with pytest.raises(Refused, match="建班"):
        actions.end_class(head, world.class_31, on=date(2026, 9, 1), to=other)
    actions.end_class(head, world.class_31, on=TODAY, to=other)
    with scope.active(world.school):
        assert Pupil.objects.get(pk=child.pk).school_class == other
    for verb, keywords in ((actions.correct_class, {"name": "三1"}), (actions.end_class, {"on": TODAY})):
        with pytest.raises(Refused, match="已经毕业或撤销"):
            verb(head, world.class_31, **keywords)
    assert actions.add_class(head, name="三（1）班").name == "三（1）班"
    assert list(doctor.examine(world.school)) == []


def test_one_class_by_all_its_names(world: World) -> None:
    head = world.ctx("head")
    for alias in ("三(1)班", "三1", "301班", "3.1班"):
        with pytest.raises(Refused, match="已经有三（1）班"):
            actions.add_class(head, name=alias)
    other = actions.add_class(head, name="三2")
    with pytest.raises(Refused, match="已经有三（1）班"):
        actions.correct_class(head, other, name="301班")
    assert actions.correct_class(head, other, name="303班").name == "三（3）班"


def test_a_pupil_has_one_number_and_one_class(world: World) -> None:
    head = world.ctx("head")
    child = pupil(world)
    with pytest.raises(Refused, match="学号 P1 是王小明的"):
        pupil(world)
    with pytest.raises(Refused, match="现在就在"):
        actions.move_pupil(head, child, to=world.class_31)
    actions.pupil_leaves(head, child, on=TODAY, reason="转学")
    with pytest.raises(Refused, match="办「返校」"):
        pupil(world)
    with pytest.raises(Refused, match="已经离校"):
        actions.move_pupil(head, child, to=world.class_31)
    gone = actions.end_class(head, world.class_31, on=TODAY)
    with pytest.raises(Refused, match="已经毕业或撤销"):
        actions.pupil_returns(head, child, on=TODAY, to=gone)


def test_a_class_teacher_sees_only_the_own_class(world: World, client: Any) -> None:
    other = actions.add_class(world.ctx("head"), name="三2")
    mine = pupil(world)
    theirs = actions.add_pupil(world.ctx("head"), number="P9", name="外班生", school_class=other)
    client.login(username="cnsx-class_teacher", password="zongwu-2026-test")
    own = client.get(f"/cnsx/school/classes/{world.class_31.pk}/").content.decode()
    assert mine.name in own
    assert theirs.name not in client.get(f"/cnsx/school/classes/{other.pk}/").content.decode()
    listed = client.get("/cnsx/school/pupils/").content.decode()
    assert mine.name in listed
    assert theirs.name not in listed
    assert client.get(f"/cnsx/school/pupils/{theirs.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        actions.move_pupil(world.ctx("class_teacher"), mine, to=other)


# --- going up --------------------------------------------------------------------------------------------------------


def test_going_up_asks_first_and_happens_once(world: World) -> None:
    head = world.ctx("head")
    with pytest.raises(Refused, match="没有可升的"):
        actions.promote_classes(head, on=BEGINS, graduating=6)
    with pytest.raises(Refused, match="今天以后"):
        actions.promote_classes(head, on=date(2026, 12, 1), graduating=6)
    with scope.active(world.school):
        SchoolClass.objects.update(opened_on=date(2026, 8, 1))
    for day in (date(2026, 7, 1), TODAY):
        with pytest.raises(Refused, match="不是新学年的开始"):
            actions.promote_classes(head, on=day, graduating=6)
    with pytest.raises(Refused, match="比毕业年级还高"):
        actions.promote_classes(head, on=BEGINS, graduating=2)
    with pytest.raises(NeedsConfirmation, match="三升四 1 个班"):
        actions.promote_classes(head, on=BEGINS, graduating=6)
    actions.promote_classes(head, on=BEGINS, graduating=6, confirmed=True)
    with pytest.raises(Refused, match="已经升过级"):
        actions.promote_classes(head, on=BEGINS, graduating=6, confirmed=True)


def test_a_new_class_of_the_same_name_stands_in_the_way(world: World) -> None:
    head = world.ctx("head")
    actions.add_class(head, name="二1", opened_on=date(2026, 8, 1))
    with pytest.raises(Refused, match="三（1）班 已经有新建的班"):
        actions.promote_classes(head, on=BEGINS, graduating=6, confirmed=True)


@pytest.mark.parametrize(("level", "inside"), [("building", "room_101"), ("floor", "room_101"), ("room", "closed")])
def test_a_place_lies_where_such_places_lie(world: World, level: str, inside: str) -> None:
    parent = world.room_101
    if inside == "closed":
        parent = actions.add_place(
            world.ctx("head"),
            name="旧楼",
            level="building",
            parent=world.room_101.parent.parent or world.room_101.parent,
        )
        parent = actions.close_place(world.ctx("head"), parent, on=TODAY)
    with pytest.raises(Refused, match=r"里面|停用"):
        actions.add_place(world.ctx("head"), name="错的", level=level, parent=parent)
