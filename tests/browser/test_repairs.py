"""A report from the code on a door, logged out on a phone; the worker's three buttons."""

from __future__ import annotations

import re
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, overflows, violations
from tests.repairs.examples import duty, given, held, reported
from zongwu.kernel import codes, scope
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.journal import JournalEntry
from zongwu.repairs.actions import give_ticket
from zongwu.repairs.models import Ticket

pytestmark = pytest.mark.browser


@pytest.mark.seed("R4.05")
def test_two_taps_report_it_without_a_login(opened, world):
    duty(world)
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    page = opened(None, f"/p/{code}", size=PHONE)
    assert violations(page) == []
    assert not overflows(page)
    began = time.monotonic()
    page.click("text=灯和电")
    assert violations(page) == []
    page.click("text=提交报修")
    expect(page.get_by_role("status")).to_contain_text("已派")
    assert time.monotonic() - began < 20
    assert violations(page) == []
    assert not overflows(page)
    with scope.active(world.school):
        assert Ticket.objects.get().fault == "light"


def test_a_photograph_is_made_small_before_it_is_sent(opened, world, tmp_path):
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(tmp_path / "灯.png")
    page = opened(None, f"/p/{code}/repair/?fault=light", size=PHONE)
    page.click("summary")
    page.set_input_files("#photo", tmp_path / "灯.png")
    expect(page.locator("#photo")).to_have_value(re.compile(r"灯\.jpg$"))
    size = page.evaluate("document.querySelector('#photo').files[0].size")
    assert 10_000 < size <= 400 * 1024
    page.click("text=提交报修")
    expect(page.get_by_role("status")).to_contain_text("待派")
    with scope.active(world.school):
        paper = Attachment.objects.get()
    assert (paper.name, paper.media_type) == ("灯.jpg", "image/jpeg")
    with Image.open(paper.path) as picture:
        assert 1000 < max(picture.size) <= 1600


def test_the_worker_presses_his_way_through(opened, world):
    given(world)
    page = opened("worker", "/cnsx/repairs/field/work/", size=PHONE)
    assert violations(page) == []
    assert not overflows(page)
    page.click("button:has-text('接单')")
    expect(page.locator("[data-flash]")).to_contain_text("已上传：已接单")
    page.click("button:has-text('到了')")
    expect(page.locator("[data-flash]")).to_contain_text("已上传：已到场")
    page.wait_for_url("**/field/work/")
    page.click("a:has-text('修好了')")
    page.fill("[name=did]", "换灯管 2 支")
    page.click("details[open] button.huge")
    expect(page.locator("[data-flash]")).to_contain_text("已上传：待确认")
    with scope.active(world.school):
        assert Ticket.objects.get().did == "换灯管 2 支"


def test_in_a_cellar_without_signal_one_ticket_is_done_once(opened, world, tmp_path):
    """接单, 到了, 修好了 with a photograph, all off line; on line again everything arrives in its order, once."""
    given(world)
    page = opened("worker", "/cnsx/repairs/field/work/", size=PHONE, forgives="INTERNET_DISCONNECTED")
    expect(page.locator("body[data-kept]")).to_be_attached()
    page.context.set_offline(True)
    page.reload()
    page.click("button:has-text('接单')")
    expect(page.locator("[data-flash]")).to_contain_text("存在手机里")
    page.click("button:has-text('到了')")
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 2")
    page.click("a:has-text('修好了')")
    picture = tmp_path / "灯.jpg"
    Image.effect_noise((800, 600), 90).convert("RGB").save(picture)
    page.set_input_files("details[open] input[type=file]", picture)
    page.click("details[open] button.huge")
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 3")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    expect(page.locator("h1")).to_contain_text("还有 0 件", timeout=10_000)
    with scope.active(world.school):
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.back) == ("done", 0)
        assert ticket.taken_at is not None
        assert Attachment.objects.filter(object_kind="ticket", object_id=ticket.pk).count() == 1
        verbs = list(JournalEntry.objects.filter(stream="repairs").order_by("id").values_list("verb", flat=True))
    assert verbs == ["repair.reported", "repair.given", "repair.taken", "repair.here", "repair.done"]


def test_what_the_server_will_not_take_stays_in_the_phone(opened, world):
    """Somebody else got the ticket meanwhile: it is told, kept, and let go by whoever decides."""
    ticket = given(world)
    page = opened("worker", "/cnsx/repairs/field/work/", size=PHONE, forgives="409")
    give_ticket(world.ctx("head"), ticket, worker=world.people["storekeeper"])
    page.click("button:has-text('接单')")
    expect(page.locator("[data-unsent]")).to_contain_text("没有收下")
    page.click("text=不要了")
    expect(page.locator("[data-unsent]")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
def test_the_board_is_worked_by_keyboard_alone(opened, world, dark):
    reported(world, fault="water")
    held(world)
    duty(world)
    page = opened("head", "/cnsx/repairs/board/", dark=dark)
    assert violations(page) == []
    assert not overflows(page)
    expect(page.locator(".lane").nth(0)).to_contain_text("派给何大庆")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.textContent.includes('派给何大庆') && document.activeElement.matches('button')"
        ):
            break
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("已派工 1 件")
    with scope.active(world.school):
        assert Ticket.objects.get(fault="water").worker == world.people["worker"]


def test_a_second_who_sees_the_same_joins(opened, world):
    """The page says that it is known; one press more counts him, and nothing is opened twice."""
    reported(world, fault="water")
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    page = opened(None, f"/p/{code}/repair/?fault=water", size=PHONE, forgives="409")
    page.click("text=提交报修")
    expect(page.get_by_role("alert")).to_contain_text("已经有人报过")
    assert violations(page) == []
    page.click("button:has-text('我也遇到')")
    expect(page.get_by_role("status")).to_contain_text("共 2 人报")
    with scope.active(world.school):
        assert Ticket.objects.count() == 1


SLOW_4G = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
"""The browser's own profile: 562 ms of latency, 1.44 Mbit/s."""


def test_the_public_form_is_small_and_quick_on_a_slow_line(opened, world, address):
    """Under 200 KB as it goes over the air, and ready within two seconds on slow 4G with nothing in the cache."""
    with scope.active(world.school):
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    page = opened(None, "/accounts/login/", size=PHONE)  # another page: the browser has run, its cache is off
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    received: list[float] = []
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(f"/p/{code}/repair/")
    expect(page.locator("button:has-text('提交报修')")).to_be_visible()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    # usable: painted with its style sheets, and its scripts have run
    took = page.evaluate(
        "Math.max(performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd) / 1000"
    )
    print(f"form: {sum(received) / 1024:.0f} KB in {len(received)} files, usable after {took:.2f} s")
    assert 5_000 < sum(received) < 200 * 1024
    assert took < 2
