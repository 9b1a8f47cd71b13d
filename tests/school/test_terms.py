"""Terms tile time and signed ones stand; the calendar of the days that depart from the week."""

from datetime import date
from pathlib import Path

import pytest

from tests.transfer.test_import_run import stage
from tests.world import World
from zongwu.kernel import doctor, scope
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs
from zongwu.school import actions, queries
from zongwu.school.models import CalendarDay, Term
from zongwu.summary.actions import begin_summary, sign_summary

pytestmark = pytest.mark.django_db


def spring(world: World, begins_on: date | None = None) -> Term:
    return actions.add_term(world.ctx("head"), year=2027, half="spring", begins_on=begins_on)


def sign(world: World, term: Term) -> None:
    sign_summary(world.ctx("head"), begin_summary(world.ctx("head"), term=term))


def test_a_beginning_moves_between_its_neighbours(world: World) -> None:
    head, following = world.ctx("head"), spring(world)
    actions.correct_term(
        head, following, begins_on=date(2027, 2, 10), label="下学期", classes_begin_on=date(2027, 2, 20)
    )
    with scope.active(world.school):
        assert queries.window(world.term).until == date(2027, 2, 9)
    with pytest.raises(Refused, match="要晚于"):
        actions.correct_term(head, following, begins_on=date(2026, 7, 1), label="下学期")
    with pytest.raises(Refused, match="要早于"):
        actions.correct_term(head, world.term, begins_on=date(2027, 3, 1), label="上学期")
    with pytest.raises(Refused, match="也从这一天开始"):
        actions.add_term(head, year=2027, half="autumn", begins_on=date(2027, 2, 10))


def test_the_end_of_a_signed_term_does_not_move(world: World) -> None:
    head, following = world.ctx("head"), spring(world)
    sign(world, world.term)
    with pytest.raises(Refused, match="它到 2027-01-31 为止"):
        actions.correct_term(head, following, begins_on=date(2027, 2, 10), label="下学期")
    with pytest.raises(Refused, match="已经定稿"):
        actions.correct_term(head, world.term, begins_on=date(2026, 8, 10), label="上学期")
    same = actions.correct_term(
        head, following, begins_on=date(2027, 2, 1), label="下学期", classes_begin_on=date(2027, 2, 20)
    )
    assert (same.label, same.classes_begin_on) == ("下学期", date(2027, 2, 20))


@pytest.mark.parametrize("begins_on", [date(2026, 12, 1), date(2027, 2, 15)])
def test_no_new_term_moves_the_end_of_a_signed_one(world: World, begins_on: date) -> None:
    sign(world, world.term)
    with pytest.raises(Refused, match="已经定稿"):
        spring(world, begins_on)
    assert spring(world).begins_on == date(2027, 2, 1)


def test_the_school_works_by_its_own_calendar(world: World) -> None:
    def works(day: date) -> bool:
        with scope.active(world.school):
            return queries.works(day)

    assert (works(date(2026, 10, 1)), works(date(2026, 10, 10)), works(date(2026, 10, 12))) == (False, True, True)
    head = world.ctx("head")
    first = actions.set_days(head, from_on=date(2026, 11, 26), until_on=date(2026, 11, 27), works=False, label="运动会")
    assert not works(date(2026, 11, 26))
    assert not works(date(2026, 11, 27))
    actions.clear_day(head, first)
    assert works(date(2026, 11, 26))
    with pytest.raises(Refused, match="已经撤回"):
        actions.clear_day(head, first)
    again = actions.set_days(head, from_on=date(2026, 11, 26), works=False, label="运动会改期")
    assert again.pk == first.pk
    assert not works(date(2026, 11, 26))
    for until_on, said in ((date(2026, 11, 1), "第一天以前"), (date(2027, 11, 27), "最多定 100 天")):
        with pytest.raises(Refused, match=said):
            actions.set_days(head, from_on=date(2026, 11, 26), until_on=until_on, works=False, label="错")
    assert list(doctor.examine(world.school)) == []


def test_statutory_holidays_leave_what_the_school_has_set(world: World) -> None:
    head = world.ctx("head")
    own = actions.set_days(head, from_on=date(2025, 10, 1), works=True, label="校庆")
    actions.seed_year(head, year=2025)
    with scope.active(world.school):
        days = {row.day: row for row in CalendarDay.objects.live().filter(day__year=2025)}
        assert days[date(2025, 10, 1)].label == own.label
        assert (days[date(2025, 10, 2)].works, days[date(2025, 10, 2)].label) == (False, "国庆节")
        assert days[date(2025, 9, 28)].label == "国庆节补班"
        assert all(not row.label.isascii() for row in days.values())
    for year, said in ((2025, "都已经在校历里"), (2090, "还没有")):
        with pytest.raises(Refused, match=said):
            actions.seed_year(head, year=year)


def test_a_calendar_comes_in_as_a_sheet_and_goes_again(world: World, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["日期", "放假/上班", "说明"], ["2027-01-18", "放假", "寒假"], ["2027年1月19日", "休", "寒假"],
        ["2027-02-27", "补班", "补寒假"], ["2027-03", "放假", "不知哪天"], ["2026-10-01", "上班", "校庆"],
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    run = runs.apply_import(world.ctx("head"), stage(world, tmp_path / "c.xlsx", "calendar", who="head"))
    assert run.imported == 4
    with scope.active(world.school):
        assert [queries.works(day) for day in (date(2027, 1, 19), date(2027, 2, 27), date(2026, 10, 1))] == [
            False,
            True,
            True,
        ]
    runs.undo_import(world.ctx("head"), run)
    with scope.active(world.school):
        assert [queries.works(day) for day in (date(2027, 1, 19), date(2027, 2, 27), date(2026, 10, 1))] == [
            True,
            False,
            False,
        ]
    assert list(doctor.examine(world.school)) == []
