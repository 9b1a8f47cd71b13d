"""Textbooks: counted from the classes, ordered, arrived by the bundle, given to a class with one signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zongwu.kernel import numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import signatures
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Place, SchoolClass, Supplier, Term
from zongwu.stores import books, rules, steps
from zongwu.stores.actions.slips import ISSUE, RECEIVE
from zongwu.stores.models import BookLine, BookPlan, BookShare, Item, Slip, Textbook
from zongwu.stores.steps import Line

KEEP = "stores.keep_books"


@create_action(Textbook, label="添教材", permission=KEEP, icon="book", primary=True)
def add_textbook(
    ctx: Ctx,
    *,
    name: str,
    grade: int,
    subject: str,
    half: str,
    isbn: str = "",
    edition: str = "",
    price: Decimal = Decimal(0),
) -> Textbook:
    """A title of the year's catalogue; its copies become an item of the storeroom.

    :raises Refused: the grade has this title already, or the ISBN does not add up.
    """
    wrong = {}
    if not 1 <= grade <= 12:
        wrong["grade"] = "年级写 1 到 12。"
    if half not in Term.Half.values:
        wrong["half"] = "请选秋季或春季。"
    bare = isbn.replace("-", "").replace(" ", "")
    if bare and not sound_isbn(bare):
        wrong["isbn"] = f"ISBN {isbn} 的校验位不对，请照书背面再核对。"
    if Textbook.objects.filter(name=name, grade=grade, half=half).exists():
        wrong["name"] = f"{grade} 年级已经有《{name}》了。"
    if wrong:
        raise Refused(fields=wrong)
    half_word = dict(Term.Half.choices)[half]
    item = Item(name=name[:60], spec=f"{grade} 年级{half_word}", unit="册", sort=Item.Sort.BOOK, price=price)
    steps.ensure_items(ctx, [item])
    book: Textbook = Textbook.objects.create(
        school=ctx.school,
        item=item,
        name=name,
        isbn=bare,
        grade=grade,
        subject=subject,
        half=half,
        edition=edition,
        price=price,
    )
    ctx.journal(book, "book.added", grade=grade, also=[(item, "made")])
    return book


def sound_isbn(bare: str) -> bool:
    """Whether the check digit of an ISBN-13 is right."""
    if len(bare) != 13 or not bare.isascii() or not bare.isdecimal():
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(bare)) % 10 == 0


@create_action(BookPlan, label="编征订", permission=KEEP, icon="calculator", primary=True)
def plan_books(ctx: Ctx, *, term: Term, spare: int = 2) -> BookPlan:
    """A term's order from the headcount of the classes: pupils, a copy for each class's teacher, and the spare rate.

    :raises Refused: the term has one, or no title of that half of the year is in the catalogue.
    """
    if BookPlan.objects.filter(term=term).exists():
        raise Refused(f"{term} 已经编过征订了。")
    wanted = list(Textbook.objects.open().filter(half=term.half))
    if not wanted:
        raise Refused("教材目录里没有这个学期用的书，请先添教材。")
    plan: BookPlan = BookPlan.objects.create(
        school=ctx.school,
        number=numbering.take(ctx.school.pk, "JC", ctx.today.year)[0],
        term=term,
        spare=spare,
        made_on=ctx.today,
    )
    many = books.sizes()
    pupils: dict[int, int] = {}
    classes: dict[int, int] = {}
    for pk, grade in SchoolClass.objects.open().values_list("pk", "grade"):
        pupils[grade], classes[grade] = pupils.get(grade, 0) + many[pk], classes.get(grade, 0) + 1
    BookLine.objects.bulk_create(
        BookLine(
            school=ctx.school, plan=plan, textbook=book, pupils=pupils.get(book.grade, 0), teachers=classes.get(book.grade, 0),
            ordered=pupils.get(book.grade, 0) + classes.get(book.grade, 0) + -(-pupils.get(book.grade, 0) * spare // 100),
        )
        for book in wanted
    )  # fmt: skip
    ctx.journal(
        plan, "books.planned", titles=len(wanted), copies=sum(line.ordered for line in plan.lines.all()), spare=spare
    )
    return plan


@action(
    BookPlan,
    label="改征订数",
    permission=KEEP,
    icon="edit",
    available=lambda plan: plan.ordered_on is None,
    refusal="{row} 已经报出去了，征订数不能再改。",
)
def change_book_order(ctx: Ctx, plan: BookPlan, *, lines: Mapping[int, tuple[int, int]]) -> BookPlan:
    """Other numbers for teachers and in all, title by title (line → teachers, ordered)."""
    known = {line.pk: line for line in plan.lines.all()}
    changed = [
        pk
        for pk, (teachers, ordered) in lines.items()
        if pk in known and (known[pk].teachers, known[pk].ordered) != (teachers, ordered)
    ]
    if not changed:
        raise Refused("没有改动：填的和现在一样。")
    for pk in changed:
        known[pk].teachers, known[pk].ordered = lines[pk]
    BookLine.objects.bulk_update([known[pk] for pk in changed], ["teachers", "ordered"])
    ctx.journal(plan, "books.changed", titles=len(changed), copies=sum(line.ordered for line in known.values()))
    return plan


@action(
    BookPlan,
    label="报出征订",
    permission=KEEP,
    icon="send",
    primary=True,
    available=lambda plan: plan.ordered_on is None,
    refusal="{row} 已经报出去了。",
)
def order_books(ctx: Ctx, plan: BookPlan, *, supplier: Supplier) -> BookPlan:
    """The order has gone to the supplier; its numbers stand from now on."""
    plan.ordered_on, plan.supplier = ctx.today, supplier
    plan.save(update_fields=["ordered_on", "supplier"])
    ctx.journal(
        plan,
        "books.ordered",
        copies=sum(line.ordered for line in plan.lines.all()),
        supplier=supplier,
        also=[(supplier, "supplier")],
    )
    return plan


class Bundles(NamedTuple):
    """How a title came: so many bundles of so many copies, and loose ones."""

    bundles: int
    each: int
    loose: int

    @property
    def copies(self) -> int:
        return self.bundles * self.each + self.loose


@action(
    BookPlan,
    label="到书",
    permission=RECEIVE,
    icon="package-import",
    primary=True,
    available=lambda plan: plan.ordered_on is not None,
    refusal="{row} 还没有报出去。",
)
def receive_books(
    ctx: Ctx,
    plan: BookPlan,
    *,
    place: Place,
    lines: Mapping[int, Bundles],
    on: date,
    paper_number: str = "",
    confirmed: bool = False,
) -> Slip:
    """Bundles counted into the storeroom; what is still short is seen on the plan.

    :raises NeedsConfirmation: more came than was ordered.
    """
    if not place.is_storeroom:
        raise Refused(fields={"place": f"{place} 不是库房。"})
    if why := rules.closed(on, ctx.today):
        raise Refused(fields={"on": why})
    known = {
        line.pk: line
        for line in plan.lines.select_related("textbook__item").select_for_update(of=("self",)).order_by("pk")
    }
    came = {pk: one.copies for pk, one in lines.items() if one.copies > 0}
    if not came or came.keys() - known.keys():
        raise Refused(fields={"lines": "请写到了几包、每包几册、散册几册。"})
    over = [
        f"《{known[pk]}》多 {known[pk].arrived + many - known[pk].ordered} 册"
        for pk, many in came.items()
        if known[pk].arrived + many > known[pk].ordered
    ]
    if over and not confirmed:
        raise NeedsConfirmation(f"比征订的多：{'、'.join(over[:8])}。真的多送了就打勾入库，多的另退。")
    slip = Slip(
        form=Slip.Form.RECEIPT,
        on=on,
        place=place,
        supplier=plan.supplier,
        paper_number=paper_number,
        purpose=f"教材 {plan.number}",
    )
    wanted = [Line(known[pk].textbook.item, Decimal(many), known[pk].textbook.price) for pk, many in came.items()]
    moves = steps.receive(ctx, slip, wanted)
    for pk, many in came.items():
        known[pk].arrived += many
    BookLine.objects.bulk_update([known[pk] for pk in came], ["arrived"])
    told = steps.told(ctx, slip, moves)
    told["also"] += [(plan, "arrived")]
    ctx.journal(slip, "stores.received", **told)
    return slip


@action(BookPlan, label="改各班册数", permission=KEEP, icon="edit", hidden=True)
def share_books(ctx: Ctx, plan: BookPlan, *, wanted: Mapping[tuple[int, int], int]) -> BookPlan:
    """How many each class gets of each title ((class, title) → copies); where that is as many as it has pupils, nothing is kept.

    :raises Refused: less than a class has been given already.
    """
    classes = {one.pk: one for one in SchoolClass.objects.open().filter(pk__in={pk for pk, _ in wanted})}
    titles = {book.pk: book for book in books.titles(plan)}
    if {pk for pk, _ in wanted} - classes.keys() or {pk for _, pk in wanted} - titles.keys():
        raise Refused("里面有不在这次征订里的班级或教材，请刷新后再填。")
    has = books.given(plan, list(classes.values()))
    if low := [
        f"{classes[c]}《{titles[t]}》已发 {has[c, titles[t].item_id]}"
        for (c, t), many in wanted.items()
        if many < has.get((c, titles[t].item_id), 0)
    ]:
        raise Refused(f"不能比已经发的少：{'、'.join(low[:8])}。多了的先退回。")
    many_of = books.sizes()
    extra = {key: many - many_of[key[0]] for key, many in wanted.items()}
    known = {(one.school_class_id, one.textbook_id): one.extra for one in plan.shares.all()}
    changed = {key: more for key, more in extra.items() if known.get(key, 0) != more}
    if not changed:
        raise Refused("没有改动：填的和现在一样。")
    for (school_class, textbook), more in changed.items():
        share = BookShare.objects.filter(plan=plan, school_class=school_class, textbook=textbook)
        if more == 0:
            share.delete()
        elif not share.update(extra=more):
            BookShare.objects.create(
                school=ctx.school, plan=plan, school_class_id=school_class, textbook_id=textbook, extra=more
            )
    ctx.journal(
        plan,
        "books.shared",
        cells=len(changed),
        also=[(classes[pk], "shared") for pk in sorted({pk for pk, _ in changed})],
    )
    return plan


@action(
    BookPlan,
    label="给班级发书",
    permission=ISSUE,
    icon="package-export",
    available=lambda plan: plan.ordered_on is not None,
    refusal="{row} 还没有报出去。",
)
def issue_books(ctx: Ctx, plan: BookPlan, *, school_class: SchoolClass, place: Place, signature: str) -> Slip:
    """All that a class still lacks, in one slip with one signature of its teacher. A second time it is what newcomers lack.

    :raises Refused: the class lacks nothing, it has no teacher, or there are not enough copies.
    """
    signatures.clean(signature)
    if school_class.teacher is None:
        raise Refused(fields={"school_class": f"{school_class} 还没有班主任，请先在「班级」里写上。"})
    if ctx.person is not None and school_class.teacher_id == ctx.person.pk:
        raise Refused(fields={"school_class": "自己班的书要由别人发，领和发不能是同一个人。"})
    wanted = books.lacking(plan, school_class)
    if not wanted:
        raise Refused(fields={"school_class": f"{school_class} 的书已经发齐了。"})
    slip = Slip(
        form=Slip.Form.ISSUE,
        on=ctx.today,
        place=place,
        receiver=school_class.teacher,
        school_class=school_class,
        purpose=f"教材 {plan.number}",
        ink=signature,
    )
    moves = steps.take(ctx, place, [Line(book.item, Decimal(many)) for book, many in wanted])
    steps.enter(ctx, slip, moves)
    told = steps.told(ctx, slip, moves)
    told["also"] += [(plan, "issued"), (school_class, "receiver")]
    ctx.journal(slip, "stores.issued", **told)
    return slip
