"""Opening packs (开学包): what every class gets, given to all of them in one act and signed when it is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.approvals import signatures
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place, SchoolClass
from zongwu.stores import steps
from zongwu.stores.actions.books import KEEP
from zongwu.stores.actions.slips import ISSUE
from zongwu.stores.models import Pack, PackLine, Slip
from zongwu.stores.steps import Line


@create_action(Pack, label="编开学包", permission=KEEP, icon="package", primary=True)
def add_pack(ctx: Ctx, *, name: str, lines: Sequence[Line]) -> Pack:
    """What each class gets: so many of each item a class."""
    _unused(name)
    pack: Pack = Pack.objects.create(school=ctx.school, name=name, made_on=ctx.today)
    kinds = _fill(pack, lines)
    ctx.journal(pack, "pack.added", kinds=kinds)
    return pack


@action(
    Pack,
    label="改开学包",
    permission=KEEP,
    icon="edit",
    available=lambda pack: pack.issued_on is None,
    refusal="{row} 已经发过了，不能再改。",
)
def change_pack(ctx: Ctx, pack: Pack, *, name: str, lines: Sequence[Line]) -> Pack:
    """Name and contents, as long as nobody got it."""
    if name != pack.name:
        _unused(name)
    pack.name = name
    pack.save(update_fields=["name"])
    pack.lines.all().delete()
    ctx.journal(pack, "pack.changed", kinds=_fill(pack, lines))
    return pack


def _unused(name: str) -> None:
    if Pack.objects.filter(name=name).exists():
        raise Refused(fields={"name": f"已经有「{name}」了。"})


def _fill(pack: Pack, lines: Sequence[Line]) -> int:
    """Write what is in it; tells how many kinds."""
    if not lines or any(line.quantity != line.quantity.to_integral_value() for line in lines):
        raise Refused(fields={"lines": "每班几件要写整数。"})
    many: dict[int, int] = {}
    for line in lines:
        many[line.item.pk] = many.get(line.item.pk, 0) + int(line.quantity)
    PackLine.objects.bulk_create(
        PackLine(school_id=pack.school_id, pack=pack, seq=seq, item_id=pk, quantity=n)
        for seq, (pk, n) in enumerate(many.items(), start=1)
    )
    return len(many)


@action(Pack, label="发给全部班级", permission=ISSUE, icon="package-export", primary=True, available=lambda pack: pack.issued_on is None, refusal="{row} 已经发过了。",
        confirm="每个班开一张领用单，一次发完；班主任来拿的时候在各自的单子上补签。")  # fmt: skip
def issue_pack(ctx: Ctx, pack: Pack, *, place: Place) -> Pack:
    """A slip for every class, all in one act; the teachers sign theirs when they fetch it.

    :raises Refused: there is not enough for all, and then nobody gets any.
    """
    if not place.is_storeroom:
        raise Refused(fields={"place": f"{place} 不是库房。"})
    classes = list(SchoolClass.objects.open().select_related("teacher").order_by("grade", "number", "id"))
    lines = list(pack.lines.select_related("item").order_by("seq"))
    if not classes:
        raise Refused("学校还没有班级。")
    if mine := [str(one) for one in classes if ctx.person is not None and one.teacher_id == ctx.person.pk]:
        raise Refused(f"您是 {'、'.join(mine)} 的班主任，要由别的保管员来发，领和发不能是同一个人。")
    steps.enough(ctx, place, [Line(line.item, Decimal(line.quantity * len(classes))) for line in lines])
    slips = []
    for one in classes:
        slip = Slip(
            form=Slip.Form.ISSUE,
            on=ctx.today,
            place=place,
            receiver=one.teacher,
            school_class=one,
            purpose=pack.name,
            pack=pack,
        )
        slips.append(
            steps.enter(ctx, slip, steps.take(ctx, place, [Line(line.item, Decimal(line.quantity)) for line in lines]))
        )
    pack.issued_on = ctx.today
    pack.save(update_fields=["issued_on"])
    ctx.journal(
        pack, "pack.issued", classes=len(classes), value_fen=to_fen(sum((slip.value for slip in slips), Decimal(0))),
        also=[*((slip, "slip") for slip in slips), *((line.item, "moved") for line in lines)],
    )  # fmt: skip
    return pack


@action(Slip, label="补签", permission="stores.sign_slip", icon="edit", available=lambda slip: slip.form in ("issue", "loan") and not slip.ink and not slip.confirmed and slip.standing == "有效",
        refusal="{row} 已经签过，或者已经冲销了。")  # fmt: skip
def sign_slip(ctx: Ctx, slip: Slip, *, signature: str) -> Slip:
    """Whoever received it signs: on his own phone, or on the keeper's. Of a class that had no teacher yet, it is the one it has now.

    :raises Refused: somebody who is neither; the class has no teacher still.
    """
    receiver = slip.receiver or (slip.school_class.teacher if slip.school_class else None)
    if receiver is None:
        raise Refused(f"{slip.school_class or slip} 还没有班主任，没有人能签收。请先在「班级」里写上。")
    if slip.keeper_id == receiver.pk:
        raise Refused("自己发给自己的不能签，领和发不能是同一个人。请冲销这张单子，由别的保管员发。")
    own = ctx.person is not None and receiver.pk == ctx.person.pk
    if not own and not ctx.may(ISSUE):
        raise Refused("要由领用人自己签，或者请他在保管员的手机上签。")
    signatures.clean(signature)
    slip.ink, slip.receiver = signature, receiver
    slip.save(update_fields=["ink", "receiver"])
    ctx.journal(slip, "stores.signed", also=[(receiver, "receiver")])
    return slip
