"""What the demonstrated school bought in the term: material against the frost with three quotes, small things, desks for a class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zongwu.kernel import scope
from zongwu.purchasing import actions as purchasing
from zongwu.purchasing.actions.arriving import Arrived
from zongwu.purchasing.actions.asking import Wanted
from zongwu.purchasing.models import Budget, Order, Purchase
from zongwu.school import actions as school
from zongwu.school.models import Department, Place, Supplier
from zongwu.site.demo_cast import Cast, at, ink

FROST = (
    ("橡塑保温管", "φ28×20 mm", "300", "米", "5.8"), ("橡塑保温管", "φ54×20 mm", "120", "米", "11"), ("铝箔胶带", "48 mm", "60", "卷", "11.5"),
    ("电伴热带", "20 W/m", "80", "米", "28"), ("不锈钢扎带", "", "20", "包", "32"),
)  # fmt: skip
DEMANDS = (("阻燃等级", "须 B1 级"), ("质保", "≥ 1 年"), ("到货", "11-27 前"), ("检测报告", "要有"))
QUOTES = (
    ("恒暖建材", ("5.60", "10.80", "11.50", "27.50", "32.50"), "0", (("B2 级", False), ("6 个月", False), ("11-26", True), ("没附", False))),
    ("南城水暖", ("6.20", "11.50", "12.00", "28.00", "32.00"), "0", (("B1 级", True), ("2 年", True), ("11-23", True), ("1 份", True))),
    ("宏达五金", ("6.80", "12.00", "10.50", "29.00", "30.00"), "120", (("B1 级", True), ("1 年", True), ("11-25", True), ("1 份", True))),
)  # fmt: skip


def buy(cast: Cast) -> None:
    """A year's budgets, then two purchases to their end and one that waits to be decided."""
    head = cast.does("zhou", at(2026, 9, 1))
    repairs = purchasing.add_budget(head, year=2026, name="水电维修", amount=Decimal(60_000), funding="公用经费")
    purchasing.add_budget(head, year=2026, name="办公费", amount=Decimal(80_000), funding="公用经费")
    furniture = purchasing.add_budget(
        head, year=2026, name="课桌椅更新", amount=Decimal(40_000), funding="县教育局专项"
    )
    for name in ("恒暖建材", "南城水暖", "宏达五金", "育才家具"):
        school.add_supplier(head, name=name)
    _against_the_frost(cast, repairs)
    _desks(cast, furniture)
    next_year = purchasing.add_budget(
        cast.does("zhou", at(2027, 1, 5)), year=2027, name="水电维修", amount=Decimal(60_000), funding="公用经费"
    )
    _waiting(cast, next_year)


def _against_the_frost(cast: Cast, budget: Budget) -> None:
    lines = [Wanted(name, Decimal(many), unit, Decimal(price), spec) for name, spec, many, unit, price in FROST]
    purchase = purchasing.ask_to_buy(
        cast.does("he", at(2026, 11, 16)), reason="冬季水管防冻，教学楼 A 和食堂外管", sort="repair", lines=lines, demands=DEMANDS, budget=budget,
        needed_on=date(2026, 11, 27),
    )  # fmt: skip
    _quote(cast, purchase)
    purchase = purchasing.choose_quote(
        cast.does("lin", at(2026, 11, 20, 16)), purchase, supplier=_supplier(cast, "南城水暖"),
        why="恒暖建材阻燃 B2 级、质保 6 个月、没附检测报告，三项不合要求。南城水暖是合格报价里最低的，周一能到货，赶得上寒潮。",
    )  # fmt: skip
    purchasing.submit_purchase(cast.does("he", at(2026, 11, 20, 17)), purchase, signature=ink("he"))
    cast.agree_in_turn(purchase, "zhou", "lin", "chen", on=(2026, 11, 20))
    order = purchasing.place_order(
        cast.does("lin", at(2026, 11, 21)),
        purchase,
        ordered_on=date(2026, 11, 21),
        due_on=date(2026, 11, 25),
        contract_number="HT-2026-31",
    )
    _arrives(cast, order, {"橡塑保温管 φ28×20 mm": 200}, at_=(2026, 11, 23))
    _arrives(cast, order, {}, at_=(2026, 11, 25))
    purchasing.note_papers(
        cast.does("lin", at(2026, 11, 27)), order, contract_number="HT-2026-31", invoice_number="24327000051168"
    )
    purchasing.score_supplier(cast.does("lin", at(2026, 11, 27, 15)), order, on_time=5, quality=5, service=4)


def _desks(cast: Cast, budget: Budget) -> None:
    with scope.active(cast.school):
        office = Department.objects.get(name="教务处")
    purchase = purchasing.ask_to_buy(
        cast.does("sun", at(2026, 12, 7)), reason="三（2）班课桌老化更换", sort="furniture",
        lines=[Wanted("课桌", Decimal(45), "张", Decimal("19.9"), "单人可调桌面板", "cards")], department=office, budget=budget,
    )  # fmt: skip
    purchasing.submit_purchase(cast.does("sun", at(2026, 12, 7, 10)), purchase, signature=ink("sun"))
    cast.agree_in_turn(purchase, "zhou", "lin", "chen", on=(2026, 12, 7))
    order = purchasing.place_order(
        cast.does("lin", at(2026, 12, 8)),
        purchase,
        supplier=_supplier(cast, "育才家具"),
        ordered_on=date(2026, 12, 8),
        due_on=date(2026, 12, 14),
    )
    with scope.active(cast.school):
        room = Place.objects.get(code="A302")
    _arrives(cast, order, {}, at_=(2026, 12, 14), place=room, invoice="24327000058820")


def _waiting(cast: Cast, budget: Budget) -> None:
    """A request of which the quotes are in; nobody has been chosen yet."""
    lines = [Wanted(name, Decimal(many), unit, Decimal(price), spec) for name, spec, many, unit, price in FROST]
    purchase = purchasing.ask_to_buy(
        cast.does("he", at(2027, 1, 11)), reason="办公楼水管防冻，寒假前装好", sort="repair", lines=lines, demands=DEMANDS, budget=budget, needed_on=date(2027, 1, 20),
    )  # fmt: skip
    _quote(cast, purchase, 2027, 1, 13)


def _quote(cast: Cast, purchase: Purchase, year: int = 2026, month: int = 11, day: int = 20) -> None:
    with scope.active(cast.school):
        lines, demands = list(purchase.lines.order_by("seq")), list(purchase.demands.order_by("seq"))
    for name, prices, delivery, answers in QUOTES:
        purchasing.add_quote(
            cast.does("lin", at(year, month, day, 14)), purchase, supplier=_supplier(cast, name), quoted_on=date(year, month, day),
            prices={line.pk: Decimal(price) for line, price in zip(lines, prices, strict=True)},
            answers={demand.pk: answer for demand, answer in zip(demands, answers, strict=True)}, delivery=Decimal(delivery),
        )  # fmt: skip


def _arrives(
    cast: Cast,
    order: Order,
    part: dict[str, int],
    *,
    at_: tuple[int, int, int],
    place: Place | None = None,
    invoice: str = "",
) -> None:
    """What is named comes in part, everything else whole; three sign who did not buy it."""
    with scope.active(cast.school):
        left = {one.pk: (str(one), one.open) for one in order.lines.select_related("line")}
    lines = {
        pk: Arrived(Decimal(part.get(name, many)), Decimal(part.get(name, many)))
        for pk, (name, many) in left.items()
        if many
    }
    paper = purchasing.accept_delivery(
        cast.does("sun", at(*at_, 10)), order=order, lines=lines, members=[cast.people[who] for who in ("sun", "he", "li")], accepted_on=date(*at_), place=place,
        invoice_number=invoice, signature=ink("sun"),
    )  # fmt: skip
    cast.agree_in_turn(paper, "he", "li", on=at_)


def _supplier(cast: Cast, name: str) -> Supplier:
    with scope.active(cast.school):
        found: Supplier = Supplier.objects.get(name=name)
    return found
