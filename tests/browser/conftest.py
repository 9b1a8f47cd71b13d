"""Real Chromium against a live server. Chromium is never skipped: a missing one is a failure."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import waitress
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui.conftest import client_of
from tests.world import World

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


class Server:
    """The real server with one worker, inside the test's own transaction: what a test does is undone when it ends.

    Django's live server would have to flush the tables after each test, which the append-only journal refuses.
    """

    def __init__(self) -> None:
        self.connection = None
        self.turn = threading.Lock()
        self._serve = get_wsgi_application()
        self._server = waitress.create_server(self._answer, host="127.0.0.1", port=0, threads=1)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        threading.Thread(target=self._server.run, daemon=True).start()

    def _answer(self, environ, start_response):
        with self.turn:
            if self.connection is None:  # a late request of a test that has ended
                start_response("503 Service Unavailable", [])
                return []
            connections["default"] = self.connection
            return self._serve(environ, start_response)


@pytest.fixture(scope="session")
def server() -> Server:
    return Server()


@pytest.fixture
def address(server: Server, world: World) -> Iterator[str]:
    """Where the server answers, on this test's connection."""
    server.connection = connections["default"]
    server.connection.inc_thread_sharing()
    yield server.url
    with server.turn:
        server.connection.dec_thread_sharing()
        server.connection = None


Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, address: str, world: World) -> Iterator[Open]:
    """`opened("storekeeper", "/cnsx/")`: a page in a fresh browser, which must end without a console error but those that the test itself brings about."""
    contexts, errors = [], []

    def open_page(
        who: str,
        path: str,
        *,
        size: tuple[int, int] = DESK,
        dark: bool = False,
        script: bool = True,
        forgives: str = "never",
    ) -> Page:
        context = chromium.new_context(
            base_url=address, viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
            color_scheme="dark" if dark else "light", java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda one: errors.append(one.text) if one.type == "error" and forgives not in one.text else None
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        if who:
            session = client_of(world, who).session.session_key
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
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
