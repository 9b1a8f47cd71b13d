"""From a plate on the wall to the sentence in the summary, as its people."""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from tests.repairs.examples import closed, duty, given, held, mended, overdue, reported
from tests.scenarios.test_disposal import sound
from tests.stores.examples import item
from tests.ui.conftest import client_of
from tests.world import NOW, TODAY, World
from zongwu.kernel import attachments, codes, daily, privacy, scope
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.notify import Notice
from zongwu.repairs import actions, queries
from zongwu.repairs.models import Ticket
from zongwu.school.actions import add_place, close_place
from zongwu.school.models import Place
from zongwu.stores import actions as stores
from zongwu.stores.models import Balance, Slip
from zongwu.stores.steps import Line

pytestmark = pytest.mark.django_db


def plate(world: World) -> str:
    """The address that the plate on room 101 opens."""
    cache.clear()
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    return f"/p/{code}"


def figure(world: World, key: str) -> object:
    with scope.active(world.school):
        return FIGURES[key].value(Window(date(2026, 8, 1), date(2027, 1, 31))).number


@pytest.mark.seed("R1.21", "R2.01", "R4.04", "R4.05")
def test_from_the_plate_to_the_summary(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    duty(world)
    door, url = Client(), plate(world)
    assert "什么坏了？点一下就报" in door.get(url).content.decode()
    page = door.get(f"{url}/repair/?fault=light").content.decode()
    assert 'value="light" required checked' in page
    answer = door.post(f"{url}/repair/", {"fault": "light", "key": "k1", "what": "灯不亮", "phone": "13800138000"})
    assert answer.status_code == 302
    link = answer.headers["Location"]
    again = door.post(f"{url}/repair/", {"fault": "light", "key": "k1", "what": "灯不亮", "phone": "13800138000"})
    assert again.headers["Location"] == link  # the same press twice is one report
    with scope.active(world.school):
        ticket = Ticket.objects.get()
        assert (ticket.number, ticket.state, ticket.worker) == ("BX-2026-0001", "given", world.people["worker"])
        assert Notice.objects.filter(person=world.people["worker"], sentence__contains="灯不亮").exists()
    shown = door.get(link).content.decode()
    assert "已派" in shown
    assert "何大庆" not in shown
    assert "13800138000" not in shown
    actions.take_ticket(world.ctx("worker", now=NOW + timedelta(minutes=5)), ticket)
    actions.arrive(world.ctx("worker", now=NOW + timedelta(minutes=15)), ticket)
    actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(minutes=90)), ticket, did="换灯管 2 支")
    monkeypatch.setenv("ZONGWU_NOW", (NOW + timedelta(hours=2)).isoformat())
    assert "修好了" in door.get(link).content.decode()
    assert door.post(link, {"answer": "yes", "stars": "5", "key": "k2"}).status_code == 302
    with scope.active(world.school):
        ticket.refresh_from_db()
    assert (ticket.state, ticket.stars, ticket.minutes, ticket.phone) == ("closed", 5, 90, "")
    assert [word for word, _ in ticket.waited] == ["等派工", "等接单", "在路上", "在修", "等确认"]
    assert (figure(world, "repairs.reported"), figure(world, "repairs.mended_share")) == (1, Decimal("100.0"))
    assert (figure(world, "repairs.median_hours"), figure(world, "repairs.stars")) == (Decimal("1.5"), Decimal("5.0"))
    sound(world)


def test_the_same_trouble_is_one_repair(world: World) -> None:
    url = f"{plate(world)}/repair/"
    first, second = Client(), Client()
    first_link = first.post(url, {"fault": "water", "key": "a1"}).headers["Location"]
    asked = second.post(url, {"fault": "water", "key": "b1", "what": "洗手池漏水"})
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "已经有人报过：BX-2026-0001" in page
    with scope.active(world.school):
        ticket = Ticket.objects.get()
    link = second.post(url, {"fault": "water", "key": "b2", "same": str(ticket.pk)}).headers["Location"]
    assert "共 2 人报" in second.get(link).content.decode()
    assert link != first_link
    _finish(world, ticket)
    assert "没修好" not in second.get(link).content.decode()  # who joined looks on; who reported answers
    second.post(link, {"answer": "yes", "stars": "1"})
    with scope.active(world.school):
        assert Ticket.objects.get(pk=ticket.pk).state == "done"
        Ticket.objects.filter(pk=ticket.pk).update(state="given")
    assert second.post(url, {"fault": "water", "key": "b3", "another": "1"}).status_code == 302
    with scope.active(world.school):
        assert Ticket.objects.count() == 2


def _finish(world: World, ticket: Ticket) -> Ticket:
    actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"])
    return actions.finish_ticket(world.ctx("worker"), ticket)


def test_only_what_was_shown_at_this_place_is_joined(world: World) -> None:
    other = reported(world, place=world.room_102)
    answer = Client().post(f"{plate(world)}/repair/", {"fault": "light", "key": "s1", "same": str(other.pk)})
    assert answer.status_code == 302  # a repair of its own, here
    with scope.active(world.school):
        assert (Ticket.objects.count(), other.echoes.count()) == (2, 0)


def test_a_person_counts_once(world: World) -> None:
    ticket = reported(world)
    with pytest.raises(NeedsConfirmation, match="已经有人报过（BX-2026-0001，待派）"):
        reported(world, who="bookkeeper")
    with pytest.raises(Refused, match="您已经报过了"):
        actions.join_report(world.ctx("class_teacher"), ticket)
    actions.join_report(world.ctx("bookkeeper"), ticket)
    with pytest.raises(Refused, match="您已经报过了"):
        actions.join_report(world.ctx("bookkeeper"), ticket)


def test_a_thousand_reports_from_one_address_are_held(world: World) -> None:
    url, answers = f"{plate(world)}/repair/", []
    for n in range(32):
        answers.append(Client().post(url, {"fault": "light", "key": f"n{n}", "another": "1"}).status_code)
    assert answers[:30] == [302] * 30
    assert answers[30:] == [429] * 2
    with scope.active(world.school):
        assert Ticket.objects.count() == 30
    cache.clear()


@pytest.mark.parametrize("token", ["1", "x" * 200, "1.", "9.forged", "..", "%00"])
def test_a_guessed_link_opens_nothing(world: World, token: str) -> None:
    reported(world)
    assert Client().get(f"/p/repair/{token}/").status_code == 404


def test_a_forged_link_opens_nothing(world: World) -> None:
    first, second = reported(world), reported(world, fault="water")
    stolen = queries.progress_of(first).partition(".")[2]
    assert Client().get(f"/p/repair/{second.pk}.{stolen}/").status_code == 404
    assert Client().get(f"/p/repair/{queries.progress_of(second)}/").status_code == 200


def test_a_picture_with_a_script_is_refused_and_nothing_is_written(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("灯.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    answer = Client().post(f"{plate(world)}/repair/", {"fault": "light", "key": "p1", "photo": file})
    assert answer.status_code == 422
    with scope.active(world.school):
        assert not Ticket.objects.exists()


def test_without_a_name_only_photographs_are_left(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("发票.docx", b"PK\x03\x04evil")
    answer = Client().post(f"{plate(world)}/repair/", {"fault": "light", "key": "d1", "photo": file})
    assert (answer.status_code, "只收照片" in answer.content.decode()) == (422, True)
    assert Client().post(f"{plate(world)}/repair/", {"fault": "fire", "key": "d2"}).status_code == 422


def test_what_no_row_ever_knew_is_swept_away(world: World) -> None:
    sha, _, _ = attachments.keep(world.school.pk, "灯.pdf", b"%PDF-1.7 nobody")
    path = attachments.place_of(world.school.pk, sha)
    privacy.sweep(world.school)
    assert path.exists()  # its row may be on its way
    os.utime(path, (1, 1))
    privacy.sweep(world.school)
    assert not path.exists()


def test_steps_are_never_before_one_another(world: World) -> None:
    ticket = actions.give_ticket(
        world.ctx("head", now=NOW + timedelta(seconds=5)), reported(world), worker=world.people["worker"]
    )
    actions.take_ticket(world.ctx("worker", now=NOW), ticket)
    actions.hold_ticket(world.ctx("worker", now=NOW), ticket, why="part", until=date(2026, 11, 25))
    done = actions.finish_ticket(world.ctx("worker", now=NOW), ticket)
    assert done.given_at == done.taken_at == done.done_at == NOW + timedelta(seconds=5)
    sound(world)


def test_an_overdue_repair_is_given_to_another(world: World) -> None:
    ticket = overdue(world)
    given_again = actions.give_ticket(
        world.ctx("head"), ticket, worker=world.people["storekeeper"], due_on=date(2026, 11, 20)
    )
    assert given_again.worker == world.people["storekeeper"]
    with pytest.raises(Refused, match="已经过去"):
        actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"], due_on=date(2026, 11, 19))


def test_one_duty_that_fails_keeps_nobody_elses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mended(world)
    monkeypatch.setattr(daily, "DUTIES", [_fails, *daily.DUTIES])
    daily.carry_out(world.school, NOW + timedelta(days=4))
    with scope.active(world.school):
        assert Ticket.objects.get().state == "closed"


def _fails(school: object, now: object) -> None:
    raise OverflowError


def test_a_body_in_a_strange_alphabet_is_no_fault(world: World) -> None:
    strange = "multipart/form-data; boundary=x; charset=unicode_escape"
    assert Client().post(f"{plate(world)}/repair/", b"--x--", content_type=strange).status_code == 400


def test_a_plate_of_a_closed_place_reports_nothing(world: World) -> None:
    url = plate(world)
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_102.pk])[world.room_102.pk]
        type(world.laptop).objects.filter(pk=world.laptop.pk).update(place=world.room_101)
    close_place(world.system(), world.room_102, on=date(2026, 11, 23))
    assert Client().get(f"/p/{code}/repair/").status_code == 404
    assert Client().get(f"{url[:-1]}/repair/").status_code == 404


def test_only_who_has_it_works_on_it_and_nobody_confirms_his_own(world: World) -> None:
    ticket = given(world)
    other = actions.give_ticket(world.ctx("head"), ticket, worker=world.people["storekeeper"])
    with pytest.raises(Refused, match="这张单派给了孙丽华"):
        actions.take_ticket(world.ctx("worker", now=NOW), _his(world, other))
    done = _mended_by_worker(world)
    with pytest.raises(Refused, match="修的人不能自己确认"):
        actions.confirm_ticket(world.ctx("worker", now=NOW + timedelta(hours=4)), done)
    with pytest.raises(Refused, match="请报修的人来确认"):
        actions.reopen_ticket(world.ctx("administrator", now=NOW + timedelta(hours=4)), done)


def _his(world: World, ticket: Ticket) -> Ticket:
    """Reported by the worker himself, so that he may open it."""
    with scope.active(world.school):
        Ticket.objects.filter(pk=ticket.pk).update(reporter=world.people["worker"])
    return ticket


def _mended_by_worker(world: World) -> Ticket:
    ticket = actions.give_ticket(world.ctx("head"), reported(world, fault="door"), worker=world.people["worker"])
    return actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(hours=1)), ticket)


def test_not_mended_goes_back_and_is_counted(world: World) -> None:
    back = actions.reopen_ticket(
        world.ctx("class_teacher", now=NOW + timedelta(hours=3)), mended(world), said="还是不亮"
    )
    assert (back.state, back.back, back.done_at) == ("given", 1, None)
    again = actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(hours=5)), back)
    assert again.minutes == 300
    assert figure(world, "repairs.returned") == Decimal("100.0")
    sound(world)


def test_waiting_for_a_part_is_not_his_time(world: World) -> None:
    ticket = actions.resume_ticket(world.ctx("worker", now=NOW + timedelta(minutes=150)), held(world))
    assert ticket.held_minutes == 120
    done = actions.finish_ticket(world.ctx("worker", now=NOW + timedelta(minutes=180)), ticket)
    assert done.minutes == 60


def test_silence_closes_without_a_rating(world: World) -> None:
    mended(world)
    daily.carry_out(world.school, NOW + timedelta(days=2))
    with scope.active(world.school):
        assert Ticket.objects.get().state == "done"
    daily.carry_out(world.school, NOW + timedelta(days=4))
    with scope.active(world.school):
        ticket = Ticket.objects.get()
    assert (ticket.state, ticket.silent, ticket.stars) == ("closed", True, None)
    assert figure(world, "repairs.stars") is None
    sound(world)


def test_mended_too_often_is_better_replaced(world: World) -> None:
    for n in range(4):
        ticket = actions.report_fault(
            world.ctx("class_teacher"), place=world.room_101, fault="light", confirmed=True, asset=world.projector
        )
        assert bool(queries_advice(world, ticket)) == (n == 3)
        if n < 3:  # only what was really mended counts
            assert not queries_advice(world, reported(world, fault="light", asset=world.projector, confirmed=True))
            actions.give_ticket(world.ctx("head"), ticket, worker=world.people["worker"])
            actions.finish_ticket(world.ctx("worker"), ticket)
    assert "第 4 次修" in queries_advice(world, ticket)


def queries_advice(world: World, ticket: Ticket) -> str:
    with scope.active(world.school):
        return queries.advice(ticket, date(2026, 11, 23))


def test_the_workers_page_has_three_buttons_and_answers_them(world: World) -> None:
    ticket = given(world)
    page = client_of(world, "worker")
    url = f"/{world.school.code}/repairs/field/work/"
    shown = page.get(url).content.decode()
    assert "何大庆，还有 1 件" in shown
    page.post(url, {"verb": "take", "pk": ticket.pk, "key": "t1"})
    page.post(url, {"verb": "take", "pk": ticket.pk, "key": "t1"})
    with scope.active(world.school):
        ticket.refresh_from_db()
    assert ticket.state == "taken"
    page.post(url, {"verb": "arrive", "pk": ticket.pk, "key": "t2"})
    assert "没有这一步" in page.post(url, {"verb": "explode", "pk": "x"}, follow=True).content.decode()
    assert client_of(world, "class_teacher").get(url).status_code == 403


def test_the_telephone_is_whole_only_for_whoever_has_to_call(world: World) -> None:
    ticket = reported(world, phone="13800138000", caller="门卫")
    url = f"/{world.school.code}/repairs/tickets/{ticket.pk}/"
    assert "13800138000" in client_of(world, "head").get(url).content.decode()
    hidden = client_of(world, "bookkeeper").get(url).content.decode()
    assert "13800138000" not in hidden
    assert "********000" in hidden


def test_what_is_done_takes_its_thanks_once(world: World) -> None:
    ticket = closed(world)
    with pytest.raises(Refused, match="已经办结"):
        actions.confirm_ticket(world.ctx("class_teacher"), ticket)


@pytest.mark.seed("R1.25")
def test_what_a_repair_needs_is_asked_for_from_its_page(world: World) -> None:
    ticket = given(world)
    page = client_of(world, "head")
    url = f"/{world.school.code}/purchasing/purchases/new/ask_to_buy/?ticket={ticket.pk}"
    assert url in page.get(f"/{world.school.code}/repairs/tickets/{ticket.pk}/").content.decode()
    assert f"报修单 {ticket.number} 教学楼A 101：灯不亮 2 盏" in page.get(url).content.decode()
    assert page.get(url.replace(str(ticket.pk), "999")).status_code == 404


@pytest.fixture
def stock(world: World) -> Place:
    """Ten taps in the worker's own cupboard."""
    place = add_place(
        world.system(), name="水电间", level="storeroom", parent=world.campus, keeper=world.people["worker"]
    )
    tap = item(world, "水龙头", unit="只", spec="4 分", packings="")
    stores.receive_goods(
        world.ctx("storekeeper"), place=world.store, lines=[Line(tap, Decimal(20), Decimal(23))], on=TODAY
    )
    stores.transfer_goods(
        world.ctx("storekeeper"), place=world.store, to_place=place, lines=[Line(tap, Decimal(10))], on=TODAY
    )
    return place


def left(world: World, place: Place) -> Decimal:
    with scope.active(world.school):
        return Balance.objects.get(place=place, item__name="水龙头").quantity


@pytest.mark.seed("R4.05")
def test_parts_come_out_of_the_workers_own_stock(world: World, stock: Place) -> None:
    ticket = given(world, fault="water")
    tap = item(world, "水龙头", unit="只", spec="4 分", packings="")
    with pytest.raises(Refused, match="只有 10 只，不够 11 只"):
        actions.finish_ticket(world.ctx("worker"), ticket, used=[Line(tap, Decimal(11))])
    actions.finish_ticket(world.ctx("worker"), ticket, did="换水龙头", used=[Line(tap, Decimal(2))])
    assert left(world, stock) == 8
    with scope.active(world.school):
        slip = Slip.objects.get(form="used")
        assert (slip.number, slip.purpose, slip.value) == ("YL-2026-0001", "报修 BX-2026-0001", Decimal("46.00"))
        assert not Slip.objects.unsigned().exists()
        assert queries.slips_of(Ticket.objects.all()).get() == slip
    assert figure(world, "repairs.parts_value") == Decimal("46.00")
    assert (
        "YL-2026-0001"
        in client_of(world, "head").get(f"/{world.school.code}/repairs/tickets/{ticket.pk}/").content.decode()
    )
    stores.reverse_slip(world.ctx("head"), slip, reason="没用上")
    assert (left(world, stock), figure(world, "repairs.parts_value")) == (10, Decimal(0))
    sound(world)


def test_who_keeps_no_parts_is_not_asked_for_them(world: World, stock: Place) -> None:
    ticket = given(world)
    url = f"/{world.school.code}/repairs/tickets/{ticket.pk}/do/finish_ticket/"
    assert 'name="used"' in client_of(world, "worker").get(url).content.decode()
    assert 'name="used"' not in client_of(world, "head").get(url).content.decode()
    tap = item(world, "水龙头", unit="只", spec="4 分", packings="")
    with pytest.raises(Refused, match="没有自己的备件库"):
        actions.finish_ticket(world.ctx("head"), ticket, used=[Line(tap, Decimal(1))])
