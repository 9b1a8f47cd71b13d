"""Four sweeps, twenty findings, nineteen closed: from the plate to the sentence in the summary, as its people."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from tests.checks.examples import listed, point, role
from tests.printing import pages, printed, whole
from tests.safety.examples import assigned, closed, fixed, found, late, major, photo
from tests.scenarios.test_disposal import sound
from tests.ui.conftest import client_of
from tests.world import NOW, TODAY, World
from zongwu.checks import actions as checks
from zongwu.checks.actions import Item, Said
from zongwu.checks.models import CheckItem, Round
from zongwu.kernel import codes, daily, figures, scope
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.notify import Notice
from zongwu.kernel.refs import ref
from zongwu.repairs.models import Ticket
from zongwu.safety import actions, queries, rules
from zongwu.safety.models import Hazard
from zongwu.summary import actions as summary
from zongwu.summary import prose
from zongwu.summary.models import Summary
from zongwu.summary.queries import read

pytestmark = pytest.mark.django_db
TERM = Window(date(2026, 8, 1), date(2027, 1, 31))


def figure(world: World, key: str, window: Window = TERM) -> Any:
    with scope.active(world.school):
        return FIGURES[key].value(window).number


def sweep(world: World, number: int, on: date, wrong: int) -> list[Hazard]:
    """One sweep over five points: `wrong` of them are not as they should be."""
    ctx = world.ctx("head", now=_at(on))
    names = [f"{number}-{n}" for n in range(5)]
    points = [checks.add_point(ctx, place=world.room_101, name=name) for name in names]
    items = [Item("门窗", "完好", wrong="破损")]
    checklist = checks.add_list(ctx, name=f"大检查{number}", area="safety", then="general", items=items)
    plan = checks.add_plan(
        ctx, name=f"第{number}次安全大检查", checklist=checklist, level="sweep", every="once", from_on=on, until_on=on, role=role(world, "head"), points=points,
    )  # fmt: skip
    with scope.active(world.school):
        item = CheckItem.objects.get(checklist=checklist).pk
    for n, where in enumerate(points):
        said = [Said(item, wrong=True, words="破损", then="general")] if n < wrong else []
        checks.submit_round(ctx, plan=plan, point=where, said=said)
    with scope.active(world.school):
        return list(Hazard.objects.filter(spot__startswith=f"{number}-").order_by("id"))


def text_of(world: World, written: Summary) -> str:
    """What the summary says, figures and all."""
    with scope.active(world.school):
        reading = read(Summary.objects.select_related("term", "school").get(pk=written.pk))
        pieces = [piece for one in reading.sections for piece in prose.pieces(one.body)]
        return "".join(reading.text_of(one.text) if one.is_figure else one.text for one in pieces)


def _at(on: date, hour: int = 10) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=SCHOOL_ZONE)


@pytest.mark.seed("R1.23", "R1.24", "R4.03")
def test_four_sweeps_twenty_findings_nineteen_closed_are_95_percent(world: World) -> None:
    days = [date(2026, 9, 14), date(2026, 9, 28), date(2026, 10, 19), date(2026, 11, 2)]
    hazards = [one for number, on in enumerate(days, 1) for one in sweep(world, number, on, 5)]
    assert len(hazards) == 20
    for hazard in hazards:
        with scope.active(world.school):
            hazard.refresh_from_db()
        on = hazard.found_on
        actions.assign_hazard(
            world.ctx("head", now=_at(on, 11)), hazard, responsible=world.people["worker"], measure="更换", due_on=hazard.due_on, grade="general"
        )  # fmt: skip
    for hazard in hazards[:19]:
        day = hazard.found_on + timedelta(days=3)
        actions.fix_hazard(world.ctx("worker", now=_at(day)), hazard, did="换了", on=day, photo=photo(world, "green"))
        actions.pass_recheck(world.ctx("principal", now=_at(day, 15)), hazard, photo=photo(world, "blue"))
    keys = (
        "checks.sweeps",
        "checks.rounds",
        "safety.found",
        "safety.due",
        "safety.closed",
        "safety.rate",
        "safety.on_time",
    )
    assert [figure(world, key) for key in keys] == [4, 20, 20, 20, 19, Decimal("95.0"), Decimal("95.0")]
    written = summary.begin_summary(world.ctx("head"), term=world.term)
    text = text_of(world, written)
    assert "开展拉网式大检查4次" in text
    assert "查出隐患20处，到期应整改20处，已整改销号19处，整改率95.0%" in text
    assert "还有1处隐患过了期限没有销号" in text
    page = client_of(world, "head").get(f"/{world.school.code}/figures/safety.closed/")
    assert len(set(re.findall(r"YH-2026-\d{4}", page.content.decode()))) == 19
    sound(world)


def test_a_sweep_that_found_nothing_counts_as_one(world: World) -> None:
    assert sweep(world, 1, date(2026, 11, 2), 0) == []
    assert (figure(world, "checks.sweeps"), figure(world, "checks.rounds"), figure(world, "safety.rate")) == (
        1,
        5,
        None,
    )


def test_what_is_not_due_and_what_is_only_reported_for_repair_is_not_put_right(world: World) -> None:
    """ux.md §3.4: closed ÷ due. A repair that is done closes nothing."""
    hazard = late(world)
    ticket = actions.repair_hazard(world.ctx("worker"), hazard)
    with scope.active(world.school):
        Ticket.objects.filter(pk=ticket.pk).update(state="closed")
        assert ticket.origin == ref(hazard)
    found(world, spot="东楼梯")  # not due before next week
    assert (figure(world, "safety.found"), figure(world, "safety.due"), figure(world, "safety.rate")) == (
        2,
        1,
        Decimal("0.0"),
    )
    with pytest.raises(Refused, match="没有报整改"):
        actions.pass_recheck(world.ctx("principal"), hazard, photo=photo(world))
    with scope.active(world.school):
        assert list(queries.tickets_of(world.ctx("head"), hazard)) == [ticket]
    sound(world)


def test_closed_after_its_deadline_is_closed_but_late(world: World) -> None:
    hazard = late(world, days=3)
    actions.fix_hazard(world.ctx("worker"), hazard, did="加固", on=TODAY, photo=photo(world))
    actions.pass_recheck(world.ctx("principal"), hazard, photo=photo(world, "blue"))
    assert (figure(world, "safety.rate"), figure(world, "safety.on_time")) == (Decimal("100.0"), Decimal("0.0"))
    before = Window(TERM.since, TODAY - timedelta(days=1))  # as of yesterday it stood open
    assert (figure(world, "safety.due", before), figure(world, "safety.rate", before)) == (1, Decimal("0.0"))


@pytest.mark.seed("R5.03")
def test_whoever_put_it_right_cannot_say_that_it_is_gone(world: World) -> None:
    """The fixer and whoever answers for it are refused by the action, and by the database beneath it."""
    hazard = actions.fix_hazard(world.ctx("head"), assigned(world), did="加固", on=TODAY, photo=photo(world))
    with pytest.raises(Refused, match="不能自己复查"):
        actions.pass_recheck(world.ctx("head"), hazard, photo=photo(world, "blue"))
    with pytest.raises(Refused, match="不能自己复查"):
        actions.fail_recheck(world.ctx("head"), hazard, verdict="不行")
    with pytest.raises(Forbidden):
        actions.pass_recheck(world.ctx("worker"), hazard, photo=photo(world, "blue"))
    with scope.active(world.school), pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(checked_by=world.people["head"])
    with scope.active(world.school), pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(checked_by=world.people["worker"])
    page = client_of(world, "head").get(f"/{world.school.code}/safety/hazards/{hazard.pk}/").content.decode()
    assert "您是整改人或责任人" in page
    assert "pass_recheck" not in page.partition("</h1>")[2].partition("复查 <span")[2][:900]
    assert actions.pass_recheck(world.ctx("principal"), hazard, photo=photo(world, "blue")).state == "closed"
    sound(world)


def test_without_a_photograph_from_the_spot_nothing_is_closed(world: World) -> None:
    with pytest.raises(Refused, match="没有现场照不能销号"):
        actions.pass_recheck(world.ctx("principal"), fixed(world), photo=None)


def test_a_deadline_that_has_passed_is_kept_with_the_new_one_beside_it(world: World) -> None:
    hazard, was = late(world), TODAY - timedelta(days=2)
    moved = actions.move_deadline(world.ctx("head"), hazard, until=date(2026, 12, 5), reason="等材料")
    assert (moved.due_on, moved.later_on) == (was, date(2026, 12, 5))
    with scope.active(world.school):
        assert "延到 12-05" in Notice.objects.filter(person=world.people["principal"]).latest("id").sentence
    with pytest.raises(Refused, match="要改请用「延期」"):
        actions.assign_hazard(
            world.ctx("head"),
            hazard,
            responsible=world.people["worker"],
            measure="加固",
            due_on=date(2026, 12, 9),
            grade="general",
        )
    with scope.active(world.school):
        assert list(Hazard.objects.overdue(TODAY)) == [hazard]
    early = actions.move_deadline(
        world.ctx("head"), assigned_elsewhere(world), until=date(2026, 12, 20), reason="等材料"
    )
    assert (early.due_on, early.later_on) == (date(2026, 12, 20), None)
    sound(world)


def assigned_elsewhere(world: World) -> Hazard:
    hazard = found(world, place=world.room_102)
    return actions.assign_hazard(
        world.ctx("head"),
        hazard,
        responsible=world.people["worker"],
        measure="加固",
        due_on=date(2026, 12, 1),
        grade="general",
    )


def test_what_comes_back_is_tied_to_what_it_was(world: World) -> None:
    first = closed(world)
    second = found(world)
    assert second.again_of == first
    assert figure(world, "safety.again") == 1
    with pytest.raises(NeedsConfirmation, match="已经登记过"):
        found(world)


def test_a_direct_item_of_the_guide_makes_it_major_and_the_principal_is_told_at_once(world: World) -> None:
    hazard = major(world)
    assert hazard.grade == "major"
    with scope.active(world.school):
        told = Notice.objects.filter(person=world.people["principal"]).latest("id").sentence
    assert told.startswith("重大隐患：")
    with pytest.raises(Refused) as no:
        actions.assign_hazard(
            world.ctx("head"),
            hazard,
            responsible=world.people["worker"],
            measure="拆除",
            due_on=date(2026, 11, 25),
            grade="major",
        )
    assert no.value.fields.keys() == {"supervisor", "interim", "basis"}
    assert (
        actions.list_hazard(
            world.ctx("principal"), hazard, number="城安〔2026〕3号", on=TODAY, supervisor=world.people["head"]
        ).listed_on
        == TODAY
    )


def test_the_ladder_tells_owner_supervisor_and_principal(world: World) -> None:
    steps = rules.ladder(date(2026, 11, 23), 1, 3)
    assert [(step.on.day, step.who) for step in steps] == [(23, "责任人"), (24, "督办人"), (26, "校长")]
    hazard = actions.assign_hazard(
        world.ctx("head"), late(world, 1), responsible=world.people["worker"], supervisor=world.people["storekeeper"], measure="加固", due_on=TODAY - timedelta(days=1), grade="general"
    )  # fmt: skip
    told = {}
    for days in range(4):
        daily.carry_out(world.school, NOW + timedelta(days=days))
        with scope.active(world.school):
            told[days] = {
                one.person.name
                for one in Notice.objects.filter(sentence__startswith="隐患逾期").select_related("person")
            }
    assert told[0] == {"何大庆", "孙丽华"}
    assert told[1] == told[0]
    assert "陈立新" in told[2]
    with scope.active(world.school):
        hazard.refresh_from_db()
        assert hazard.told == 3


def plate(world: World, where: Any) -> str:
    cache.clear()
    with scope.active(world.school):
        return f"/p/{codes.ensure(world.school.pk, where.kind, [where.pk])[where.pk]}"


@pytest.mark.seed("R1.24")
def test_anybody_before_a_plate_reports_a_hazard(world: World) -> None:
    url, door = plate(world, point(world)), Client()
    page = door.get(url).content.decode()
    assert "看到有危险" in page
    assert "什么坏了" in page
    answer = door.post(f"{url}/hazard/", {"field": "fire", "key": "k1", "phone": "13800138000"})
    link = answer.headers["Location"]
    assert (
        door.post(f"{url}/hazard/", {"field": "fire", "key": "k1", "phone": "13800138000"}).headers["Location"] == link
    )
    with scope.active(world.school):
        hazard = Hazard.objects.get()
        assert (hazard.source, hazard.state, hazard.spot, hazard.grade) == ("public", "new", "配电间", "general")
    known = door.post(f"{url}/hazard/", {"field": "fire", "key": "k2"})
    assert known.status_code == 409
    assert "已经有人报过了" in known.content.decode()
    shown = door.get(link).content.decode()
    assert "13800138000" not in shown
    assert door.get(link.replace(".", ".x")).status_code == 404
    actions.assign_hazard(
        world.ctx("head"),
        hazard,
        responsible=world.people["worker"],
        measure="清理",
        due_on=date(2026, 11, 30),
        grade="general",
    )
    actions.fix_hazard(world.ctx("worker"), hazard, did="清了", on=TODAY, photo=photo(world))
    with scope.active(world.school):
        done = actions.pass_recheck(world.ctx("principal"), hazard, photo=photo(world, "blue"))
    assert done.phone == ""
    assert "何大庆" not in door.get(link).content.decode()
    sound(world)


def test_a_hundred_from_one_address_are_held_before_a_photograph_is_opened(world: World) -> None:
    url = f"{plate(world, world.room_101)}/hazard/"
    answers = [Client().post(url, {"field": "fire", "key": f"n{n}", "spot": f"第{n}处"}).status_code for n in range(32)]
    assert answers == [302] * 30 + [429] * 2
    cache.clear()


@pytest.mark.seed("R1.05", "R1.25")
def test_a_hazard_becomes_a_repair_or_a_purchase_and_a_repair_becomes_a_hazard(world: World) -> None:
    hazard = assigned(world)
    page = client_of(world, "head")
    buying = f"/{world.school.code}/purchasing/purchases/new/ask_to_buy/?hazard={hazard.pk}"
    assert buying in page.get(f"/{world.school.code}/safety/hazards/{hazard.pk}/").content.decode()
    assert f'value="hazard:{hazard.pk}"' in page.get(buying).content.decode()
    ticket = actions.repair_hazard(world.ctx("worker"), hazard)
    with pytest.raises(Refused, match="已经报修了"):
        actions.repair_hazard(world.ctx("worker"), hazard)
    shown = page.get(f"/{world.school.code}/repairs/tickets/{ticket.pk}/").content.decode()
    assert hazard.number in shown
    assert f"/safety/hazards/new/report_hazard/?ticket={ticket.pk}" in shown
    begun = page.get(f"/{world.school.code}/safety/hazards/new/report_hazard/?ticket={ticket.pk}").content.decode()
    assert "扶手立柱松脱" in begun


def test_papers_of_a_hazard_and_of_a_visit(world: World) -> None:
    hazard = closed(world)
    page = client_of(world, "head")
    paper = printed(world, f"safety/hazards/notice.pdf?ids={hazard.pk}")
    assert "安全隐患整改通知书" in pages(paper)[0]
    whole(paper)
    pack = printed(world, "safety/pack/?since=2026-08-01&until=2026-12-31")
    told = "".join(pages(pack))
    for words in ("整改率", hazard.number, "扶手立柱松脱", "整改前后照片"):
        assert words in told
    assert page.get(f"/{world.school.code}/safety/pack/").status_code == 200


def test_listed_is_more_than_anybody_may(world: World) -> None:
    """What a finding becomes is somebody's who may; a round that found something says what became of it."""
    hazards = sweep(world, 1, date(2026, 11, 2), 2)
    with scope.active(world.school):
        rounds = Round.objects.filter(wrong=1)
        assert rounds.count() == 2
        assert {one.findings.get().became for one in rounds} == {ref(one) for one in hazards}
    assert listed(world).then == ""
    assert figures.FIGURES["checks.settled"].unit == "%"
