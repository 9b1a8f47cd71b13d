"""What script adds: the palette, the preview, the bulk bar; and that everything works without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, violations
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


def test_one_signs_in_and_out(opened, world):
    page = opened("", "/")
    page.fill("[name=login]", "cnsx-head")
    page.fill("[name=password]", PASSWORD)
    page.click("main button >> text=登录")
    expect(page.locator("h1")).to_have_text("上午好，周建国")
    page.click(".me")
    page.click("text=退出登录")
    expect(page.locator("h1")).to_have_text("登录")


def test_the_palette_finds_and_opens_by_keyboard(opened, world):
    page = opened("storekeeper", "/cnsx/")
    page.keyboard.press("Control+k")
    page.keyboard.type("tyy")
    expect(page.locator("#hits a.hit").first).to_contain_text("投影仪")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/assets/cards/{world.projector.pk}/")


def test_escape_closes_the_palette_and_gives_the_focus_back(opened):
    page = opened("storekeeper", "/cnsx/")
    page.click("[data-palette]")
    expect(page.locator("#palette .palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette .palette")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.matches('[data-palette]')")


def test_a_row_opens_its_preview_beside_the_list(opened, world):
    page = opened("storekeeper", "/cnsx/assets/cards/")
    page.locator("tr[data-peek]").first.locator("td").nth(2).click()
    expect(page.locator("#peek h2")).to_have_text("投影仪")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()


def test_the_bulk_bar_counts_and_sums_and_moves(opened, world):
    page = opened("storekeeper", "/cnsx/assets/cards/")
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("thead [data-all]").check()
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("[data-sum]")).to_have_text("15,220.00")
    assert violations(page) == []
    page.click(".bulk >> text=调拨")
    page.select_option("[name=place]", str(world.store.pk))
    page.click("text=调拨 2 张 >> nth=-1")
    expect(page.locator("h1")).to_have_text("办成 2 张")


def test_totals_and_counts_arrive_after_the_page(opened):
    page = opened("storekeeper", "/cnsx/assets/cards/")
    expect(page.locator("tfoot")).to_contain_text("15,220.00")
    expect(page.locator(".views [aria-current]")).to_contain_text("2")


def test_sorting_changes_rows_and_address_without_a_new_page(opened, world):
    page = opened("storekeeper", "/cnsx/assets/cards/")
    page.evaluate("() => { window.same = true; }")
    page.click("th >> text=原值")
    page.wait_for_url("**o=-value**")
    expect(page.locator("tbody tr").first).to_contain_text(world.laptop.number)
    assert page.evaluate("() => window.same")


def test_moving_works_without_script(opened, world):
    page = opened("storekeeper", f"/cnsx/assets/cards/{world.projector.pk}/", script=False)
    page.click(".acts >> text=调拨")
    page.select_option("[name=place]", str(world.room_102.pk))
    page.click("button >> text=调拨")
    expect(page.locator(".receipts")).to_contain_text("已调拨")


def test_a_phone_shows_cards_and_opens_them(opened, world):
    page = opened("storekeeper", "/cnsx/assets/cards/", size=PHONE)
    expect(page.locator("table thead")).to_be_hidden()
    assert page.locator("tbody tr").first.bounding_box()["height"] > 60  # a card, not a line
    page.locator("tr", has_text="投影仪").click()
    page.wait_for_url(f"**/{world.projector.pk}/")
    expect(page.locator("h1")).to_have_text("投影仪")
