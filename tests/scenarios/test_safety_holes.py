"""Ways around the rules of a hazard that somebody found, each shut: by whoever fixed it, by a spreadsheet, by a telephone, by a forged picture."""

from __future__ import annotations

import io
import struct
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.checks.examples import point
from tests.safety.examples import assigned, closed, fixed, found, late, major, photo
from tests.scenarios.test_safety import figure, plate
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.kernel.notify import Notice
from zongwu.safety import actions
from zongwu.safety.models import Hazard
from zongwu.ui.actions import void_attachment
from zongwu.ui.scan import moment_of

pytestmark = pytest.mark.django_db


def test_a_photograph_of_the_failure_closes_nothing(world: World) -> None:
    hazard = actions.fail_recheck(world.ctx("principal"), fixed(world), verdict="还在晃", photo=photo(world, "black"))
    assert (hazard.state, hazard.back, hazard.back_on) == ("doing", 1, TODAY)
    with pytest.raises(Refused, match="整改后的照片"):
        actions.fix_hazard(world.ctx("worker"), hazard, did="又打了", on=TODAY)
    with pytest.raises(Refused, match="上次退回以后"):
        actions.fix_hazard(world.ctx("worker"), hazard, did="又打了", on=TODAY - timedelta(days=1), photo=photo(world))
    actions.fix_hazard(world.ctx("worker"), hazard, did="又打了", on=TODAY, photo=photo(world, "white"))
    with pytest.raises(Refused, match="没有现场照"):
        actions.pass_recheck(world.ctx("principal"), hazard, photo=None)


def test_its_photographs_are_not_taken_down(world: World) -> None:
    hazard = closed(world)
    with scope.active(world.school):
        papers = list(Attachment.objects.filter(object_kind="hazard", object_id=hazard.pk))
    assert len(papers) == 2
    for who, paper in (("worker", papers[0]), ("head", papers[1])):
        with pytest.raises(Refused, match="整改和复查的凭据"):
            void_attachment(world.ctx(who), paper)


def test_nobody_who_ever_answered_for_it_says_that_it_was_none(world: World) -> None:
    hazard = late(world)
    actions.assign_hazard(
        world.ctx("head"),
        hazard,
        responsible=world.people["head"],
        measure="加固",
        due_on=hazard.due_on,
        grade="general",
    )
    actions.assign_hazard(
        world.ctx("head"),
        hazard,
        responsible=world.people["worker"],
        measure="加固",
        due_on=hazard.due_on,
        grade="general",
    )
    with pytest.raises(Refused, match="不能自己说它不是隐患"):
        actions.drop_hazard(world.ctx("head"), hazard, reason="看错了")
    assert figure(world, "safety.due") == 1
    with pytest.raises(Refused, match="请先复查"):
        actions.drop_hazard(world.ctx("head"), _fixed_elsewhere(world), reason="看错了")


def _fixed_elsewhere(world: World) -> Hazard:
    hazard = found(world, place=world.room_102)
    actions.assign_hazard(
        world.ctx("head"), hazard, responsible=world.people["worker"], measure="加固", due_on=TODAY, grade="general"
    )
    return actions.fix_hazard(world.ctx("worker"), hazard, did="加固", on=TODAY, photo=photo(world))


def test_a_listed_major_hazard_stays_one(world: World) -> None:
    hazard = actions.list_hazard(
        world.ctx("principal"), major(world), number="城安3号", on=TODAY, supervisor=world.people["storekeeper"]
    )
    for who in ("head", "principal"):
        with pytest.raises((Refused, Forbidden)):
            actions.assign_hazard(
                world.ctx(who), hazard, responsible=world.people["worker"], measure="拆", due_on=TODAY, grade="general"
            )
    with pytest.raises(Refused, match="督办人不能是责任人自己"):
        actions.list_hazard(
            world.ctx("principal"), assigned_major(world), number="城安4号", on=TODAY, supervisor=world.people["worker"]
        )


def assigned_major(world: World) -> Hazard:
    hazard = major(world, place=world.room_102)
    return actions.assign_hazard(
        world.ctx("head"), hazard, responsible=world.people["worker"], supervisor=world.people["head"], measure="拆", due_on=TODAY, grade="major", interim="看守", basis=hazard.basis
    )  # fmt: skip


def test_a_major_hazard_has_the_shorter_deadline(world: World) -> None:
    assert (major(world).due_on, found(world).due_on) == (TODAY + timedelta(days=3), TODAY + timedelta(days=7))


def test_only_whoever_answers_for_it_puts_it_right(world: World) -> None:
    hazard = assigned(world)  # the class teacher found it
    for who in ("class_teacher", "storekeeper"):
        with pytest.raises((Forbidden, Missing)):
            actions.fix_hazard(world.ctx(who), hazard, did="我修的", on=TODAY, photo=photo(world))
    with pytest.raises(Refused, match="两年以后"):
        actions.assign_hazard(
            world.ctx("head"),
            found(world, spot="东楼梯"),
            responsible=world.people["worker"],
            measure="x",
            due_on=date(9999, 12, 31),
            grade="general",
        )


def test_those_who_may_are_asked_to_look_again(world: World) -> None:
    hazard = fixed(world)
    with scope.active(world.school):
        told = {
            one.person.name for one in Notice.objects.filter(sentence__startswith="整改好了").select_related("person")
        }
    assert told == {"周建国", "陈立新", "开户人"}
    assert hazard.fixed_by == world.people["worker"]


def test_a_second_who_sees_it_is_heard(world: World) -> None:
    url, door = plate(world, point(world)), Client()
    door.post(f"{url}/hazard/", {"field": "fire", "key": "k1"})
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (30, 20)).save(picture, "JPEG")
    file = SimpleUploadedFile("p.jpg", picture.getvalue(), content_type="image/jpeg")
    answer = door.post(f"{url}/hazard/", {"field": "fire", "key": "k2", "what": "已经冒烟了", "photo": file})
    assert "您说的也记上了" in answer.content.decode()
    with scope.active(world.school):
        hazard = Hazard.objects.get()
        assert (hazard.seen, hazard.shots.count()) == (1, 1)
        assert Notice.objects.filter(sentence__contains="已经冒烟了").exists()


def test_dropping_erases_the_telephone_too(world: World) -> None:
    hazard = found(world, phone="13800138000")
    assert (
        "13800138000"
        in client_of(world, "head").get(f"/{world.school.code}/safety/hazards/{hazard.pk}/").content.decode()
    )
    assert actions.drop_hazard(world.ctx("head"), hazard, reason="看错了").phone == ""


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "1969-01-01T00:00:00Z",
        "2150-01-01T00:00:00Z",
        "gestern",
    ],
)
def test_a_clock_that_no_calendar_holds_is_none(text: str) -> None:
    assert moment_of(text) is None


def test_a_forged_picture_ends_in_a_sentence(world: World) -> None:
    """EXIF that says ImageWidth is text: reading it ends in an error of its own kind."""
    from PIL import Image

    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    body = out.getvalue()
    at = body.index(b"Exif\x00\x00") + 6
    tiff = b"MM\x00*" + struct.pack(
        ">IHHHI4sHHI4sI", 8, 2, 0x0100, 2, 4, b"abc\x00", 0x0112, 3, 1, b"\x00\x06\x00\x00", 0
    )
    forged = (
        body[:2]
        + b"\xff\xe1"
        + struct.pack(">H", len(tiff) + 8)
        + b"Exif\x00\x00"
        + tiff
        + body[at - 6 + struct.unpack(">H", body[4:6])[0] - 2 :]
    )
    answer = Client().post(
        f"{plate(world, world.room_101)}/hazard/", {"field": "fire", "photo": SimpleUploadedFile("x.jpg", forged)}
    )
    assert answer.status_code in (302, 422)
