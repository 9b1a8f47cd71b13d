"""The pages that people use most: accessible, without a sideways scroll, without an error in the console."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESK, PHONE, overflows, violations

pytestmark = pytest.mark.browser

PAGES = {
    "login": ("", "/accounts/login/"),
    "home": ("head", "/cnsx/"),
    "list": ("storekeeper", "/cnsx/assets/cards/"),
    "detail": ("storekeeper", "/cnsx/assets/cards/{projector}/"),
    "form": ("storekeeper", "/cnsx/assets/cards/{projector}/do/move_asset/"),
    "search": ("storekeeper", "/cnsx/search/?q=投影"),
    "todo": ("storekeeper", "/cnsx/todo/"),
    "figure": ("head", "/cnsx/figures/assets.value/"),
    "more": ("head", "/cnsx/more/"),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_accessible_and_fits(opened, world, name, size, dark):
    who, path = PAGES[name]
    page = opened(who, path.format(projector=world.projector.pk), size=size, dark=dark)
    assert violations(page) == []
    assert not overflows(page)


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_the_list_fits_at_other_widths(opened, width):
    assert not overflows(opened("storekeeper", "/cnsx/assets/cards/", size=(width, 768)))


def test_targets_on_a_phone_are_large_enough(opened, world):
    page = opened("storekeeper", f"/cnsx/assets/cards/{world.projector.pk}/", size=PHONE)
    small = page.evaluate(
        "() => [...document.querySelectorAll('a.act, button.act, .side a')].filter((n) => n.offsetParent)"
        ".map((n) => [n.textContent.trim(), n.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 44 || r.width < 44)"
        ".map(([text]) => text)"
    )
    assert small == []


def test_large_type_keeps_the_page_whole(opened, world):
    page = opened("storekeeper", f"/cnsx/assets/cards/{world.projector.pk}/", size=PHONE)
    page.click("text=大字版")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => document.documentElement.className.includes('elder')")
    assert not overflows(page)
    assert violations(page) == []
