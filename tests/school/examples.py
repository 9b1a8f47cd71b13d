"""One example of each verb of the school, with one wrong state where there is one."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.examples import Example, Given
from tests.world import TODAY, World
from zongwu.kernel.ctx import Ctx
from zongwu.school.actions import (
    add_class,
    add_department,
    add_person,
    add_place,
    add_pupil,
    add_supplier,
    close_department,
    close_place,
    close_supplier,
    leave_school,
    pupil_leaves,
    set_days,
)

BEGINS = date(2026, 9, 1)


def _new(**keywords: Any) -> Any:
    return lambda world: (None, {k: v(world) if callable(v) else v for k, v in keywords.items()})


def _of(row: Any, **keywords: Any) -> Any:
    return lambda world: (row(world), {k: v(world) if callable(v) else v for k, v in keywords.items()})


def pupil(world: World, number: str = "P1", **keywords: Any) -> Any:
    return add_pupil(world.system(), number=number, name="王小明", school_class=world.class_31, **keywords)


def class_32(world: World) -> Any:
    return add_class(world.system(), name="三2班")


def promoting(*, confirmed: bool) -> Any:
    """The next September; the third grade is the highest."""

    def given(world: World) -> Given:
        return None, {"on": BEGINS, "graduating": 3, "confirmed": confirmed}

    return given


def _older(world: World) -> Given:
    """A class that was there before the day on which it is promoted."""
    add_class(world.system(), name="一1班", opened_on=date(2026, 8, 1))
    return None, {"on": BEGINS, "graduating": 6, "confirmed": True}


def _left(world: World) -> Any:
    return leave_school(world.system(), add_person(world.system(), name="借调的人", number="J1"), on=TODAY)


def _closed(world: World) -> Any:
    return close_place(world.system(), world.room_102, on=TODAY) if _emptied(world) else None


def _emptied(world: World) -> Ctx:
    from zongwu.assets.actions import move_asset

    move_asset(world.system(), world.laptop, place=world.store, on=TODAY)
    return world.system()


def _left_pupil(world: World) -> Any:
    return pupil_leaves(world.system(), pupil(world), on=TODAY)


def _a_day(world: World) -> Any:
    return set_days(world.system(), from_on=date(2026, 12, 4), works=False, label="运动会")


def _branch(world: World) -> Any:
    return add_place(world.system(), name="体育器材室", level="storeroom", parent=world.store)


def _wing(world: World) -> Any:
    return add_place(world.system(), name="东楼", level="building", parent=world.campus)


def _gone_department(world: World) -> Any:
    return close_department(world.system(), add_department(world.system(), name="少先队"), on=TODAY)


def _gone_supplier(world: World) -> Any:
    return close_supplier(world.system(), add_supplier(world.system(), name="旧书店"), on=TODAY)


def _room(world: World) -> Any:
    return world.room_102


def _rule(value: str) -> Any:
    said = {"key": "assets.disposal_limit_unit", "value": value, "from_on": TODAY, "source": "县财〔2026〕3号"}
    return lambda world: (None, said)


ACTIONS = {
    "set_rule": Example("head", _rule("50,000"), _rule("面议")),
    "add_person": Example("head", _new(name="新人", number="N1"), _new(name="新人", number=lambda w: w.people["head"].number)),
    "correct_person": Example("head", _of(lambda w: w.people["worker"], name="何大庆", phone="19900000001"), _of(lambda w: w.people["worker"], name="何", number=lambda w: w.people["head"].number)),
    "appoint_person": Example("head", _of(lambda w: w.people["worker"], department=lambda w: w.computing, on=TODAY), _of(lambda w: w.people["worker"], department=lambda w: w.computing, on=date(2020, 1, 1))),
    "leave_school": Example("head", _of(lambda w: w.people["worker"], on=TODAY), _of(lambda w: w.people["class_teacher"], on=TODAY)),
    "return_to_school": Example("head", _of(_left, on=TODAY), _of(lambda w: w.people["worker"], on=TODAY)),
    "add_department": Example("head", _new(name="教务处"), _new(name="总务处")),
    "correct_department": Example("head", _of(lambda w: w.computing, name="信息中心", aliases="电教组、机房"), _of(lambda w: w.computing, name="总务处")),
    "close_department": Example("head", _of(lambda w: add_department(w.system(), name="少先队"), on=TODAY), _of(lambda w: w.office, on=TODAY)),
    "reopen_department": Example("head", _of(_gone_department), _of(lambda w: w.office)),
    "add_place": Example("head", _new(name="103", level="room", parent=lambda w: w.room_101.parent), _new(name="103", level="room")),
    "set_keeper": Example("head", _of(_room, keeper=lambda w: w.people["worker"])),
    "correct_place": Example("head", _of(_room, name="二号机房", level="room", code="A103"), _of(_room, name="101", level="room")),
    "move_place": Example("head", _of(_room, parent=_wing), _of(lambda w: w.room_101.parent, parent=_room)),
    "make_head_storeroom": Example("head", _of(_branch, confirmed=True), _of(_branch)),
    "close_place": Example("head", _of(_wing, on=TODAY), _of(_room, on=TODAY)),
    "reopen_place": Example("head", _of(_closed, on=TODAY), _of(_room, on=TODAY)),
    "add_supplier": Example("head", _new(name="新供应商"), _new(name="城南智教科技")),
    "correct_supplier": Example("head", _of(lambda w: w.supplier, name="城南智教", phone="19900000002")),
    "close_supplier": Example("head", _of(lambda w: w.supplier, on=TODAY), _of(lambda w: w.supplier, on=date(2099, 1, 1))),
    "reopen_supplier": Example("head", _of(_gone_supplier), _of(lambda w: w.supplier)),
    "add_class": Example("head", _new(name="302班"), _new(name="综合楼204")),
    "correct_class": Example("head", _of(lambda w: w.class_31, name="三1班", teacher=lambda w: w.people["worker"], room=_room), _of(lambda w: w.class_31, name="操场")),
    "promote_classes": Example("head", _older, promoting(confirmed=False)),
    "end_class": Example("head", _of(lambda w: w.class_31, on=TODAY), lambda w: (pupil(w).school_class, {"on": TODAY})),
    "add_pupil": Example("head", _new(number="P1", name="王小明", school_class=lambda w: w.class_31), lambda w: (None, {"number": pupil(w).number, "name": "重号", "school_class": w.class_31})),
    "correct_pupil": Example("head", _of(pupil, number="P2", name="王晓明"), _of(pupil, number="P1", name="王晓明", entered_on=date(2099, 1, 1))),
    "move_pupil": Example("head", _of(pupil, to=class_32), _of(pupil, to=lambda w: w.class_31)),
    "pupil_leaves": Example("head", _of(pupil, on=TODAY), _of(_left_pupil, on=TODAY)),
    "pupil_returns": Example("head", _of(_left_pupil, on=TODAY, to=lambda w: w.class_31), _of(pupil, on=TODAY, to=lambda w: w.class_31)),
    "add_term": Example("head", _new(year=2027, half="spring"), _new(year=2026, half="autumn")),
    "correct_term": Example("head", _of(lambda w: w.term, begins_on=date(2026, 8, 15), label="秋季")),
    "set_days": Example("head", _new(from_on=date(2027, 1, 18), until_on=date(2027, 2, 26), works=False, label="寒假"), _new(from_on=date(2027, 1, 18), until_on=date(2027, 1, 1), works=False, label="寒假")),
    "clear_day": Example("head", _of(_a_day)),
    "seed_year": Example("head", _new(year=2025), _new(year=2090)),
}  # fmt: skip
