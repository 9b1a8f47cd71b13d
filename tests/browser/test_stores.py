"""The counter on a phone, rows pasted into a receipt, quotes side by side, and the textbook matrix filled in like a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, overflows, violations
from tests.browser.test_rooms import drawn_in
from tests.purchasing.examples import drafted, seller, three
from tests.stores.books import came, title
from tests.stores.examples import asked, issued, item
from tests.world import World
from zongwu.kernel import scope
from zongwu.purchasing.models import Purchase
from zongwu.stores import books
from zongwu.stores.models import Item, Slip

pytestmark = pytest.mark.browser


def pasted(page: Page, cell: str, text: str) -> None:
    """A block of a spreadsheet, pasted into a cell."""
    page.locator(cell).first.evaluate(
        """(node, text) => { const data = new DataTransfer(); data.setData("text", text); node.focus();
           node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",
        text,
    )


def test_a_row_that_cannot_be_read_is_marked(opened, world):
    item(world)
    page = opened("storekeeper", "/cnsx/stores/slips/new/receive_goods/", forgives="422")
    pasted(page, ".grid [data-key=item]", "A4 复印纸 70g\t20\t22\nA4 复印纸 70g\t3盒\t22")
    page.click(".filling .go")
    expect(page.locator("[id$=lines_wrong]")).to_contain_text("第 2 行：没有「盒」这个单位")
    expect(page.locator(".grid tbody tr").nth(0).locator("[aria-invalid]")).to_have_count(0)
    assert page.locator(".grid tbody tr").nth(1).locator("[aria-invalid]").count() > 0


def held(world: World, name: str = "A4 复印纸") -> Decimal:
    with scope.active(world.school):
        return Item.objects.with_stock().get(name=name).held


@pytest.mark.seed("R1.15", "R6.02")
def test_goods_go_out_over_the_counter_on_a_phone(opened, world):
    issued(world, 2)  # so that there is something to take again
    teacher = world.people["class_teacher"]
    page = opened("storekeeper", "/cnsx/stores/counter/", size=PHONE, forgives="409")
    page.select_option("#receiver", str(teacher.pk))
    page.click("text=选东西")
    expect(page.locator(".taker")).to_contain_text("本月已领 1 次，40.00 元")
    assert violations(page) == []
    assert not overflows(page)
    page.click("text=照上次再来")
    page.click("[data-more]")
    expect(page.locator("[data-says]")).to_have_text("领后剩 95")
    expect(page.locator("[data-go]")).to_have_text("出库 3 件")
    page.click("[data-hold]")
    page.click("text=高文：1 种")
    expect(page.locator("[data-go]")).to_have_text("出库 3 件")
    page.click(".dock .go")
    expect(page.get_by_role("alert")).to_contain_text("领用人还没有签名")
    expect(page.locator("[data-go]")).to_have_text("出库 3 件")  # a refusal keeps what was typed
    drawn_in(page, "signature")
    page.click(".dock .go")
    expect(page.get_by_role("status")).to_contain_text("下一位？")
    assert violations(page) == []
    assert held(world) == 95
    with scope.active(world.school):
        assert Slip.objects.filter(form="issue").latest("id").ink


def test_a_box_at_the_counter_is_as_many_as_the_slip_says(opened, world):
    issued(world, 2)
    page = opened("storekeeper", "/cnsx/stores/counter/", size=PHONE)
    page.select_option("#receiver", str(world.people["class_teacher"].pk))
    page.click("text=选东西")
    quantity = page.locator("[data-rows] input").first
    quantity.fill("2箱")
    expect(page.locator("[data-says]")).to_have_text("合 40 包，领后剩 58")
    expect(page.locator("[data-go]")).to_have_text("出库 40 件")
    quantity.fill("半箱")
    expect(page.locator("[data-says]")).to_contain_text("「半箱」看不懂，请写数字，可以带单位：包、箱")


def test_a_pick_up_code_told_at_the_counter_opens_what_was_asked_for(opened, world):
    one = asked(world, 3)
    page = opened("storekeeper", "/cnsx/stores/counter/", size=PHONE)
    page.fill("#code", "ZZZZ99")
    page.click("text=找到申请")
    expect(page.get_by_role("alert")).to_contain_text("没有一张待领的申请是取货码")
    assert violations(page) == []
    page.fill("#code", f"{one.code[:3]} {one.code[3:].lower()}")
    page.click("text=找到申请")
    page.click(".dock .go, main .foot .go")
    page.wait_for_url("**/stores/requisitions/*/")
    assert held(world) == 97


def test_a_receipt_is_pasted_from_a_spreadsheet(opened, world):
    item(world)
    page = opened("storekeeper", "/cnsx/stores/slips/new/receive_goods/", forgives="409")
    pasted(page, ".grid .cell", "A4 复印纸 70g\t2箱\t18.5\n拖把\t5把\t12\n")
    expect(page.locator(".gridbox + .sumbar")).to_have_text("0 行，合计 0.00 元；另 2 行带单位，保存时再算")
    page.locator("[data-key=quantity]").first.fill("40")
    expect(page.locator(".gridbox + .sumbar")).to_have_text("1 行，合计 740.00 元；另 1 行带单位，保存时再算")
    page.click("main .foot .go")
    expect(page.get_by_role("alert")).to_contain_text("这些是新物品，打勾就添进目录：拖把（把）")
    assert page.locator(".grid tbody tr").count() == 3  # what was pasted is still there, and an empty row
    assert violations(page) == []
    page.check("[name=confirmed]")
    page.click("main .foot .go")
    page.wait_for_url("**/stores/slips/*/")
    assert (held(world), held(world, "拖把")) == (40, 5)


@pytest.mark.seed("R2.12")
def test_three_quotes_side_by_side(opened, world):
    purchase = three(world, drafted(world))
    page = opened("bookkeeper", f"/cnsx/purchasing/purchases/{purchase.pk}/", forgives="409")
    expect(page.locator(".quotes")).to_contain_text("1 项不合格")
    expect(page.locator(".quotes")).to_contain_text("合格里最低")
    assert violations(page) == []
    page.click("text=选这家 >> nth=0")
    expect(page.locator("[name=why]")).to_have_value("恒暖建材 质保不合要求；南城文具 是合格报价里最低的。")
    page.fill("[name=why]", "")
    page.click("main .foot .go")
    expect(page.locator("main")).to_contain_text("比 恒暖建材 多 100.00 元，要写理由")
    page.fill("[name=why]", "恒暖质保半年，不合要求")
    page.click("main .foot .go")
    expect(page.locator(".quotes thead .won")).to_contain_text("南城文具")
    with scope.active(world.school):
        assert Purchase.objects.get().chosen.supplier == seller(world)


@pytest.mark.seed("R2.01")
def test_the_matrix_takes_a_block_of_a_spreadsheet(opened, world):
    plan, book = came(world), title(world)
    page = opened("storekeeper", f"/cnsx/stores/bookplans/{plan.pk}/matrix/?grade=3")
    assert violations(page) == []
    pasted(page, "[data-matrix] input.cell", "41\t42")
    page.click("text=存各班册数")
    expect(page.locator("main")).to_contain_text("已存 3 年级各班册数")
    with scope.active(world.school):
        assert sorted(many for _, many in books.lacking(plan, world.class_31)) == [41, 42]
    assert book.grade == 3
