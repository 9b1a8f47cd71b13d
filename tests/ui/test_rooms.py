"""The code on a room's door, and the page on which whoever answers for the room lands."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.ui.conftest import client_of
from tests.world import World
from zongwu.assets.actions import print_room_codes
from zongwu.kernel import scope
from zongwu.kernel.codes import valid as codes_of

pytestmark = pytest.mark.django_db


def code_of(world: World) -> str:
    print_room_codes(world.ctx("storekeeper"), places=[world.room_101.pk])
    with scope.active(world.school):
        return codes_of("place", [world.room_101.pk])[world.room_101.pk]


@pytest.mark.seed("R2.04")
def test_who_answers_lands_where_he_looks_it_through(world: World) -> None:
    code = code_of(world)
    answer = client_of(world, "class_teacher").get(f"/p/{code}")
    assert answer["Location"] == f"/cnsx/assets/field/room/{world.room_101.pk}/"
    other = client_of(world, "worker").get(f"/p/{code}")
    assert other.status_code != 302 or "field/room" not in other["Location"]
    stranger = Client().get(f"/p/{code}").content.decode()
    assert world.people["class_teacher"].name not in stranger


def test_the_codes_come_as_a_sheet(world: World) -> None:
    client = client_of(world, "storekeeper")
    page = client.get("/cnsx/assets/room-labels/", {"ids": world.room_101.pk}).content.decode()
    assert "1 张标签" in page
    sheet = client.post("/cnsx/assets/room-labels/", {"ids": world.room_101.pk, "stock": "a4-24", "key": "k"})
    assert sheet.content.startswith(b"%PDF")
    assert "打房间码" in client.get(f"/cnsx/school/places/{world.room_101.pk}/").content.decode()
    assert client_of(world, "class_teacher").get("/cnsx/assets/room-labels/").status_code == 403
