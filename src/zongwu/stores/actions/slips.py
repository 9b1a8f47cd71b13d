"""The storeroom's papers: goods come in, go out, are borrowed, come back, change storeroom, are written off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import plain_price, plain_quantity
from zongwu.kernel.approvals import signatures
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Department, Place, SchoolClass, Supplier
from zongwu.stores import queries, rules, steps
from zongwu.stores.models import BookLine, Move, Slip
from zongwu.stores.steps import Line

RECEIVE, ISSUE, CORRECT = "stores.receive_goods", "stores.issue_goods", "stores.correct_stock"
Form = Slip.Form


@create_action(Slip, label="入库", permission=RECEIVE, icon="package-import", primary=True)
def receive_goods(
    ctx: Ctx, *, place: Place, lines: Sequence[Line], on: date, supplier: Supplier | None = None, paper_number: str = "", purpose: str = "",
    confirmed: bool = False,
) -> Slip:  # fmt: skip
    """Goods come in by a paper of the supplier's. What the catalogue does not know yet is written into it once the person confirms.

    :raises NeedsConfirmation: new items, or the supplier's paper was entered before.
    """
    _sound(ctx, place, lines, on)
    _confirm(lines, supplier, paper_number, confirmed)
    slip = Slip(form=Form.RECEIPT, on=on, place=place, supplier=supplier, paper_number=paper_number, purpose=purpose)
    moves = steps.receive(ctx, slip, lines)
    ctx.journal(slip, "stores.received", **steps.told(ctx, slip, moves))
    return slip


def _confirm(lines: Sequence[Line], supplier: Supplier | None, paper_number: str, confirmed: bool) -> None:
    doubts = []
    if fresh := [line.item for line in lines if line.item.pk is None]:
        doubts.append(f"这些是新物品，打勾就添进目录：{'、'.join(f'{one}（{one.unit}）' for one in fresh[:10])}。")
    if unpriced := [str(line.item) for line in lines if line.price is None and line.value is None]:
        doubts.append(f"没有写单价，按 0 元入库：{'、'.join(unpriced[:10])}。")
    odd = [
        f"{line.item} 单价 {plain_price(line.price)} 元/{line.item.unit}（上次 {plain_price(line.item.price)}）"
        for line in lines
        if line.price and line.item.price and not line.item.price / 3 < line.price < line.item.price * 3
    ]
    if odd:
        doubts.append(f"单价和上次差得多，是不是写成了整箱的价？{'、'.join(odd[:10])}。")
    if paper_number:
        same = Slip.objects.standing().filter(form=Form.RECEIPT, supplier=supplier, paper_number=paper_number).first()
        if same:
            doubts.append(f"这张随货单 {paper_number} 已经入过库（{same.number}），再入一次就是两份。")
    if doubts and not confirmed:
        raise NeedsConfirmation(*doubts)


@create_action(Slip, label="发料", permission=ISSUE, icon="package-export")
def issue_goods(
    ctx: Ctx, *, place: Place, receiver: Person, lines: Sequence[Line], on: date | None = None, department: Department | None = None,
    school_class: SchoolClass | None = None, purpose: str = "", signature: str = "",
) -> Slip:  # fmt: skip
    """Goods go out for good, to somebody who signs for them; the cost goes to his department or class.

    :raises Refused: there is not enough, the department's quota is used up, nobody signed, or the keeper serves himself.
    """
    on = on or ctx.today
    _sound(ctx, place, lines, on)
    _signed(ctx, receiver, signature)
    charged = queries.charged_to(receiver, on, department, school_class)
    slip = Slip(
        form=Form.ISSUE, on=on, place=place, receiver=receiver, department_id=charged.department, school_class_id=charged.school_class,
        purpose=purpose, ink=signature,
    )  # fmt: skip
    if above := queries.above_quota(charged.department, _totals(lines), on):
        raise Refused(*(f"{one}；要多领请让领用人在「领东西」里申请，批了再发。" for one in above))
    return _go_out(ctx, slip, lines, "stores.issued")


@create_action(Slip, label="借出", permission=ISSUE, icon="hand-move")
def lend_goods(
    ctx: Ctx, *, place: Place, receiver: Person, lines: Sequence[Line], due_on: date, on: date | None = None, purpose: str = "", signature: str = "",
) -> Slip:  # fmt: skip
    """Goods go out and come back by a day."""
    on = on or ctx.today
    _sound(ctx, place, lines, on)
    _within_a_year(on, due_on)
    _signed(ctx, receiver, signature)
    slip = Slip(
        form=Form.LOAN,
        on=on,
        place=place,
        receiver=receiver,
        department_id=queries.charged_to(receiver, on).department,
        due_on=due_on,
        purpose=purpose,
        ink=signature,
    )
    return _go_out(ctx, slip, lines, "stores.lent")


@create_action(Slip, label="调库", permission=RECEIVE, icon="transfer")
def transfer_goods(
    ctx: Ctx, *, place: Place, to_place: Place, lines: Sequence[Line], on: date, purpose: str = ""
) -> Slip:
    """Goods go from one storeroom to another at what they cost there."""
    _sound(ctx, place, lines, on)
    if not to_place.is_storeroom or to_place == place:
        raise Refused(fields={"to_place": "要调到另一个库房。"})
    slip = Slip(form=Form.TRANSFER, on=on, place=place, to_place=to_place, purpose=purpose)
    steps.hold([place, to_place], [line.item.pk for line in lines])
    moves = steps.take(ctx, place, lines)
    steps.put(ctx, to_place, moves)
    steps.enter(ctx, slip, moves)
    ctx.journal(slip, "stores.transferred", to=to_place, **steps.told(ctx, slip, moves))
    return slip


@create_action(Slip, label="退货", permission=RECEIVE, icon="arrow-back-up")
def send_back_goods(
    ctx: Ctx, *, place: Place, supplier: Supplier, lines: Sequence[Line], on: date, purpose: str
) -> Slip:
    """Goods go back to who supplied them, with the reason."""
    _sound(ctx, place, lines, on)
    slip = Slip(form=Form.SEND_BACK, on=on, place=place, supplier=supplier, purpose=purpose)
    return _go_out(ctx, slip, lines, "stores.sent_back")


@create_action(Slip, label="报损", permission=CORRECT, icon="recycle")
def write_off_goods(ctx: Ctx, *, place: Place, lines: Sequence[Line], on: date, purpose: str) -> Slip:
    """Broken, spoilt or gone past its day: written off with the reason, by somebody who answers for the storeroom's books."""
    _sound(ctx, place, lines, on)
    return _go_out(ctx, Slip(form=Form.LOSS, on=on, place=place, purpose=purpose), lines, "stores.written_off")


def _within_a_year(on: date, due_on: date) -> None:
    if not on <= due_on <= on + timedelta(days=366):
        raise Refused(fields={"due_on": "归还期限要在借出以后一年之内；长期用的请办领用。"})


@action(Slip, label="续借", permission=ISSUE, icon="calendar", available=lambda slip: slip.form == Form.LOAN and slip.standing == "有效",
        refusal="{row} 不是借用单，或者已经冲销了。")  # fmt: skip
def extend_loan(ctx: Ctx, slip: Slip, *, due_on: date, reason: str = "") -> Slip:
    """Another day by which it is due; the earlier one stays in the history.

    :raises Refused: nothing is out any more, no later day, one that is past, or more than a year after it was lent.
    """
    if not Move.objects.out().filter(slip=slip).exists():
        raise Refused(f"{slip} 借的都还了，不用续。")
    if slip.due_on and due_on <= slip.due_on:
        raise Refused(fields={"due_on": f"新期限要晚于原来的 {slip.due_on}。"})
    if due_on < ctx.today:
        raise Refused(fields={"due_on": "新期限不能是已经过去的日子。"})
    _within_a_year(slip.on, due_on)
    old, slip.due_on = slip.due_on, due_on
    slip.save(update_fields=["due_on"])
    detail = {"原因": reason} if reason else {}
    ctx.journal(
        slip,
        "stores.extended",
        due_on=due_on,
        change={"due_on": [old, due_on]},
        detail=detail,
        also=[(slip.receiver, "receiver")],
    )
    return slip


@action(Slip, label="退回", permission=ISSUE, icon="arrow-back-up", available=lambda slip: slip.form in (Form.ISSUE, Form.LOAN) and slip.standing == "有效",
        refusal="{row} 不是领用或借用单，或者已经冲销了。")  # fmt: skip
def return_goods(
    ctx: Ctx, slip: Slip, *, lines: Sequence[Line] = (), returned_on: date | None = None, note: str = ""
) -> Slip:
    """What was issued or lent comes back, all or some of it, at what it cost when it went out.

    :raises Refused: more than is out, or something that is not on the slip.
    """
    on = returned_on or ctx.today
    if why := rules.closed(on, ctx.today) or ("归还的日子不能早于发出。" if on < slip.on else ""):
        raise Refused(fields={"returned_on": why})
    moves = _coming_back(slip, _totals(lines), note={line.item.pk: line.note for line in lines})
    back = Slip(
        form=Form.RETURN, on=on, place=slip.place, receiver=slip.receiver, department=slip.department, school_class=slip.school_class,
        purpose=note,
    )  # fmt: skip
    steps.put(ctx, slip.place, moves)
    steps.enter(ctx, back, moves)
    told = steps.told(ctx, back, moves)
    told["also"] += [(slip, "returned")]
    ctx.journal(back, "stores.returned", slip=slip, **told, detail={"说明": note})
    return back


def _coming_back(slip: Slip, wanted: Mapping[int, Decimal], note: Mapping[int, str]) -> list[Move]:
    """The moves of a return: of each line of the slip so much, oldest line first; without a wish, all that is still out."""
    left_of = dict(wanted)
    moves = []
    lines = list(slip.moves.select_related("item").order_by("seq"))
    gone: dict[int, Decimal] = {}
    worth: dict[int, Decimal] = {}
    for back in Move.objects.coming_back().filter(of__in=lines):
        gone[back.of_id] = gone.get(back.of_id, Decimal(0)) + back.quantity
        worth[back.of_id] = worth.get(back.of_id, Decimal(0)) + back.value
    for line in lines:
        left, value = line.quantity - gone.get(line.pk, Decimal(0)), line.value - worth.get(line.pk, Decimal(0))
        some = min(left, left_of.get(line.item_id, Decimal(0))) if wanted else left
        if some <= 0:
            continue
        if wanted:
            left_of[line.item_id] -= some
        moves.append(
            Move(
                school_id=slip.school_id, item=line.item, lot=line.lot, expires_on=line.expires_on, quantity=some,
                value=rules.cost(left, value, some), price=line.price, note=note.get(line.item_id, ""), of=line,
            )
        )  # fmt: skip
    known = {line.item_id: line.item for line in lines}
    if beyond := [pk for pk, many in left_of.items() if many > 0]:
        names = "、".join(
            f"{known[pk]}多 {plain_quantity(left_of[pk])}" if pk in known else "单上没有的物品" for pk in beyond[:5]
        )
        raise Refused(fields={"lines": f"退的比还在外面的多：{names}。"})
    if not moves:
        raise Refused("这张单上的东西已经全退回来了。")
    return moves


@action(Slip, label="冲销", permission="stores.reverse_slip", icon="refresh", available=lambda slip: slip.standing == "有效", refusal="{row} 已经冲销过，或者本身就是冲销单。",
        confirm="冲销会开一张方向相反的单子，两张都留着；开错的单子用它改。")  # fmt: skip
def reverse_slip(ctx: Ctx, slip: Slip, *, reason: str) -> Slip:
    """Take a slip back as a whole by one in the other direction. Nothing is ever edited.

    :raises Refused: some of what came in was issued since, or some of what was lent has come back.
    """
    if not ctx.may(CORRECT) and (ctx.person is None or slip.keeper_id != ctx.person.pk or slip.on != ctx.today):
        raise Refused("只能冲销自己当天开的单子，别的请总务主任来冲销。")
    if owner := next((getattr(slip, name) for name in ("acceptance", "count") if hasattr(slip, name)), None):
        raise Refused(f"这张单子是 {owner.number} 签完自动开的，不能单独冲销：数量不对的用盘点更正，要退的用「退货」。")
    if slip.form == Form.RECEIPT and BookLine.objects.filter(textbook__item__moves__slip=slip).exists():
        raise Refused("到书的单子不能冲销，征订上的到货数会对不上：多点的用「退货」退出去。")
    opposite, back = steps.take_back(ctx, slip, reason)
    told = steps.told(ctx, opposite, back)
    told["also"] += [(slip, "reversed")]
    if asked := getattr(slip, "requisition", None):  # it waits for the keeper again
        asked.slip = None
        asked.save(update_fields=["slip"])
        told["also"] += [(asked, "reversed")]
    ctx.journal(opposite, "stores.reversed", slip=slip, **told, detail={"原因": reason})
    return opposite


def _go_out(ctx: Ctx, slip: Slip, lines: Sequence[Line], verb: str) -> Slip:
    to_somebody = slip.form in (Form.ISSUE, Form.LOAN)
    moves = steps.take(ctx, slip.place, lines, good_on=ctx.today if to_somebody else None)
    steps.enter(ctx, slip, moves)
    ctx.journal(slip, verb, **steps.told(ctx, slip, moves), detail={"用途或原因": slip.purpose})
    return slip


def _totals(lines: Sequence[Line]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = {}
    for line in lines:
        totals[line.item.pk] = totals.get(line.item.pk, Decimal(0)) + line.quantity
    return totals


def _sound(ctx: Ctx, place: Place, lines: Sequence[Line], on: date) -> None:
    """What every slip must be."""
    wrong: dict[str, str] = {}
    if not place.is_storeroom:
        wrong["place"] = f"{place} 不是库房。"
    if not lines:
        wrong["lines"] = "单子上一样东西也没有。"
    elif few := [str(line.item) for line in lines if line.quantity <= 0]:
        wrong["lines"] = f"数量要大于 0：{'、'.join(few[:5])}。"
    elif closed := [str(line.item) for line in lines if line.item.closed_on]:
        wrong["lines"] = f"已经停用：{'、'.join(closed[:5])}。"
    if why := rules.closed(on, ctx.today):
        wrong["on"] = why
    if wrong:
        raise Refused(fields=wrong)


def _signed(ctx: Ctx, receiver: Person, signature: str) -> None:
    """:raises Refused: nobody signed, or the keeper serves himself (领和发不能是同一个人)."""
    if ctx.person is not None and receiver.pk == ctx.person.pk:
        raise Refused(fields={"receiver": "自己领的东西要由别的保管员发，领和发不能是同一个人。"})
    if not signature.strip():
        raise Refused(fields={"signature": "领用人还没有签名，请他在框里写上姓名。"})
    signatures.clean(signature)
