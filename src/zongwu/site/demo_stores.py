"""What the demonstrated school's storeroom did in the term: filled before opening, served through it, counted at its end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zongwu.kernel import scope
from zongwu.school import actions as school
from zongwu.school.models import Department, Place, SchoolClass, Term
from zongwu.site.demo_cast import Cast, at, ink
from zongwu.stores import actions as stores
from zongwu.stores.actions.books import Bundles
from zongwu.stores.models import Item, Slip
from zongwu.stores.steps import Line

GOODS = (
    ("A4 复印纸", "70g", "包", "office", "22", 200, 40, 120, "1 架 1 层", "箱=8"), ("白板笔", "黑", "支", "teaching", "1.8", 300, 60, 200, "1 架 3 层", "盒=10"),
    ("粉笔", "无尘 白", "盒", "teaching", "3.5", 200, 60, 150, "1 架 3 层", "箱=50"), ("垃圾袋", "大", "包", "cleaning", "9", 60, 20, 60, "2 架 1 层", ""),
    ("拖把", "棉线", "把", "cleaning", "12", 90, 10, 40, "2 架 2 层", ""), ("抹布", "30×30", "条", "cleaning", "1.5", 300, 50, 150, "2 架 2 层", ""),
    ("84 消毒液", "500ml", "瓶", "cleaning", "3.9", 80, 20, 60, "2 架 3 层", "箱=20"), ("LED 灯管", "T8 1.2米", "支", "repair", "15", 60, 20, 50, "3 架 1 层", ""),
    ("水龙头", "4分", "只", "repair", "23", 20, 6, 20, "3 架 2 层", ""), ("羽毛球", "12只装", "筒", "sport", "36", 15, 5, 15, "4 架 1 层", ""),
)  # fmt: skip
"""Name, specification, unit, sort, price, how many, alarm level, target, shelf, packings."""
TAKEN = (
    ("gao", (2026, 9, 3), (("A4 复印纸", 3), ("白板笔", 10), ("粉笔", 10))), ("he", (2026, 9, 8), (("LED 灯管", 12), ("水龙头", 3))),
    ("li", (2026, 9, 22), (("A4 复印纸", 20), ("白板笔", 40))), ("gao", (2026, 10, 15), (("拖把", 2), ("抹布", 8), ("垃圾袋", 4))),
    ("he", (2026, 10, 27), (("LED 灯管", 25), ("水龙头", 9))), ("lin", (2026, 11, 5), (("A4 复印纸", 12),)),
    ("gao", (2026, 11, 20), (("A4 复印纸", 4), ("粉笔", 8), ("垃圾袋", 3))), ("li", (2026, 12, 7), (("A4 复印纸", 24), ("白板笔", 60))),
    ("he", (2026, 12, 18), (("LED 灯管", 10), ("水龙头", 5))),
)  # fmt: skip


def fill_the_storeroom(cast: Cast) -> None:
    """Before term opening everything is in place (R1.18)."""
    keeper = cast.does("sun", at(2026, 8, 28))
    supplier = school.add_supplier(cast.does("zhou", at(2026, 8, 27)), name="城南文化用品公司")
    with scope.active(cast.school):
        store = Place.objects.get(level="head_storeroom")
    items = [
        stores.add_item(keeper, name=name, spec=spec, unit=unit, sort=sort, alarm=Decimal(alarm), target=Decimal(target), shelf=shelf, packings=packings)
        for name, spec, unit, sort, _, _, alarm, target, shelf, packings in GOODS
    ]  # fmt: skip
    for day, half in ((28, items[:7]), (29, items[7:])):
        wanted = {item.name: item for item in half}
        lines = [
            Line(wanted[name], Decimal(many), Decimal(price), lot="B2608" if "消毒" in name else "", expires_on=date(2027, 2, 28) if "消毒" in name else None)
            for name, _, _, _, price, many, *_ in GOODS
            if name in wanted
        ]  # fmt: skip
        stores.receive_goods(
            cast.does("sun", at(2026, 8, day, 14)), place=store, lines=lines, on=date(2026, 8, day), supplier=supplier, paper_number=f"SH2608{day}", purpose="开学备货"
        )  # fmt: skip
    with scope.active(cast.school):
        office = Department.objects.get(name="信息中心")
    stores.set_quota(cast.does("zhou", at(2026, 9, 1)), department=office, item=items[0], quantity=Decimal(30))


def serve_at_the_counter(cast: Cast) -> None:
    """People come and sign; something is borrowed; something waits to be fetched."""
    with scope.active(cast.school):
        store, items = Place.objects.get(level="head_storeroom"), {item.name: item for item in Item.objects.all()}
    for who, day, wanted in TAKEN:
        lines = [Line(items[name], Decimal(many)) for name, many in wanted]
        stores.issue_goods(
            cast.does("sun", at(*day, 15)), place=store, receiver=cast.people[who], lines=lines, signature=ink(who)
        )
    loan = stores.lend_goods(
        cast.does("sun", at(2026, 12, 1)), place=store, receiver=cast.people["gao"], lines=[Line(items["羽毛球"], Decimal(6))], due_on=date(2026, 12, 10),
        purpose="班级联赛", signature=ink("gao"),
    )  # fmt: skip
    stores.return_goods(
        cast.does("sun", at(2026, 12, 11)),
        loan,
        lines=[Line(items["羽毛球"], Decimal(5))],
        note="一筒打坏了，说好补一筒",
    )
    stores.ask_for_goods(
        cast.does("gao", at(2027, 1, 14)),
        place=store,
        lines=[Line(items["A4 复印纸"], Decimal(2)), Line(items["抹布"], Decimal(6))],
        purpose="期末布置教室",
    )


TITLES = (("语文", "9.86"), ("数学", "8.92"), ("英语", "8.15"))


def give_out_textbooks(cast: Cast) -> None:
    """Three titles of the third grade from the headcount to the signature of the class teacher; then a pack for every class."""
    keeper = cast.does("sun", at(2026, 8, 27))
    with scope.active(cast.school):
        term, store = Term.objects.get(year=2026, half="autumn"), Place.objects.get(level="head_storeroom")
        own = SchoolClass.objects.get(name="三（2）班")
        items = {item.name: item for item in Item.objects.all()}
    for subject, price in TITLES:
        stores.add_textbook(
            keeper,
            name=f"{subject}三年级上册",
            grade=3,
            subject=subject,
            half="autumn",
            edition="人教版",
            price=Decimal(price),
        )
    plan = stores.plan_books(keeper, term=term, spare=2)
    stores.order_books(keeper, plan, supplier=school.add_supplier(cast.does("zhou", at(2026, 8, 27)), name="新华书店"))
    with scope.active(cast.school):
        lines = {line.pk: Bundles(line.ordered // 40, 40, line.ordered % 40) for line in plan.lines.all()}
        short = max(lines)
        lines[short] = lines[short]._replace(loose=0)  # one title came without its loose copies
    stores.receive_books(
        cast.does("sun", at(2026, 8, 30, 9)),
        plan,
        place=store,
        lines=lines,
        on=date(2026, 8, 30),
        paper_number="XH2608-771",
    )
    stores.issue_books(cast.does("sun", at(2026, 8, 31, 9)), plan, school_class=own, place=store, signature=ink("gao"))
    pack = stores.add_pack(
        cast.does("sun", at(2026, 8, 31, 10)), name="2026 秋开学包", lines=[Line(items["粉笔"], Decimal(1)), Line(items["拖把"], Decimal(1)), Line(items["抹布"], Decimal(2))],
    )  # fmt: skip
    stores.issue_pack(cast.does("sun", at(2026, 8, 31, 11)), pack, place=store)
    with scope.active(cast.school):
        slip = own_slip(own)
    stores.sign_slip(cast.does("gao", at(2026, 9, 1)), slip, signature=ink("gao"))


def own_slip(own: SchoolClass) -> Slip:
    """The slip of a pack that a class has not signed yet."""
    found: Slip = Slip.objects.get(school_class=own, purpose="2026 秋开学包")
    return found


def count_the_storeroom(cast: Cast) -> None:
    """At the end of the month book and shelf are compared; two packets got wet."""
    with scope.active(cast.school):
        store = Place.objects.get(level="head_storeroom")
    count = stores.begin_count(cast.does("sun", at(2026, 12, 30)), place=store)
    with scope.active(cast.school):
        said = {
            line.pk: (
                line.book - (2 if line.item.name == "A4 复印纸" else 0),
                "受潮" if line.item.name == "A4 复印纸" else "",
            )
            for line in count.lines.select_related("item")
        }
    count = stores.enter_counts(cast.does("sun", at(2026, 12, 30, 11)), count, counted=said)
    count = stores.submit_count(cast.does("sun", at(2026, 12, 30, 14)), count, signature=ink("sun"))
    cast.agree_in_turn(count, "lin", "zhou", on=(2026, 12, 31))
