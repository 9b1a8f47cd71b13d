"""A room is scanned on a phone without a page change, off line in between; a disposal is signed with a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.assets.examples import many_cards, submitted
from tests.assets.test_stocktake import begun, card, room
from tests.browser.conftest import PHONE, overflows, violations
from tests.signing import case_of, sign
from tests.world import World
from zongwu.assets.models import Asset, Scan
from zongwu.kernel import scope

pytestmark = pytest.mark.browser


def counting(opened, world: World, **more) -> Page:
    """The scan page of room 101, with thirty cards on its list and one thing that stands elsewhere by the books."""
    many_cards(world, 30)
    here = room(world, begun(world), world.room_101)
    page = opened("storekeeper", f"/cnsx/assets/count/{here.pk}/", size=PHONE, **more)
    expect(page.locator("[data-scan][data-ready]")).to_be_attached()
    return page


def typed(page: Page, code: str) -> None:
    """What a keyboard-wedge scanner does: characters, then Enter."""
    page.fill("#code", code)
    page.press("#code", "Enter")


@pytest.mark.seed("R1.07")
def test_a_room_and_thirty_items_without_a_page_change(opened, world):
    page = counting(opened, world)
    began = page.evaluate("() => performance.timeOrigin")
    expect(page.locator("body[data-kept]")).to_be_attached()
    for number in range(10):
        typed(page, f"MANY-{number:04d}")
    expect(page.locator("[data-flash]")).to_contain_text("正常")
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    page.context.set_offline(True)
    expect(page.locator("[data-waiting]")).to_contain_text("没有信号")
    for number in range(10, 30):
        typed(page, f"MANY-{number:04d}")
    typed(page, "MANY-0003")
    expect(page.locator("[data-flash]")).to_contain_text("重复")
    typed(page, world.laptop.number)
    expect(page.locator("[data-flash]")).to_contain_text("位置不符")
    expect(page.locator("[data-flash]")).to_contain_text("102")
    typed(page, "ZC-1999-0001")
    expect(page.locator("[data-flash]")).to_contain_text("无此编号")
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 23")
    expect(page.locator("[data-count-ok]")).to_have_text("30")
    assert violations(page) == []
    assert not overflows(page)
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    assert page.evaluate("() => performance.timeOrigin") == began
    with scope.active(world.school):
        said = list(Scan.objects.order_by("id").values_list("said", flat=True))
    assert said == ["ok"] * 30 + ["again", "moved", "unknown"]


def test_the_page_opens_without_signal_and_what_waits_survives(opened, world):
    page = counting(opened, world, forgives="INTERNET_DISCONNECTED")
    expect(page.locator("body[data-kept]")).to_be_attached()
    page.context.set_offline(True)
    typed(page, "MANY-0001")
    page.reload()
    expect(page.locator("[data-scan][data-ready]")).to_be_attached()
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 1")
    typed(page, "MANY-0001")
    expect(page.locator("[data-flash]")).to_contain_text("重复")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    with scope.active(world.school):
        assert list(Scan.objects.order_by("id").values_list("said", flat=True)) == ["ok", "again"]


def test_another_phone_was_quicker(opened, world):
    """The phone thinks 正常; meanwhile the card was scanned in the room by somebody else: the server's word is told."""
    page = counting(opened, world)
    from zongwu.assets.actions import scan_item

    with scope.active(world.school):
        where = Scan.objects.model.room.field.related_model.objects.get(place=world.room_101)
    scan_item(world.ctx("head"), where, code="MANY-0007")
    typed(page, "MANY-0007")
    expect(page.locator("[data-flash]")).to_contain_text("重复")


def test_a_thing_without_a_label(opened, world):
    page = counting(opened, world)
    page.click("text=没标签")
    page.fill("#note", "旧音箱")
    page.click("[data-bare] >> text=记下")
    expect(page.locator("[data-flash]")).to_contain_text("没有标签")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    with scope.active(world.school):
        assert Scan.objects.get().note == "旧音箱"


def test_one_by_one_without_script(opened, world):
    many_cards(world, 3)
    here = room(world, begun(world), world.room_101)
    page = opened("storekeeper", f"/cnsx/assets/count/{here.pk}/", size=PHONE, script=False)
    page.fill("#code", "MANY-0002")
    page.click("text=记下")
    expect(page.locator(".scans li").first).to_contain_text("正常")


@pytest.mark.seed("R1.12")
def test_a_disposal_is_signed_on_a_phone(opened, world):
    """Path, list and decision in one column; the name drawn with a finger; the things struck off."""
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    page = opened("principal", f"/cnsx/assets/disposals/{document.pk}/", size=PHONE)
    assert violations(page) == []
    assert not overflows(page)
    expect(page.locator(".path .now")).to_contain_text("领导签字")
    pad = page.locator("[data-sign] > svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in range(3):
        left = box["x"] + 40 + stroke * 70
        page.mouse.move(left, box["y"] + 30)
        page.mouse.down()
        for step in range(1, 8):
            page.mouse.move(left + step * 6, box["y"] + 30 + (step % 3) * 20)
        page.mouse.up()
    page.click("[data-say] >> text=按规定办理")
    page.click(".decide button.go")
    expect(page.locator(".decide .note.ok")).to_contain_text("已经通过")
    assert page.locator(".inked .ink").count() > 0
    with scope.active(world.school):
        assert Asset.objects.get(pk=document.lines.get().asset_id).state == "disposed"
        assert case_of(world, document).decisions.latest("id").device


def test_sending_back_names_the_stages(opened, world):
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    page = opened("principal", f"/cnsx/assets/disposals/{document.pk}/")
    page.click(".seven >> text=退回")
    expect(page.locator(".choices").first).to_contain_text("总务处、总库房确认")
    assert violations(page) == []
    page.check("text=总务处、总库房确认")
    page.fill("[name=opinion]", "再核一遍")
    page.click("form.filling button.go")
    expect(page.locator(".path .now")).to_contain_text("总务处、总库房确认")


def test_the_four_boxes_and_several_at_once(opened, world):
    first, second = submitted(world), submitted(world)
    page = opened("head", "/cnsx/todo/")
    expect(page.locator(".box li")).to_have_count(2)
    assert violations(page) == []
    for tick in page.locator(".box [name=ids]").all():
        tick.check()
    page.click("text=一起同意选中的")
    expect(page.locator("h1")).to_contain_text("2 张")
    expect(page.locator(".head")).to_contain_text("8,300.00")
    pad = page.locator("[data-sign] > svg").bounding_box()
    page.mouse.move(pad["x"] + 60, pad["y"] + 40)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(pad["x"] + 60 + step * 14, pad["y"] + 40 + (step % 2) * 30)
    page.mouse.up()
    page.click("form.filling button.go")
    expect(page.locator(".state.ok")).to_have_count(2)
    page.goto("/cnsx/todo/?box=done")
    expect(page.locator(".box li")).to_have_count(2)
    assert first.pk != second.pk


def test_a_route_is_edited_on_screen(opened, world):
    from zongwu.kernel.approvals.prescribed import Route

    with scope.active(world.school):
        route = Route.objects.get(name="小额处置")
    page = opened("head", f"/cnsx/approvals/routes/{route.pk}/")
    page.click("text=改路线")
    assert violations(page) == []
    page.fill("[name=s1-name]", "校长签字")
    page.click("text=存成新的一版")
    expect(page.locator(".path")).to_contain_text("校长签字")
    with scope.active(world.school):
        assert Route.objects.get(name="小额处置", retired_on=None).version == 2


def test_the_pages_of_a_count(opened, world):
    card(world, "风扇", world.room_102)
    stocktake = begun(world)
    page = opened("storekeeper", f"/cnsx/assets/stocktakes/{stocktake.pk}/", forgives="409 (Conflict)")
    assert violations(page) == []
    page.click("text=截止盘点")
    page.click("form.filling button")
    page.check("[name=confirmed]")
    page.click("form.filling button")
    page.click("text=看差异")
    page.click(".views >> text=盘亏")
    for tick in page.locator("[name=items]").all():
        tick.check()
    page.fill("#reason", "查无下落")
    page.click("text=报盘亏")
    expect(page.locator(".ledger .state.ok").first).to_have_text("报盘亏")
    assert violations(page) == []
    assert not overflows(page)
