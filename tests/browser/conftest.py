"""Real Chromium against a live server. Chromium is never skipped: a missing one is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.world import PASSWORD, World

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
DESK, PHONE = (1366, 768), (375, 667)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "browser tests need Chromium: install it or set CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """As everywhere, but committed, so that the live server sees it."""
    from tests.world import NOW, build_world

    monkeypatch.setenv("ZONGWU_NOW", NOW.isoformat())
    return build_world()


Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server, world: World) -> Iterator[Open]:
    """`opened("storekeeper", "/cnsx/")`: a page in a fresh browser, which must end without a console error."""
    contexts, errors = [], []

    def open_page(who: str, path: str, *, size: tuple[int, int] = DESK, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
            color_scheme="dark" if dark else "light", java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if who:
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{world.school.code}-{who}")
            page.fill("[name=password]", PASSWORD)
            page.click("main button.go")
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.0 to 2.2, A and AA."""
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", tags)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def overflows(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    return bool(
        page.evaluate(
            "() => [document.documentElement, document.querySelector('main')]"
            ".some((node) => node && node.scrollWidth > node.clientWidth)"
        )
    )
