"""The pages of textbooks, opening packs and counts."""

from __future__ import annotations

from typing import Any

from zongwu.kernel.ctx import Ctx
from zongwu.school.models import SchoolClass
from zongwu.stores import actions, books
from zongwu.stores.forms import books as forms
from zongwu.stores.models import BookLine, BookPlan, Pack, PackLine, Slip, StockCount, StockCountLine, Textbook
from zongwu.ui import screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.history import say
from zongwu.ui.screens import Approval, Column, Facts, History, Money, Number, Part, Print, Rows, Screens, View

TEXTBOOKS = Screens(
    model=Textbook, area="stores", name="textbooks", title="教材目录", icon="book", read="stores.read_books", unit="种",
    blank="一种书一行：书名、年级、学科、ISBN 和定价。编征订时按年级人数算册数。",
    columns=[
        Column("name", link=True, phone="title"), Column("grade", sort=True, phone="line"), Column("subject", phone="line"), Column("half"), Column("edition"), Column("isbn", low=True),
        Money("price", phone="end"),
    ],
    default_order="grade", detail=[Facts("教材", ["grade", "subject", "half", "edition", "isbn", "price", "item"]), History()],
    forms={actions.add_textbook: forms.TextbookForm},
)  # fmt: skip


def _lines(ctx: Ctx, plan: BookPlan) -> Any:
    return (
        BookLine.objects.filter(plan=plan)
        .select_related("textbook")
        .order_by("textbook__grade", "textbook__subject", "id")
    )


def _gaps(ctx: Ctx, plan: BookPlan) -> dict[str, Any]:
    """The way to the matrix, and who lacks or has too many since pupils came and left."""
    grades = sorted({book.grade for book in books.titles(plan)})
    return {"plan": plan, "grades": grades, "gaps": books.open_gaps(plan) if plan.ordered_on else {}}


BOOK_PLANS = Screens(
    model=BookPlan, area="stores", name="bookplans", title="教材征订和发放", icon="book", read="stores.read_books", unit="次",
    blank="先把教材目录添好，再「编征订」：按各年级人数、每班一册教师用书和备用比例算出册数。",
    columns=[
        Column("number", link=True, phone="title"), Column("term", phone="line"), Column("made_on", sort=True), Column("ordered_on"), Column("supplier"), Column("stage", label="进度", phone="line"),
    ],
    default_order="-made_on",
    detail=[
        Facts("征订", ["term", "spare", "made_on", "ordered_on", "supplier", Column("stage", label="进度")]),
        Part("各班册数和发放", "stores/_books.html", _gaps),
        Rows("征订和到货", [
            Column("textbook.grade", label="年级"), Column("textbook", label="书名", link=True), Number("pupils"), Number("teachers"), Number("ordered"), Number("arrived"), Number("short", label="还差"),
            Money("amount", label="码洋（元）"),
        ], _lines, most=200),
        History(),
    ],
    forms={
        actions.plan_books: forms.BookPlanForm, actions.change_book_order: forms.ChangeOrderForm, actions.order_books: forms.OrderBooksForm,
        actions.receive_books: forms.ReceiveBooksForm, actions.issue_books: forms.IssueBooksForm,
    },
)  # fmt: skip


def _of_pack(ctx: Ctx, pack: Pack) -> Any:
    return PackLine.objects.filter(pack=pack).select_related("item").order_by("seq")


def _slips(ctx: Ctx, pack: Pack) -> Any:
    """The slips of the classes, those that nobody has signed yet first."""
    rows = Slip.objects.visible_to(ctx) if ctx.may("stores.read_slip") else Slip.objects.none()
    return rows.filter(pack=pack).select_related("school_class", "receiver").order_by("school_class__grade", "id")


PACKS = Screens(
    model=Pack, area="stores", name="packs", title="开学包", icon="package", read="stores.read_item", unit="个",
    blank="扫把、粉笔、垃圾桶……每班一份的东西编成一个包，一次发给全部班级。",
    columns=[Column("name", link=True, phone="title"), Column("made_on", sort=True), Column("issued_on", phone="line"), Column("stage", label="进度", phone="line")],
    default_order="-made_on",
    detail=[
        Facts("开学包", ["made_on", "issued_on", Column("stage", label="进度")]), Rows("每班几件", [Column("item", label="物品", link=True), Number("quantity"), Column("item.unit", label="单位")], _of_pack, most=100),
        Rows("各班的单子", [Column("number", link=True), Column("school_class", label="班级"), Column("receiver", label="领用人"), Money("value"), Column("signed", label="签字")], _slips, most=200), History(),
    ],
    forms={actions.add_pack: forms.PackForm, actions.change_pack: forms.PackForm, actions.issue_pack: forms.IssuePackForm},
)  # fmt: skip


def _counted(ctx: Ctx, count: StockCount) -> Any:
    """In a blind count the books are not told before it is over."""
    rows = StockCountLine.objects.filter(count=count).select_related("item").order_by("seq")
    return rows.none() if count.blind and count.may_change else rows


COUNTS = Screens(
    model=StockCount, area="stores", name="counts", title="库存盘点", icon="clipboard-check", read="stores.read_count", unit="次",
    blank="每月对一次账：开始盘点时账面数先记下，到架子前一样一样数；不一样的写原因，批了才调账。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("place", hidden=True), Column("applicant"), Column("applied_on", sort=True, phone="line"), Number("kinds"),
        Column("differs", label="不符", phone="end"), Column("slip", label="调整单"), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-applied_on", views=[View("全部", "")],
    detail=[
        Approval(), Facts("盘点", ["place", "applicant", "applied_on", "blind", "kinds", Column("differs", label="不符"), "slip"]),
        Rows("结果", [Column("item", label="物品", link=True), Column("lot"), Number("book"), Number("counted", label="实盘"), Number("difference", label="差"), Column("reason")], _counted, most=500),
        History(),
    ],
    prints=[Print("打盘点表", "stores:count-paper", "printer", "stores.read_count")],
    forms={actions.begin_count: forms.CountForm, actions.enter_counts: forms.EnterForm, actions.add_found: forms.FoundForm, actions.submit_count: forms.SubmitCountForm},
)  # fmt: skip
screens.register(TEXTBOOKS, BOOK_PLANS, PACKS, COUNTS)


def _class_slips(ctx: Ctx, school_class: SchoolClass) -> Any:
    rows = Slip.objects.visible_to(ctx) if ctx.may("stores.read_slip") else Slip.objects.none()
    return rows.filter(school_class=school_class).order_by("-on", "-id")


screens.add(
    SchoolClass,
    Rows(
        "领过的东西",
        [
            Column("number", link=True),
            Column("title", label="内容"),
            Column("on", label="日期"),
            Money("value", label="金额（元）"),
        ],
        _class_slips,
        most=20,
    ),
)

say("book.added", "添教材", icon="book")
say("books.planned", "编教材征订", icon="calculator", text="{titles} 种 {copies} 册")
say("books.changed", "改征订数", icon="edit", text="{titles} 种，共 {copies} 册")
say("books.ordered", "报出征订", icon="send", tone="info", text="{supplier}：{copies} 册")
say("books.shared", "改各班册数", icon="edit", text="{cells} 格")
say("pack.added", "编开学包", icon="package", text="{kinds} 种")
say("pack.changed", "改开学包", icon="edit", text="{kinds} 种")
say("pack.issued", "发开学包", icon="package-export", tone="ok", text="{classes} 个班，{value_fen}")
say("stores.signed", "补签", icon="edit", tone="ok")
say("stock.count_begun", "开始盘点", icon="clipboard-check", text="{kinds} 种")
say("stock.count_found", "盘到表上没有的", icon="plus", text="{kinds} 种")
say("stock.counted", "填实盘数", icon="edit", text="{kinds} 种")
say("stock.count_submitted", "交盘点结果", icon="send", tone="info", text="{kinds} 种，不符 {wrong}")
say("stock.count_applied", "盘点批准，调账", icon="check", tone="ok")
say("stock.count_dropped", "作废盘点", icon="ban")
