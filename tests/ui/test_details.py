"""The page of one row: facts, history in words, buttons that fit the person and the state."""

from __future__ import annotations

import re

import pytest

from tests.world import TODAY
from zongwu.assets.actions import change_state, hand_over_asset, move_asset


def buttons(html: str) -> list[str]:
    head = html[html.index('<div class="head">') :].split('<div class="tiles">')[0]
    return re.findall(r"</svg>([^<]+)</a>", head)


def test_labels_come_from_the_model_and_values_are_written_for_people(visit, assets, world):
    html = visit("storekeeper").get(f"{assets}{world.projector.pk}/").content.decode()
    for text in (
        "投影仪",
        world.projector.number,
        "规格型号",
        "3600 流明 短焦",
        "取得日期",
        "2026-09-10",
        "使用人",
        "高文",
    ):
        assert text in html
    assert f'href="/cnsx/school/places/{world.room_101.pk}/"' in html


def test_the_history_names_people_places_and_what_changed(visit, assets, world):
    keeper = world.ctx("storekeeper")
    move_asset(keeper, world.projector, place=world.room_102, on=TODAY, reason="换教室")
    hand_over_asset(keeper, world.projector, custodian=world.people["worker"], on=TODAY)
    html = visit("storekeeper").get(f"{assets}{world.projector.pk}/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert f"调拨 ：到 {world.room_102}" in text.replace("调拨：", "调拨 ：")
    assert f"存放地点 {world.room_101} → {world.room_102}" in text
    assert "原因：换教室" in text
    assert "保管人 高文 → 何大庆" in text
    assert "孙丽华 · 10:20" in text


def test_buttons_are_what_this_person_may_do_now(visit, assets, world):
    page = f"{assets}{world.projector.pk}/"
    assert "调拨" in buttons(visit("storekeeper").get(page).content.decode())
    assert "调拨" not in buttons(visit("principal").get(page).content.decode())
    change_state(world.ctx("storekeeper"), world.projector, state="repair", condition="broken", on=TODAY)
    assert "调拨" not in buttons(visit("storekeeper").get(page).content.decode())


def test_another_schools_row_and_an_unknown_one_cannot_be_told_apart(visit, assets, world, stranger):
    mine, theirs = visit("storekeeper"), f"{assets}{stranger.projector.pk}/"
    assert mine.get(theirs).status_code == 404
    assert mine.get(f"{assets}999999/").status_code == 404
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    both = [token.sub("", mine.get(url).content.decode()) for url in (theirs, f"{assets}999999/")]
    assert both[0].replace(f"/{stranger.projector.pk}/", "/999999/") == both[1]


def test_a_row_out_of_ones_range_is_missing(visit, assets, world):
    assert visit("class_teacher").get(f"{assets}{world.laptop.pk}/").status_code == 404
    assert visit("class_teacher").get(f"{assets}{world.projector.pk}/").status_code == 200


def test_the_preview_is_a_fragment_of_the_same_address(visit, assets, world):
    html = (
        visit("storekeeper")
        .get(f"{assets}{world.projector.pk}/", headers={"HX-Request": "true", "HX-Target": "peek"})
        .content.decode()
    )
    assert "<html" not in html
    assert "最近" in html
    assert "打开" in html


def test_a_higher_domain_adds_its_sheet_to_a_room(visit, world):
    html = visit("storekeeper").get(f"/cnsx/school/places/{world.room_101.pk}/").content.decode()
    assert "这里的资产" in html
    assert world.projector.number in html
    assert world.laptop.number not in html


@pytest.mark.parametrize("pk", ["0", "9" * 19, "9" * 40])
def test_a_number_that_cannot_be_a_row_is_missing(visit, assets, pk):
    client = visit("storekeeper")
    assert client.get(f"{assets}{pk}/").status_code == 404
    assert client.get(f"/cnsx/files/{pk}/").status_code == 404
    assert client.get(f"{assets}export/", {"ids": [pk]}).status_code == 200
