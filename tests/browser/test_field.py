"""The field half on a phone: a point looked through, also without signal; a hazard that only somebody else closes; ten pages for everybody's eyes."""

from __future__ import annotations

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.checks.examples import checked, plan, point
from tests.repairs.examples import given
from tests.safety.examples import assigned, fixed
from tests.world import World
from zongwu.checks.actions import Item, add_list
from zongwu.checks.models import Finding, Round, Task
from zongwu.kernel import codes, scope
from zongwu.safety.models import Hazard

pytestmark = pytest.mark.browser


def looked(world: World) -> str:
    """A point with its plan; the address that its plate opens."""
    items = [
        Item("门锁", "关好", wrong="没锁、锁坏"),
        Item("灭火器", "压力在绿区", wrong="压力不足", photo=True),
        Item("应急灯", "断电会亮"),
    ]
    where = point(world)
    plan(world, where, checklist=add_list(world.ctx("head"), name="配电间", area="fire", then="general", items=items))
    with scope.active(world.school):
        return f"/p/{codes.valid('point', [where.pk])[where.pk]}"


@pytest.mark.seed("R3.06", "R5.03")
def test_the_plate_of_a_point_opens_what_is_to_be_looked_at_there(opened, world, tmp_path):
    page = opened("worker", looked(world), size=PHONE)
    expect(page.locator("h1")).to_contain_text("配电间")
    expect(page.locator("[data-all]")).to_have_text("3 项正常，交")
    assert violations(page) == []
    assert not overflows(page)
    page.click("summary:has-text('灭火器')")
    expect(page.locator(".looks .wrong:visible")).to_have_count(1)
    shades = page.locator(".looks > li").evaluate_all(
        "rows => rows.map((row) => getComputedStyle(row).backgroundColor)"
    )
    assert len(set(shades)) == 2 and sorted(shades.count(shade) for shade in set(shades)) == [1, 2], shades
    expect(page.locator("[data-all]")).to_have_text("还有 1 项没填全")
    page.click("label:has-text('压力不足')")
    picture = tmp_path / "表.jpg"
    Image.new("RGB", (400, 300), "grey").save(picture)
    page.set_input_files("details[open] input[type=file]", picture)
    expect(page.locator("[data-all]")).to_have_text("2 项正常，1 项异常，交")
    assert violations(page) == []
    page.click(".dock button")
    expect(page.locator("[data-flash]")).to_contain_text("2 项正常，1 项异常")
    with scope.active(world.school):
        hazard = Hazard.objects.get()
        assert (hazard.what, hazard.grade, hazard.source) == ("灭火器 压力不足", "general", "check")
        assert hazard.shots.count() == 1
        assert Round.objects.get().wrong == 1


def test_a_point_looked_through_without_signal_counts_once(opened, world):
    page = opened("worker", looked(world), size=PHONE, forgives="INTERNET_DISCONNECTED")
    expect(page.locator("body[data-kept]")).to_be_attached()
    page.context.set_offline(True)
    page.reload()
    page.click(".dock button")
    expect(page.locator("[data-waiting]")).to_contain_text("待上传 1")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
    expect(page.locator("h1")).to_contain_text("今日检查", timeout=10_000)
    with scope.active(world.school):
        assert (Round.objects.count(), Finding.objects.count()) == (1, 0)
        assert Task.objects.get().round_id


def test_a_photograph_that_is_demanded_is_asked_for_and_nothing_is_lost(opened, world):
    page = opened("worker", looked(world), size=PHONE)
    page.click("summary:has-text('灭火器')")
    page.fill("details[open] input[name^=note-]", "表坏了")
    page.click(".dock button")
    expect(page.locator("[data-lacks]:visible")).to_have_text("异常要拍一张照片")
    assert violations(page) == []
    expect(page.locator("details[open] input[name^=note-]").first).to_have_value("表坏了")
    with scope.active(world.school):
        assert not Round.objects.exists()


@pytest.mark.seed("R1.24")
def test_only_a_second_person_closes_a_hazard(opened, world, tmp_path):
    hazard = fixed(world)
    page = opened("worker", f"/cnsx/safety/hazards/{hazard.pk}/", size=PHONE)
    expect(page.locator("main")).to_contain_text("您是整改人或责任人")
    expect(page.locator("text=合格，销号")).to_have_count(0)
    assert violations(page) == []
    page = opened("principal", f"/cnsx/safety/hazards/{hazard.pk}/", size=PHONE, forgives="409")
    page.locator(".recheck a:has-text('合格，销号')").click()
    page.fill("[name=verdict]", "立柱不晃")
    page.locator(".foot .go").click()
    expect(page.locator("main")).to_contain_text("请到现场拍一张")
    picture = tmp_path / "现场.jpg"
    Image.new("RGB", (400, 300), "grey").save(picture)
    page.set_input_files("[name=photo]", picture)
    page.locator(".foot .go").click()
    expect(page.locator("main")).to_contain_text("已销号")
    with scope.active(world.school):
        assert Hazard.objects.get().checked_by == world.people["principal"]


def test_a_hazard_is_put_right_and_looked_at_again_without_signal(opened, world, tmp_path):
    """The electrician in the cellar and the principal in the yard, both off line; each step arrives once."""
    assigned(world)
    picture = tmp_path / "现场.jpg"
    Image.new("RGB", (400, 300), "grey").save(picture)
    for who, button, state in (("worker", "整改好了", "fixed"), ("principal", "合格，销号", "closed")):
        page = opened(who, "/cnsx/safety/field/", size=PHONE, forgives="INTERNET_DISCONNECTED")
        assert violations(page) == []
        assert not overflows(page)
        expect(page.locator("body[data-kept]")).to_be_attached()
        page.context.set_offline(True)
        page.set_input_files("input[type=file]", picture)
        page.click(f"button:has-text('{button}')")
        expect(page.locator("[data-waiting]")).to_contain_text("待上传 1")
        page.context.set_offline(False)
        expect(page.locator("[data-waiting]")).to_be_hidden(timeout=20_000)
        expect(page.locator("main")).to_contain_text("没有归您整改或复查的隐患", timeout=10_000)
        with scope.active(world.school):
            hazard = Hazard.objects.get()
            assert (hazard.state, hazard.shots.count()) == (state, 1 if state == "fixed" else 2)


KEY = {
    "home": ("head", "/cnsx/", DESK), "hazards": ("head", "/cnsx/safety/hazards/", DESK), "hazard": ("head", "/cnsx/safety/hazards/{hazard}/", DESK),
    "report": ("head", "/cnsx/safety/hazards/new/report_hazard/", DESK), "plan": ("head", "/cnsx/checks/plans/{plan}/", DESK), "rounds": ("head", "/cnsx/checks/rounds/", DESK),
    "board": ("head", "/cnsx/repairs/board/", DESK), "today": ("worker", "/cnsx/checks/field/", PHONE), "mine": ("worker", "/cnsx/safety/field/", PHONE), "work": ("worker", "/cnsx/repairs/field/work/", PHONE),
    "plate": (None, "/p/{code}/hazard/", PHONE), "point": ("head", "/cnsx/checks/points/{point}/", DESK), "pack": ("head", "/cnsx/safety/pack/", DESK),
}  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", sorted(KEY))
def test_key_pages_are_for_everybody(opened, world, name, dark):
    """No violation that axe-core knows, no page that scrolls sideways, in both themes."""
    hazard, round_ = assigned(world), checked(world)
    given(world)
    with scope.active(world.school):
        where = round_.point
        code = codes.valid("point", [where.pk])[where.pk]
    who, path, size = KEY[name]
    page = opened(
        who, path.format(hazard=hazard.pk, plan=round_.plan_id, point=where.pk, code=code), size=size, dark=dark
    )
    assert violations(page) == []
    assert not overflows(page)


def test_large_letters_keep_their_measures(opened, world):
    """大字版: letters of 20 px, targets of 60×60, nothing to scroll sideways at 375 px (issue 5.6)."""
    given(world)
    assigned(world)
    page = opened("worker", looked(world), size=PHONE)
    page.context.add_cookies([{"name": "elder", "value": "1", "url": page.evaluate("location.origin")}])
    for path in (page.url, "/cnsx/checks/field/", "/cnsx/repairs/field/work/", "/cnsx/safety/field/"):
        page.goto(path)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 20
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main .act, main summary, .dock button, .dock a')].filter((one) => one.offsetParent)"
            ".map((one) => [one.textContent.trim().slice(0, 12), one.getBoundingClientRect()]).filter(([, box]) => box.height < 59.5 || box.width < 59.5).map(([word, box]) => `${word} ${box.width}x${box.height}`)"
        )
        assert small == []
        assert not overflows(page)
