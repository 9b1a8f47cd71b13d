"""Inspections as their people make them: the calendar with its holes, three levels, two signatures, and telephones that cannot be believed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.checks.examples import ITEMS, checked, found, listed, plan, point, role, said, shipped, unsigned
from tests.scenarios.test_disposal import sound
from tests.ui.conftest import client_of
from tests.world import NOW, TODAY, World
from zongwu.checks import actions, queries
from zongwu.checks.actions import Item, Said
from zongwu.checks.models import CheckItem, Finding, Plan, Point, Round, Task
from zongwu.kernel import daily, scope
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.repairs.models import Ticket
from zongwu.school.actions import close_place, set_days

pytestmark = pytest.mark.django_db
TERM = Window(date(2026, 8, 1), date(2027, 1, 31))


def figure(world: World, key: str) -> Any:
    with scope.active(world.school):
        return FIGURES[key].value(TERM).number


def tasks(world: World, run: Plan) -> list[tuple[str, bool]]:
    with scope.active(world.school):
        rows = Task.objects.filter(plan=run).order_by("from_on", "point__name", "nth")
        return [(f"{one.from_on:%m-%d}", one.round_id is not None) for one in rows]


@pytest.mark.seed("R3.06")
def test_a_daily_patrol_makes_its_tasks_and_a_day_without_one_is_a_hole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plan(world, who="worker")
    where = stop(world, run)
    checked(world, plan_=run)
    for days in range(1, 5):
        daily.carry_out(world.school, NOW + timedelta(days=days))
        daily.carry_out(world.school, NOW + timedelta(days=days, hours=5))
        if days != 2:
            actions.submit_round(
                world.ctx("worker", now=NOW + timedelta(days=days)), plan=run, point=where, said=said(world, run)
            )
    assert tasks(world, run) == [("11-23", True), ("11-24", True), ("11-25", False), ("11-26", True), ("11-27", True)]
    monkeypatch.setenv("ZONGWU_NOW", (NOW + timedelta(days=4)).isoformat())
    with scope.active(world.school):
        missed = list(Task.objects.missed(date(2026, 11, 27)))
        strip = queries.calendar(run, date(2026, 11, 27))[0]
    assert [one.from_on.day for one in missed] == [25]
    assert [tone for tone, _ in strip.cells] == ["ok", "ok", "bad", "ok", "ok"]
    assert (figure(world, "checks.rounds"), figure(world, "checks.kept")) == (4, Decimal("75.0"))
    page = client_of(world, "head").get(f"/{world.school.code}/checks/plans/{run.pk}/").content.decode()
    assert "11-25 没查" in page
    sound(world)


def stop(world: World, run: Plan) -> Point:
    with scope.active(world.school):
        return run.stops.get().point


def test_holidays_ask_for_nothing_and_a_server_that_slept_catches_up(world: World) -> None:
    run = plan(world, who="worker")
    set_days(world.ctx("head"), from_on=date(2026, 11, 25), works=False, label="停课")
    daily.carry_out(world.school, NOW + timedelta(days=4))  # Friday; the server was off since Monday
    assert [day for day, _ in tasks(world, run)] == ["11-23", "11-24", "11-26", "11-27"]


def test_five_patrols_a_day_are_five_tasks_and_the_sixth_is_one_look_more(world: World) -> None:
    run = plan(world, every="day", times=5)
    for _ in range(6):
        checked(world, plan_=run)
    assert tasks(world, run) == [("11-23", True)] * 5
    assert figure(world, "checks.rounds") == 6


@pytest.mark.seed("R5.03", "R4.03")
def test_three_levels_and_nobody_checks_himself_again(world: World) -> None:
    """自查, 复查, 抽查 of one point; whoever checked himself does not re-check (R5.03)."""
    checklist, where = listed(world), point(world)
    levels = {
        level: plan(world, where, checklist=checklist, level=level, name=level, who=who)
        for level, who in (("self", "head"), ("again", "head"), ("spot", "principal"))
    }
    checked(world, who="head", plan_=levels["self"])
    with pytest.raises(Refused, match="自查是您自己做的，复查请换一个人"):
        checked(world, who="head", plan_=levels["again"])
    checked(world, who="principal", plan_=levels["spot"])
    again = actions.correct_plan(
        world.ctx("head"), levels["again"], name="again", person=world.people["storekeeper"], points=[where]
    )
    checked(world, who="storekeeper", plan_=again)
    assert [figure(world, f"checks.rounds_{level}") for level in ("self", "again", "spot")] == [1, 1, 1]
    with pytest.raises(Forbidden, match="由校长查"):
        checked(world, who="class_teacher", plan_=levels["spot"])
    sound(world)


def test_two_people_sign_a_fire_inspection(world: World) -> None:
    round_ = unsigned(world)
    with pytest.raises(Forbidden):
        actions.countersign_round(world.ctx("worker"), round_)
    own = checked(
        world,
        who="head",
        plan_=plan(world, point(world, "泵房"), checklist=listed(world, "消防", second=True), who="head"),
    )
    with pytest.raises(Refused, match="不能自己复核"):
        actions.countersign_round(world.ctx("head"), own)
    assert actions.countersign_round(world.ctx("principal"), own).second == world.people["principal"]


def test_every_answer_that_cannot_be_is_told_at_once(world: World) -> None:
    run = plan(world, checklist=listed(world, items=[*ITEMS[:1], ITEMS[1]._replace(photo=True), *ITEMS[2:]]))
    with scope.active(world.school):
        items = list(CheckItem.objects.filter(checklist=run.checklist).order_by("seq"))
    with pytest.raises(Refused) as no:
        checked(
            world,
            plan_=run,
            said=[
                Said(items[0].pk, absent=True),
                Said(items[1].pk, wrong=True),
                Said(items[3].pk, words="好极了"),
                Said(999_999),
            ],
        )
    assert len(no.value.problems) == 5
    for word in ("不适用的要写原因", "异常要拍一张照片", "请填读数", "请选一个：优、良、差", "不在这张检查表上"):
        assert any(word in problem for problem in no.value.problems), word
    with scope.active(world.school):
        assert not Round.objects.exists()


def test_a_reading_out_of_its_limits_is_wrong_by_itself(world: World) -> None:
    round_ = checked(world, said=said(world, run := plan(world), temperature=55, mark="差"), plan_=run)
    assert (round_.items, round_.wrong) == (4, 2)
    with scope.active(world.school):
        hot = Finding.objects.get(number=55)
    assert hot.verdict == "wrong"


@pytest.mark.parametrize(
    ("device_at", "on"),
    [
        (None, TODAY), (datetime(2026, 11, 20, 9, tzinfo=SCHOOL_ZONE), date(2026, 11, 20)), (datetime(2036, 11, 20, 9, tzinfo=SCHOOL_ZONE), TODAY),
        (datetime(2016, 11, 20, 9, tzinfo=SCHOOL_ZONE), TODAY), (datetime(2026, 11, 14, 9, tzinfo=SCHOOL_ZONE), TODAY),
    ],
)  # fmt: skip
def test_a_telephones_clock_is_believed_as_far_as_it_can_be_right(
    world: World, device_at: datetime | None, on: date
) -> None:
    """What waited for signal since Friday counts for Friday; a clock ten years off counts for now, and is kept as it was."""
    run = plan(world, from_on=date(2026, 11, 20))
    round_ = checked(world, plan_=run, device_at=device_at)
    assert (round_.on, round_.device_at) == (on, device_at)
    assert round_.belated == ("" if on == TODAY else f"{TODAY:%m-%d} 补传")
    done = {day for day, kept in tasks(world, run) if kept}
    assert done == {f"{on:%m-%d}"}
    sound(world)


def test_the_same_upload_three_times_is_one_look(world: World) -> None:
    run = plan(world)
    url = f"/{world.school.code}/checks/field/plan/{run.pk}/{stop(world, run).pk}/"
    phone = client_of(world, "worker")
    with scope.active(world.school):
        items = list(CheckItem.objects.filter(checklist=run.checklist).order_by("seq"))
    body = {
        "key": "once",
        "shown": ",".join(str(one.pk) for one in items),
        f"number-{items[2].pk}": "20",
        f"say-{items[3].pk}": "优",
    }
    answers = [phone.post(url, body, headers={"Accept": "application/json"}).json() for _ in range(3)]
    assert answers[0]["said"] == "ok"
    assert answers == [answers[0]] * 3
    with scope.active(world.school):
        assert Round.objects.count() == 1


def test_a_script_for_a_photograph_is_refused_with_everything_that_was_filled_in(world: World) -> None:
    run = plan(world)
    url = f"/{world.school.code}/checks/field/plan/{run.pk}/{stop(world, run).pk}/"
    with scope.active(world.school):
        items = list(CheckItem.objects.filter(checklist=run.checklist).order_by("seq"))
    file = SimpleUploadedFile("锁.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    body = {
        f"say-{items[0].pk}": "锁坏",
        f"note-{items[0].pk}": "锁芯掉了",
        f"photo-{items[0].pk}": file,
        f"number-{items[2].pk}": "热",
        f"say-{items[3].pk}": "优",
    }
    answer = client_of(world, "worker").post(url, body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是能打开的照片" in page
    assert "读数「热」不是数" in page
    assert "锁芯掉了" in page
    with scope.active(world.school):
        assert not Round.objects.exists()


def test_what_is_found_becomes_a_repair_a_hazard_or_nothing(world: World) -> None:
    finding = found(world)
    actions.follow_finding(world.ctx("head"), finding, then="repair")
    with scope.active(world.school):
        ticket = Ticket.objects.get()
        finding.refresh_from_db()
        assert (ticket.via, ticket.place, ticket.fault) == ("check", world.room_101, "door")
        assert finding.became == f"ticket:{ticket.pk}"
    with pytest.raises(Refused, match="已经处理过了"):
        actions.follow_finding(world.ctx("head"), finding, then="nothing")
    whole = plan(world, point(world, "泵房"), name="全校", checklist=listed(world, "泵房检查"))
    whole = actions.correct_plan(world.ctx("head"), whole, name="全校", role=role(world, "worker"))
    round_ = checked(world, Said(0, wrong=True, words="锁坏"), plan_=whole, point=None)
    with scope.active(world.school):
        nowhere = round_.findings.get(verdict="wrong")
    with pytest.raises(Refused, match="没有点位"):
        actions.follow_finding(world.ctx("head"), nowhere, then="general")
    assert actions.follow_finding(world.ctx("head"), nowhere, then="spot").then == "spot"
    sound(world)


def test_a_list_that_changed_keeps_the_words_of_old_rounds(world: World) -> None:
    round_ = checked(world, Said(0, wrong=True, words="锁坏"))
    fresh = actions.set_items(world.ctx("head"), round_.checklist, items=[ITEMS[3], Item("门锁", "关严")])
    with scope.active(world.school):
        assert [one.name for one in queries.items_of(fresh)] == ["评分", "门锁"]
        assert round_.findings.get(verdict="wrong").item.wanted == "关好，钥匙在"
    with pytest.raises(Refused, match="检查项改过了"):
        actions.submit_round(world.ctx("worker"), plan=round_.plan, point=round_.point, shown=[999_999])
    page = client_of(world, "head").get(f"/{world.school.code}/checks/lists/{fresh.pk}/do/set_items/").content.decode()
    assert "评分\t" in page


def test_what_hangs_on_a_point_keeps_its_place_open(world: World) -> None:
    where = point(world)
    with pytest.raises(Refused, match="还有 1 个检查点位"):
        close_place(world.ctx("head"), world.room_101, on=TODAY)
    actions.close_point(world.ctx("head"), where)
    with scope.active(world.school):
        assert not Task.objects.filter(point=where).exists()


@pytest.mark.seed("R2.01")
def test_the_duties_of_appendix_a_come_as_plans_and_readiness_is_one_of_them(world: World) -> None:
    with scope.active(world.school):
        assert Plan.objects.exclude(key="").filter(from_on=None).count() == 35
        assert all(queries.items_of(one.checklist).exists() for one in Plan.objects.select_related("checklist"))
        roles = {one.key: one.who for one in Plan.objects.select_related("role")}
    assert (roles["fire_patrol"], roles["depreciation"]) == ("门卫", "会计")
    ready = actions.begin_plan(world.ctx("head"), shipped(world, "readiness"), from_on=TODAY, role=role(world, "head"))
    round_ = checked(world, plan_=ready, who="head", said=[], point=None)
    assert (round_.items, round_.wrong) == (4, 0)
    assert tasks(world, ready) == [("08-01", True)]


def test_another_school_sees_nothing_of_it(world: World, stranger: World) -> None:
    run = plan(world)
    url = f"/{stranger.school.code}/checks/field/plan/{run.pk}/{stop(world, run).pk}/"
    assert client_of(stranger, "head").get(url).status_code == 404
    assert client_of(stranger, "head").get(url.replace(stranger.school.code, world.school.code)).status_code in (
        403,
        404,
    )
