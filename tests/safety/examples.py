"""One example of each verb of safety, with one wrong state."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from tests.examples import Example
from tests.world import NOW, TODAY, World
from zongwu.kernel import attachments, scope
from zongwu.kernel.attachments import Kept
from zongwu.safety import actions
from zongwu.safety.models import Hazard


def photo(world: World, colour: str = "red") -> Kept:
    """A photograph that is stored and hangs on nothing yet."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    name = f"{colour}.jpg"
    return Kept(name, *attachments.keep(world.school.pk, name, out.getvalue()))


def found(world: World, who: str = "class_teacher", **more: Any) -> Hazard:
    """The rail of the west stairs is loose; nobody answers for it yet."""
    given = {"place": world.room_101, "field": "building", "what": "扶手立柱松脱", "spot": "西楼梯"} | more
    return actions.report_hazard(world.ctx(who), **given)


def assigned(world: World, **more: Any) -> Hazard:
    given = {
        "responsible": world.people["worker"],
        "measure": "重打锚栓 4 根",
        "due_on": date(2026, 11, 30),
        "grade": "general",
    } | more
    return actions.assign_hazard(world.ctx("head"), found(world), **given)


def fixed(world: World, **more: Any) -> Hazard:
    given = {"did": "化学锚栓重打 4 根", "on": TODAY, "photo": photo(world, "green")} | more
    return actions.fix_hazard(world.ctx("worker"), assigned(world), **given)


def closed(world: World) -> Hazard:
    return actions.pass_recheck(world.ctx("principal"), fixed(world), photo=photo(world, "blue"), verdict="立柱不晃")


def major(world: World, **more: Any) -> Hazard:
    return found(world, field="fire", what="楼梯口被封堵", basis="门窗被封堵或装了不能打开的栅栏", **more)


def late(world: World, days: int = 2) -> Hazard:
    """Its deadline was two days ago."""
    return _aged(world, assigned(world), days)


def _aged(world: World, hazard: Hazard, days: int) -> Hazard:
    ago = TODAY - timedelta(days=days)
    with scope.active(world.school):
        rows = Hazard.objects.filter(pk=hazard.pk)
        rows.update(
            due_on=ago,
            found_on=ago - timedelta(days=7),
            set_on=ago - timedelta(days=6),
            found_at=NOW - timedelta(days=days + 7),
        )
        return rows.get()


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


def _seen(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), {"photo": photo(world, "blue")} | keywords)


REPORT = {"field": "fire", "what": "灭火器压力不足"}
ACTIONS = {
    "report_hazard": Example("class_teacher", lambda world: (None, {"place": world.room_101} | REPORT), lambda world: (None, {"place": world.room_101} | REPORT | {"field": "moon"})),
    "assign_hazard": Example(
        "head", lambda world: (found(world), {"responsible": world.people["worker"], "measure": "加固", "due_on": date(2026, 11, 30), "grade": "general"}),
        lambda world: (found(world), {"responsible": world.people["worker"], "measure": "加固", "due_on": date(2026, 11, 1), "grade": "general"}),
    ),
    "move_deadline": Example("head", _of(assigned, until=date(2026, 12, 10), reason="等材料"), _of(assigned, until=date(2026, 11, 24), reason="等材料")),
    "begin_fix": Example("worker", _of(assigned), _of(closed)),
    "repair_hazard": Example("worker", _of(assigned), _of(closed)),
    "fix_hazard": Example("worker", _seen(assigned, did="加固", on=TODAY), _of(assigned, did="加固", on=TODAY)),
    "pass_recheck": Example("principal", _seen(fixed), _of(fixed, photo=None)),
    "fail_recheck": Example("principal", _of(fixed, verdict="还在晃"), _of(assigned, verdict="还在晃")),
    "list_hazard": Example(
        "principal", lambda world: (major(world), {"number": "城安〔2026〕3号", "on": TODAY, "supervisor": world.people["head"]}),
        lambda world: (found(world), {"number": "城安〔2026〕3号", "on": TODAY, "supervisor": world.people["head"]}),
    ),
    "report_up": Example("head", _of(found, to="县教育局安全股", on=TODAY), _of(found, to="县教育局安全股", on=date(2026, 11, 1))),
    "escalate_hazard": Example("head", _of(late), _of(assigned)),
    "see_hazard": Example("class_teacher", _of(found, what="更松了"), _of(closed)),
    "drop_hazard": Example("head", _of(found, reason="看错了"), _of(closed, reason="看错了")),
}  # fmt: skip
WAITS = {
    "safety.major_open": major, "safety.overdue": late, "safety.unassigned": found, "safety.to_fix": assigned, "safety.to_recheck": fixed,
}  # fmt: skip
MAKES = {"safety.hazards": found}
