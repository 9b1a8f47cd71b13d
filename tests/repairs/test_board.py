"""The dispatcher's board: what stands in which lane, and who is named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.repairs.examples import duty, given, held, overdue, pressing, reported
from tests.ui.conftest import client_of
from tests.world import NOW, TODAY, World
from zongwu.kernel import scope
from zongwu.repairs import queries
from zongwu.repairs.models import Ticket

pytestmark = pytest.mark.django_db


def url(world: World) -> str:
    return f"/{world.school.code}/repairs/board/"


def board(world: World, query: str = "", who: str = "head") -> str:
    return client_of(world, who).get(f"{url(world)}{query}").content.decode()


def test_each_stands_in_its_lane(world: World) -> None:
    reported(world, fault="water")
    overdue(world)
    html = board(world)
    for words in ("待派 1 件", "处理中 1 件", "挂起 0 件", "待确认 0 件", "逾期 3 天", "何大庆", "手上 1 件，1 件逾期"):
        assert words in html
    assert "派给" not in html  # nobody is named yet: 选人
    assert "选人" in html


def test_what_is_put_off_until_a_day_is_not_late(world: World) -> None:
    ticket = held(world)
    with scope.active(world.school):
        Ticket.objects.filter(pk=ticket.pk).update(due_on=date(2026, 11, 1), held_until=date(2026, 12, 1))
    html = board(world)
    assert "逾期" not in html
    assert "12-01 再修" in html


def test_one_press_gives_to_whom_the_table_names(world: World) -> None:
    first, second = reported(world, fault="water"), reported(world, fault="light")
    duty(world, fault="water")
    page = client_of(world, "head")
    assert "按分工派 1 件" in page.get(url(world)).content.decode()
    assert "已派工 1 件" in page.post(url(world), {"all": "1", "key": "k"}, follow=True).content.decode()
    with scope.active(world.school):
        assert [Ticket.objects.get(pk=one.pk).state for one in (first, second)] == ["given", "new"]
    assert "已经派过了" in page.post(url(world), {"pk": first.pk, "key": "k2"}, follow=True).content.decode()


@pytest.mark.parametrize("pk", ["", "abc", "9" * 40, "-1"])
def test_a_press_on_nothing_is_a_sentence(world: World, pk: str) -> None:
    assert (
        "没有分工可照"
        in client_of(world, "head").post(url(world), {"pk": pk, "key": "k"}, follow=True).content.decode()
    )


def test_of_one_building_and_one_kind(world: World) -> None:
    reported(world, fault="water")
    assert "待派 1 件" in board(world, f"?area={world.room_101.parent_id}&fault=water")
    assert "待派 0 件" in board(world, f"?area={world.store.pk}")
    assert "待派 0 件" in board(world, "?fault=light")
    assert "待派 1 件" in board(world, "?fault=fire")  # no kind of ours: as if nothing was chosen


def test_only_who_gives_out_work_sees_it(world: World) -> None:
    for who, status in (("head", 200), ("storekeeper", 200), ("worker", 403), ("class_teacher", 403)):
        assert client_of(world, who).get(url(world)).status_code == status


def test_it_asks_no_more_for_more_repairs(world: World) -> None:
    given(world)
    page = client_of(world, "head")
    page.get(url(world))
    with CaptureQueriesContext(connection) as few:
        page.get(url(world))
    for n in range(12):
        reported(world, fault="other", confirmed=True, spot=str(n))
    with CaptureQueriesContext(connection) as many:
        page.get(url(world))
    assert len(many) <= len(few) + 1  # the first lane's cards, which were none


def test_what_is_urgent_and_late_stands_among_the_red_lines(world: World) -> None:
    pressing(world)
    assert "紧急报修超时" in client_of(world, "head").get(f"/{world.school.code}/").content.decode()
    assert "紧急，已经 5 小时" in board(world)
    with scope.active(world.school):
        assert queries.pressing(TODAY).count() == 1
        Ticket.objects.update(reported_at=NOW - timedelta(hours=3))
        assert queries.pressing(TODAY).count() == 0
