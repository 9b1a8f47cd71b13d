"""One example of each verb of the school, with one wrong state where there is one."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.examples import Example
from tests.world import TODAY


def _new(**keywords: Any) -> Any:
    return lambda world: (None, {k: v(world) if callable(v) else v for k, v in keywords.items()})


def _of(row: Any, **keywords: Any) -> Any:
    return lambda world: (row(world), {k: v(world) if callable(v) else v for k, v in keywords.items()})


ACTIONS = {
    "add_person": Example("head", _new(name="新人", number="N1"), _new(name="新人", number=lambda w: w.people["head"].number)),
    "correct_person": Example("head", _of(lambda w: w.people["worker"], name="何大庆", phone="19900000001"), _of(lambda w: w.people["worker"], name="何", number=lambda w: w.people["head"].number)),
    "appoint_person": Example("head", _of(lambda w: w.people["worker"], department=lambda w: w.computing, on=TODAY)),
    "leave_school": Example("head", _of(lambda w: w.people["worker"]), _of(lambda w: w.people["head"])),
    "add_department": Example("head", _new(name="教务处"), _new(name="总务处")),
    "correct_department": Example("head", _of(lambda w: w.computing, name="信息中心", aliases="电教组、机房"), _of(lambda w: w.computing, name="总务处")),
    "add_place": Example("head", _new(name="103", level="room", parent=lambda w: w.room_101.parent), _new(name="103", level="room")),
    "set_keeper": Example("head", _of(lambda w: w.room_102, keeper=lambda w: w.people["worker"])),
    "add_supplier": Example("head", _new(name="新供应商"), _new(name="城南智教科技")),
    "correct_supplier": Example("head", _of(lambda w: w.supplier, name="城南智教", phone="19900000002")),
    "add_class": Example("head", _new(name="302班"), _new(name="综合楼204")),
    "add_term": Example("head", _new(year=2027, half="spring"), _new(year=2026, half="autumn")),
    "correct_term": Example("head", _of(lambda w: w.term, begins_on=date(2026, 8, 15), label="秋季")),
}  # fmt: skip
