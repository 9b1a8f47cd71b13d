"""A class teacher looks his room through on a phone: 「都在」, or what is wrong, also without signal and without script."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from tests.assets.rooms import in_force
from tests.browser.conftest import PHONE, overflows, violations
from tests.scenarios.test_damage import desk
from tests.world import World
from zongwu.assets.models import Finding, RoomCheck
from zongwu.kernel import scope

pytestmark = pytest.mark.browser


def looking(opened, world: World, **more) -> Page:
    desk(world)
    return opened("class_teacher", f"/cnsx/assets/field/room/{world.room_101.pk}/", size=PHONE, **more)


def drawn_in(page: Page, field: str) -> None:
    """A name in a signature field."""
    box = page.locator(f"[data-sign=id_{field}] > svg").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + step * 18, box["y"] + 30 + (step % 3) * 20)
    page.mouse.up()


def checks(world: World) -> list[tuple[str, int, int]]:
    with scope.active(world.school):
        return list(RoomCheck.objects.order_by("id").values_list("state", "cards", "wrong"))


@pytest.mark.seed("R2.04")
def test_all_is_there_is_one_press(opened, world):
    page = looking(opened, world)
    expect(page.locator("[data-all]")).to_have_text("2 项都在")
    assert violations(page) == []
    assert not overflows(page)
    page.click(".dock button")
    expect(page.locator("[data-flash]")).to_contain_text("已上传：2 项都在")
    assert checks(world) == [("approved", 2, 0)]


def test_what_is_wrong_is_marked(opened, world):
    page = looking(opened, world)
    page.click("text=实验桌")
    page.click("li:has-text('实验桌') label:has-text('坏了')")
    page.fill("li:has-text('实验桌') input[name^=note-]", "桌面裂了")
    expect(page.locator("[data-all]")).to_have_text("其余 1 项都在")
    expect(page.locator("li:has-text('实验桌') .wrong")).to_be_visible()
    assert violations(page) == []
    if folder := os.environ.get("ZONGWU_SHOTS"):
        page.screenshot(path=f"{folder}/room.png")
    page.click(".dock button")
    expect(page.locator("[data-flash]")).to_contain_text("1 项不对")
    with scope.active(world.school):
        found = Finding.objects.get()
    assert (found.how, found.note, found.asset.name) == ("broken", "桌面裂了", "实验桌")


def test_without_signal_it_waits_and_is_sent_once(opened, world):
    page = looking(opened, world, forgives="INTERNET_DISCONNECTED")
    expect(page.locator("body[data-kept]")).to_be_attached()
    page.context.set_offline(True)
    page.reload()
    page.click(".dock button")
    expect(page.locator("[data-flash]")).to_contain_text("存在手机里")
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 1")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-flash]")).to_contain_text("已上传：2 项都在")
    assert checks(world) == [("approved", 2, 0)]


def test_without_script_it_is_a_plain_form(opened, world):
    page = looking(opened, world, script=False)
    page.click("text=实验桌")
    page.click("li:has-text('实验桌') label:has-text('不见了')")
    page.click(".dock button")
    assert checks(world) == [("approved", 2, 1)]


@pytest.mark.seed("R2.04")
def test_the_acceptance_is_signed_by_pupil_and_teacher_on_one_phone(opened, world):
    in_force(world)
    page = opened("class_teacher", f"/cnsx/assets/field/room/{world.room_101.pk}/?for=accept", size=PHONE)
    expect(page.locator("[data-all]")).to_contain_text("送签")
    drawn_in(page, "pupils")
    if page.locator("[data-sign=id_signature].signed").count() == 0:
        drawn_in(page, "signature")
    if folder := os.environ.get("ZONGWU_SHOTS"):
        page.screenshot(path=f"{folder}/accept.png", full_page=True)
    page.click(".dock button")
    expect(page.locator("[data-flash]")).to_contain_text("已上传")
    page.wait_for_url("**/assets/checks/**")
    assert checks(world) == [("running", 1, 0)]
