"""What was looked through in the demonstrated term, what was found, and who saw that it was gone."""

from __future__ import annotations

import contextlib
import io
from datetime import date, timedelta

from zongwu.checks import actions as checks
from zongwu.checks.actions import Said
from zongwu.checks.models import CheckItem, Plan, Point
from zongwu.kernel import attachments, scope
from zongwu.kernel.accounts import Role
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.safety import actions as safety
from zongwu.safety.models import Hazard
from zongwu.school.models import Place
from zongwu.site.demo_cast import Cast, at

POINTS = (
    ("A101", "一楼配电间"), ("A101", "1 号消火栓"), ("A201", "2 号消火栓"), ("A301", "3 号消火栓"), ("A102", "西楼梯口"), ("A202", "二楼西楼梯"), ("A302", "三楼西楼梯"),
    ("A105", "东门"), ("A104", "一楼厕所"), ("A204", "二楼厕所"),
)  # fmt: skip
SWEEPS = (
    (date(2026, 9, 7), "开学安全大检查", 6), (date(2026, 9, 28), "国庆节前安全大检查", 4), (date(2026, 11, 2), "冬季消防安全大检查", 5), (date(2026, 12, 21), "元旦前安全大检查", 5),
)  # fmt: skip
"""Day, name, how many points are not as they should be: twenty in all."""
MEASURES = ("更换器材", "加固", "清理通道", "修好线路", "更换灯具")


def look(cast: Cast) -> None:
    """Points with plates, the daily fire patrol of two weeks with one hole, four sweeps; nineteen of twenty findings are closed."""
    head = cast.does("zhou", at(2026, 9, 1))
    points = [checks.add_point(head, place=_room(cast, code), name=name) for code, name in POINTS]
    _patrol(cast, points[:4])
    for number, (on, name, wrong) in enumerate(SWEEPS):
        turned = [*points[number * 3 :], *points[: number * 3]]
        for at_, hazard in enumerate(_sweep(cast, on, name, turned[: max(6, wrong)], wrong)):
            _put_right(cast, hazard, MEASURES[(number + at_) % 5], leave=number == 3 and at_ == 4)
    _major(cast)


def _patrol(cast: Cast, points: list[Point]) -> None:
    """The electrician goes past four points every working day of January; on one day he was ill."""
    with scope.active(cast.school):
        plan, worker = Plan.objects.get(key="fire_patrol"), Role.objects.get(code="worker")
    first = date(2027, 1, 4)
    plan = checks.begin_plan(cast.does("zhou", at(2027, 1, 4, 8)), plan, from_on=first, role=worker, points=points)
    for days in range(11):
        day = first + timedelta(days=days)
        with contextlib.suppress(Refused):  # a day without tasks, or whose tasks are there already
            checks.make_tasks(Ctx.system("schedule", cast.school, now=at(day.year, day.month, day.day, 7)))
        if day.weekday() > 4 or day == date(2027, 1, 8):
            continue
        for n, point in enumerate(points):
            moment = at(day.year, day.month, day.day, 8) + timedelta(minutes=n * 7)
            checks.submit_round(cast.does("he", moment), plan=plan, point=point)


def _sweep(cast: Cast, on: date, name: str, points: list[Point], wrong: int) -> list[Hazard]:
    head = cast.does("zhou", at(on.year, on.month, on.day, 10))
    with scope.active(cast.school):
        survey, role = Plan.objects.get(key="hazard_survey"), Role.objects.get(code="head")
        items = list(CheckItem.objects.filter(checklist=survey.checklist, closed_on=None).order_by("seq"))
    plan = checks.add_plan(
        head, name=name, checklist=survey.checklist, level="sweep", every="once", from_on=on, until_on=on + timedelta(days=3), role=role, points=points
    )  # fmt: skip
    for n, point in enumerate(points):
        item = items[n % len(items)]
        words = item.wrongs[(n + on.month) % len(item.wrongs)]
        said = (
            [Said(item.pk, wrong=True, words=words, then="general", photo=picture(cast, "before", n))]
            if n < wrong
            else []
        )
        checks.submit_round(head, plan=plan, point=point, said=said, along="值周领导")
    with scope.active(cast.school):
        return list(Hazard.objects.filter(found_on=on).order_by("id"))


def _put_right(cast: Cast, hazard: Hazard, measure: str, *, leave: bool) -> None:
    on = hazard.found_on
    due = on + timedelta(days=7)
    safety.assign_hazard(
        cast.does("zhou", at(on.year, on.month, on.day, 16)),
        hazard,
        responsible=cast.people["he"],
        measure=measure,
        due_on=due,
        interim="先拉警戒带",
        grade=hazard.grade,
    )
    if leave:
        return
    done = on + timedelta(days=2 + hazard.pk % 4)
    safety.fix_hazard(
        cast.does("he", at(done.year, done.month, done.day, 15)),
        hazard,
        did=measure,
        on=done,
        photo=picture(cast, "after", hazard.pk % 7),
    )
    safety.pass_recheck(
        cast.does("chen", at(done.year, done.month, done.day, 17)), hazard, photo=picture(cast, "check", hazard.pk % 7)
    )


def _major(cast: Cast) -> None:
    """What the guide calls a major hazard; it waits for the re-check."""
    found = cast.does("gao", at(2027, 1, 11, 8))
    hazard = safety.report_hazard(
        found, place=_room(cast, "A302"), field="fire", what="后门被封堵", spot="后门", basis="门窗被封堵或装了不能打开的栅栏", photo=picture(cast, "before", 3)
    )  # fmt: skip
    safety.assign_hazard(
        cast.does("zhou", at(2027, 1, 11, 9)), hazard, responsible=cast.people["he"], supervisor=cast.people["zhou"], measure="拆除封堵，换推杆锁", due_on=date(2027, 1, 18),
        interim="专人值守，前门全开", grade="major", basis=hazard.basis,
    )  # fmt: skip
    safety.fix_hazard(
        cast.does("he", at(2027, 1, 13, 16)),
        hazard,
        did="封堵拆了，换了推杆锁",
        on=date(2027, 1, 13),
        photo=picture(cast, "after", 3),
    )


def picture(cast: Cast, moment: str, seed: int) -> Kept:
    """A drawing in place of a photograph."""
    from PIL import Image, ImageDraw  # heavy

    wall, mark = {"before": ("#D5DCE2", "#B3261E"), "after": ("#DCE3E0", "#1E7A3C"), "check": ("#DDE3EC", "#0F5EB2")}[
        moment
    ]
    drawn = Image.new("RGB", (640, 420), wall)
    pen = ImageDraw.Draw(drawn)
    for step in range(6):
        left = 40 + step * 95
        pen.rectangle((left, 340 - step * 40, left + 95, 420), fill="#B9C2CB", outline="#8D99A5")
        pen.line(
            (
                left + 48,
                340 - step * 40,
                left + 48 + (18 if moment == "before" and step == seed % 5 else 0),
                240 - step * 40,
            ),
            fill="#5F6C78",
            width=9,
        )
    x = 88 + seed % 5 * 95
    pen.ellipse((x - 60, 190 - seed % 5 * 40, x + 60, 310 - seed % 5 * 40), outline=mark, width=6)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=80)
    name = f"{moment}-{seed}.jpg"
    return Kept(name, *attachments.keep(cast.school.pk, name, out.getvalue()))


def _room(cast: Cast, code: str) -> Place:
    with scope.active(cast.school):
        return Place.objects.get(code=code)  # type: ignore[no-any-return]
