"""From what is low in store to a signed issue slip, as its people: request, three quotes, approval, order, deliveries, stock and cards, issue, return, month's book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.purchasing.examples import (
    DESKS,
    PAPER,
    approved,
    arrived,
    budget,
    came_back,
    chosen,
    delivered,
    drafted,
    ordered,
    quoted,
    seller,
    submitted,
    supplier,
    three,
)
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.stores.examples import item, stocked
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.assets.models import Asset
from zongwu.kernel import scope
from zongwu.kernel.approvals.actions import send_back
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.purchasing import actions, queries
from zongwu.purchasing.actions.asking import Wanted
from zongwu.purchasing.models import Acceptance, Budget, Order, Purchase
from zongwu.stores import actions as stores
from zongwu.stores import queries as stock
from zongwu.stores.models import Item
from zongwu.stores.steps import Line

pytestmark = pytest.mark.django_db


def figure(world: World, key: str) -> Any:
    with scope.active(world.school):
        return FIGURES[key].value(Window(date(2026, 8, 1), date(2027, 1, 31))).number


def now(row: Any) -> Any:
    with scope.active(row.school_id):
        return type(row).objects.get(pk=row.pk)


@pytest.mark.seed("R1.15", "R1.17", "R2.12", "R6.01", "R6.02")
def test_from_low_stock_to_a_signed_issue_slip(world: World) -> None:
    stocked(world, 3)
    stores.change_item(world.ctx("storekeeper"), item(world), alarm=Decimal(40), target=Decimal(100))
    with scope.active(world.school):
        (low,) = Item.objects.low()
        assert low.lacking == 97
    purchase = drafted(
        world,
        Wanted(low.name, low.lacking, low.unit, low.price, low.spec, "stock"),
        who="storekeeper",
        reason="补货",
    )
    assert (purchase.method, purchase.amount) == ("compare", Decimal("1940.00"))
    with pytest.raises(Refused, match="比价要有 3 家报价，现在只有 0 家"):
        actions.submit_purchase(world.ctx("storekeeper"), purchase, signature=SIGNATURE)
    three(world, purchase)
    with pytest.raises(Refused, match="不合要求的项"):
        actions.choose_quote(world.ctx("bookkeeper"), purchase, supplier=supplier(world, "恒暖建材"))
    with pytest.raises(Refused, match=r"比 恒暖建材 多 97\.00 元，要写理由"):
        actions.choose_quote(world.ctx("bookkeeper"), purchase, supplier=seller(world))
    url = f"/{world.school.code}/purchasing/purchases/{purchase.pk}/do/choose_quote/?supplier={seller(world).pk}"
    assert "南城文具 是合格报价里最低的。" in client_of(world, "bookkeeper").get(url).content.decode()
    purchase = actions.choose_quote(world.ctx("bookkeeper"), purchase, supplier=seller(world), why="质保不合")
    actions.submit_purchase(world.ctx("storekeeper"), purchase, signature=SIGNATURE)
    sign(world, "head", purchase)
    sign(world, "bookkeeper", purchase)
    assert state_of(purchase) == "approved"
    order = actions.place_order(world.ctx("bookkeeper"), purchase, ordered_on=TODAY, due_on=date(2026, 11, 30))
    assert (order.supplier, order.amount) == (seller(world), Decimal("1940.00"))
    part = arrived(world, order, 60)
    sign(world, "class_teacher", part)
    assert state_of(part) == "running"
    sign(world, "worker", part)
    assert (state_of(part), now(order).stage) == ("approved", "部分到货")
    rest = arrived(world, order, 37, good=35)
    sign(world, "class_teacher", rest)
    sign(world, "worker", rest)
    actions.close_order(world.ctx("bookkeeper"), order, reason="两包破损，退了不补")
    with scope.active(world.school):
        paper = Item.objects.with_stock().get(pk=low.pk)
        assert (paper.held, paper.worth) == (98, Decimal("1960.00"))
        done = Purchase.objects.get(pk=purchase.pk)
        assert (done.spent, done.stage) == (Decimal("1900.00"), "办结")
        assert budget(world).committed == Decimal("1900.00")
        assert [one.done for one in queries.papers_of(done, TODAY)] == [True, True, True, True, True, True, False]
    actions.note_papers(world.ctx("bookkeeper"), order, invoice_number="01234567")
    with scope.active(world.school):
        assert all(one.done for one in queries.papers_of(Purchase.objects.get(pk=purchase.pk), TODAY))
    slip = stores.issue_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=[Line(low, Decimal(10))],
        signature=SIGNATURE,
    )
    stores.return_goods(world.ctx("storekeeper"), slip, lines=[Line(low, Decimal(4))])
    with scope.active(world.school):
        (month,) = stock.statement(world.store, date(2026, 11, 1), date(2026, 11, 30))
    assert (month.came, month.went, month.ends) == (102, 10, 92)
    assert (
        figure(world, "purchasing.compared"),
        figure(world, "purchasing.accepted"),
        figure(world, "purchasing.spent"),
    ) == (1, 2, Decimal("1900.00"))
    sound(world)


@pytest.mark.seed("R1.04", "R2.11", "R3.01")
def test_forty_desks_become_forty_cards_in_one_act(world: World) -> None:
    order = ordered(world, DESKS, sort="furniture")
    with pytest.raises(Refused, match="至少 3 个人验收"):
        arrived(world, order, who=("storekeeper", "class_teacher"))
    paper = arrived(world, order)
    sign(world, "class_teacher", paper)
    sign(world, "worker", paper)
    with scope.active(world.school):
        cards = list(Asset.objects.filter(name="课桌"))
        assert len(cards) == 40
        assert {
            (card.value, card.supplier, card.funding, card.category_confirmed) for card in cards
        } == {  # the class is a guess by the name
            (Decimal("20.00"), seller(world), "公用经费", False)
        }
        assert len({card.number for card in cards}) == 40
    assert (now(order).stage, now(paper).slip) == ("已收齐", None)
    sound(world)


def test_nobody_accepts_what_he_bought(world: World) -> None:
    order = ordered(world)
    with pytest.raises(Refused, match="采购人，不能验收自己买的东西"):
        arrived(world, order, who=("storekeeper", "bookkeeper", "worker"))
    sound(world)


def test_whoever_approved_it_does_not_buy_it(world: World) -> None:
    purchase = approved(world)
    with pytest.raises(Refused, match="批准采购的人不能自己去买"):
        actions.place_order(world.ctx("head"), purchase, ordered_on=TODAY)
    assert actions.place_order(world.ctx("bookkeeper"), purchase, ordered_on=TODAY).amount == Decimal("2000.00")


def test_no_more_is_accepted_than_was_ordered(world: World) -> None:
    order = ordered(world)
    with pytest.raises(Refused, match="还差 100，验收 101 超过了订的数"):
        arrived(world, order, 101)
    first = arrived(world, order, 60)
    with pytest.raises(Refused, match="还没有签完"):
        arrived(world, order, 40)
    for who in ("class_teacher", "worker"):
        sign(world, who, first)
    with pytest.raises(Refused, match="还差 40，验收 41"):
        arrived(world, order, 41)
    sound(world)


def test_small_purchases_that_add_up_are_told(world: World) -> None:
    """Three of 400 stay under the threshold of 1,000 one by one, and pass it together."""
    small = Wanted("抹布", Decimal(100), "条", Decimal(4))
    for _ in range(2):
        one = drafted(world, small, sort="cleaning", demands=[])
        assert one.method == "small"
        actions.submit_purchase(world.ctx("class_teacher"), one, signature=SIGNATURE)
    third = drafted(world, small, sort="cleaning", demands=[])
    with pytest.raises(NeedsConfirmation, match=r"已有 2 单 800\.00 元，连这一单 1,200\.00 元，超过比价起点 1,000 元"):
        actions.submit_purchase(world.ctx("class_teacher"), third, signature=SIGNATURE)
    third = actions.submit_purchase(world.ctx("class_teacher"), third, signature=SIGNATURE, confirmed=True)
    assert "超过比价起点" in third.alike


@pytest.mark.parametrize(
    ("price", "flags", "method"),
    [
        ("9.99", {}, "small"), ("10", {}, "compare"), ("50", {}, "inquiry"), ("3000", {}, "central"), ("20000", {}, "tender"),
        ("1", {"catalogue": True}, "central"), ("19999", {"framework": True}, "framework"),
    ],
)  # fmt: skip
def test_the_method_follows_from_the_amount(world: World, price: str, flags: dict[str, bool], method: str) -> None:
    line = Wanted("纸", Decimal(100), "包", Decimal(price))
    assert drafted(world, line, **flags).method == method


def test_more_than_the_budget_has_left_is_refused(world: World) -> None:
    budget(world, 2500)
    submitted(world)
    second = chosen(world)
    with pytest.raises(Refused, match=r"只剩 500\.00 元，不够 2,000\.00 元"):
        actions.submit_purchase(world.ctx("class_teacher"), second, signature=SIGNATURE)
    with scope.active(world.school):
        assert Budget.objects.get().left == 500
    sound(world)


def test_other_lines_need_other_quotes(world: World) -> None:
    purchase = chosen(world)
    same = {"reason": "还是开学用", "sort": "office", "demands": [("质保", "≥1 年")], "budget": budget(world)}
    purchase = actions.revise_purchase(world.ctx("class_teacher"), purchase, lines=[PAPER], **same)
    assert purchase.chosen is not None
    purchase = actions.revise_purchase(
        world.ctx("class_teacher"), purchase, lines=[PAPER._replace(quantity=Decimal(50))], **same
    )
    with scope.active(world.school):
        assert (purchase.chosen, purchase.quotes.count()) == (None, 0)


def test_a_new_quote_of_the_chosen_one_is_chosen_anew(world: World) -> None:
    purchase = quoted(world, chosen(world), "南城文具", "25")
    assert purchase.chosen is None


def test_what_is_in_stock_or_idle_is_told_before_buying(world: World) -> None:
    stocked(world, 30)
    purchase = drafted(world, sort="office")
    with scope.active(world.school):
        said = [one.sentence for one in queries.first_look(purchase, TODAY)]
    assert said[0] == "预算「办公费」还剩 100,000.00 元，够。"
    assert said[1] == "库里有 A4 复印纸 70g 30 包。"


def test_a_delivery_that_came_back_is_dropped_and_made_again(world: World) -> None:
    paper = came_back(world)
    actions.drop_delivery(world.ctx("storekeeper"), paper)
    with scope.active(world.school):
        order = Order.objects.get()
    again = arrived(world, order)
    for who in ("class_teacher", "worker"):
        sign(world, who, again)
    assert now(order).stage == "已收齐"
    sound(world)


def test_a_supplier_is_judged_once_an_order_is_done(world: World) -> None:
    order = delivered(world)
    actions.score_supplier(world.ctx("bookkeeper"), order, on_time=5, quality=4, service=3)
    with scope.active(world.school):
        assert queries.score_of(seller(world)) == {"n": 1, "on_time": 5.0, "quality": 4.0, "service": 3.0}
        assert Acceptance.objects.get().slip is not None
    with pytest.raises(Refused):
        actions.score_supplier(world.ctx("bookkeeper"), order, on_time=5, quality=4, service=3)
    sound(world)


def test_another_quote_undoes_the_choice(world: World) -> None:
    purchase = quoted(world, chosen(world), "第四家", "18")
    assert (purchase.chosen, purchase.why) == (None, "")


def test_what_the_catalogue_counts_in_another_unit_is_told_when_it_is_asked_for(world: World) -> None:
    item(world)
    with pytest.raises(Refused, match="按包算，这里写的是令"):
        drafted(world, PAPER._replace(unit="令"))
    order = ordered(world, PAPER._replace(unit="箱", quantity=Decimal(5), price=Decimal(400)))
    paper = arrived(world, order)
    for who in ("class_teacher", "worker"):
        sign(world, who, paper)
    with scope.active(world.school):
        found = Item.objects.with_stock().get()
    assert (found.held, found.worth, found.price) == (100, Decimal("100.00"), Decimal("1.00"))
    sound(world)


def test_other_prices_are_what_is_approved(world: World) -> None:
    purchase = drafted(world, PAPER._replace(quantity=Decimal(10)))
    given = {"reason": "用", "sort": "office", "budget": budget(world), "demands": [("质保", "≥1 年")]}
    purchase = actions.revise_purchase(
        world.ctx("class_teacher"), purchase, lines=[PAPER._replace(quantity=Decimal(10), price=Decimal(30))], **given
    )
    with scope.active(world.school):
        assert purchase.amount == sum(line.amount for line in purchase.lines.all()) == 300


def test_what_is_ordered_is_what_was_approved(world: World) -> None:
    """A choice that is undone takes its total along: nothing dear is bought on a cheap quote."""
    purchase = drafted(world, Wanted("显示器", Decimal(10), "台", Decimal(2000)), demands=[])
    quoted(world, purchase, "甲店", "1")
    purchase = actions.choose_quote(world.ctx("bookkeeper"), purchase, supplier=supplier(world, "甲店"))
    assert (purchase.amount, purchase.method) == (10, "small")
    purchase = quoted(world, purchase, "甲店", "3000")
    assert (purchase.amount, purchase.method) == (20000, "inquiry")
    with pytest.raises(Refused, match="询价要有 3 家报价"):
        actions.submit_purchase(world.ctx("class_teacher"), purchase, signature=SIGNATURE)


def test_other_prices_behind_a_signature_are_signed_anew(world: World) -> None:
    purchase = submitted(world)
    sign(world, "head", purchase)
    send_back(world.ctx("bookkeeper"), case_of(world, purchase), opinion="再问问价")
    quoted(world, purchase, "宏达商贸", "20.50")
    actions.choose_quote(world.ctx("bookkeeper"), purchase, supplier=seller(world), why="质保半年不合")
    actions.submit_purchase(world.ctx("class_teacher"), purchase, signature=SIGNATURE)
    with scope.active(world.school):
        assert [task.person for task in case_of(world, purchase).tasks.filter(state="open")] == [world.people["head"]]


def test_the_buyer_does_not_draw_up_the_acceptance(world: World) -> None:
    order = actions.place_order(world.ctx("storekeeper"), approved(world), ordered_on=TODAY)
    with pytest.raises(Refused, match="不能给自己买的东西开验收单"):
        arrived(world, order, who=("class_teacher", "worker"))


@pytest.mark.parametrize("quantity", ["501", "1.5"])
def test_cards_are_whole_and_not_too_many(world: World, quantity: str) -> None:
    with pytest.raises(Refused, match="1 到 500 的整数"):
        drafted(world, DESKS._replace(quantity=Decimal(quantity)))


def test_a_half_fen_is_rounded_the_same_way_everywhere(world: World) -> None:
    """10 × 0.0125 yuan is 0.13, on the request and on the order: what was approved can be ordered."""
    drawing = Wanted("图钉", Decimal(10), "枚", Decimal("0.0125"), becomes="nothing")
    purchase = drafted(world, drawing, demands=[])
    with scope.active(world.school):
        line = purchase.lines.get()
    assert (purchase.amount, line.amount) == (Decimal("0.13"), Decimal("0.13"))
    purchase = quoted(world, purchase, "南城文具", "0.0125")
    actions.submit_purchase(world.ctx("class_teacher"), now(purchase), signature=SIGNATURE)
    for who in ("head", "bookkeeper", "principal"):
        if state_of(purchase) == "running":
            sign(world, who, purchase)
    order = actions.place_order(world.ctx("bookkeeper"), now(purchase), supplier=seller(world), ordered_on=TODAY)
    assert order.amount == Decimal("0.13")


def test_what_was_approved_and_is_not_bought_frees_its_budget(world: World) -> None:
    purchase = approved(world)
    with scope.active(world.school):
        bound = Budget.objects.get().left
    actions.drop_purchase(world.ctx("class_teacher"), now(purchase), because="库里找到了")
    with scope.active(world.school):
        assert Budget.objects.get().left == bound + purchase.amount
        assert not Purchase.objects.to_order().exists()


def test_what_is_ordered_is_not_dropped_any_more(world: World) -> None:
    with pytest.raises(Refused, match="已经下单"):
        actions.drop_purchase(world.ctx("class_teacher"), ordered(world).purchase)


def test_one_kind_of_goods_is_not_bought_in_two_units(world: World) -> None:
    boxes, packs = (Wanted("无尘粉笔", Decimal(many), unit, Decimal(3)) for many, unit in ((10, "盒"), (2, "箱")))
    with pytest.raises(Refused, match="两种单位"):
        drafted(world, boxes, packs)


def test_a_delivery_is_booked_on_the_day_of_its_last_signature(world: World) -> None:
    order = ordered(world)
    with scope.active(world.school):
        Order.objects.filter(pk=order.pk).update(ordered_on=date(2026, 10, 20))
    paper = arrived(world, now(order), accepted_on=date(2026, 10, 30))
    sign(world, "class_teacher", paper)
    sign(world, "worker", paper)
    slip = now(paper).slip
    assert (slip.on, now(paper).accepted_on) == (TODAY, date(2026, 10, 30))  # October's statement stands
    sound(world)
