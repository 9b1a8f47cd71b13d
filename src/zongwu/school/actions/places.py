"""The place tree: what is added to it, called otherwise, moved, given up and taken back into use."""

from __future__ import annotations

from datetime import date

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school import steps, ties
from zongwu.school.actions._asking import day_of_act, unused
from zongwu.school.actions.offices import is_closed, is_open
from zongwu.school.models import Place

Level = Place.Level
HEAD, CAMPUS, STOREROOM = Level.HEAD_STOREROOM, Level.CAMPUS, Level.STOREROOM


@create_action(Place, label="添场所", permission="school.manage_places", icon="plus", primary=True)
def add_place(
    ctx: Ctx, *, name: str, level: str, parent: Place | None = None, code: str = "", keeper: Person | None = None,
    opened_on: date | None = None,
) -> Place:  # fmt: skip
    """A campus, building, floor, room or storeroom under its parent, in use from today unless said otherwise."""
    if parent is None and level != CAMPUS:
        raise Refused(fields={"parent": "请选它在哪个校区、哪栋楼或哪个总库房下面。"})
    if parent is not None and level == CAMPUS:
        raise Refused(fields={"parent": "校区在最上面，不在别的场所里面。"})
    _fits(parent, level)
    head = _head()
    if level == HEAD and head:
        raise Refused(fields={"level": f"总库房只能有一个，现在是{head}。别的库房请选「分库房」。"})
    if level == STOREROOM and not head:
        raise Refused(fields={"level": "学校还没有总库房，请先添总库房，再添分库房。"})
    opened_on = opened_on or ctx.today
    if opened_on > ctx.today:
        raise Refused(fields={"opened_on": "启用日期不能在今天以后，到那天再添。"})
    path = _path(parent, name)
    unused(Place, "path", path, f"那里已经有「{name}」了。", told="name")
    _code_is_free(code)
    row: Place = Place.objects.create(
        school=ctx.school,
        parent=parent,
        level=level,
        name=name,
        code=code,
        path=path,
        keeper=keeper,
        opened_on=opened_on,
    )
    ctx.journal(row, "place.added", level=level, also=[(parent, "parent"), (keeper, "keeper")])
    return row


@action(Place, label="定保管员", permission="school.manage_places", icon="user-share", available=is_open)
def set_keeper(ctx: Ctx, place: Place, *, keeper: Person | None = None) -> Place:
    """Who answers for the room (分保管员)."""
    old, place.keeper = place.keeper, keeper
    place.save(update_fields=["keeper"])
    ctx.journal(
        place, "place.keeper_set", change={"keeper": [old, keeper]}, also=[(keeper, "keeper"), (old, "former_keeper")]
    )
    return place


@action(
    Place,
    label="改名改号",
    permission="school.manage_places",
    icon="edit",
    available=is_open,
    refusal="{row} 已经停用。",
)
def correct_place(ctx: Ctx, place: Place, *, name: str, level: str, code: str = "") -> Place:
    """Another name, number or kind; the path of everything in it follows.

    The kind is corrected for the past as well: a room that from now on is a storeroom is closed and added anew.
    """
    if level != place.level and {level, place.level} & {HEAD, CAMPUS}:
        raise Refused(fields={"level": "校区和总库房的类别不能这样改；换总库房请在新的那个库房上按「定为总库房」。"})
    _code_is_free(code, other_than=place)
    parent = place.parent
    path, old_level, old_code, old_name = _path(parent, name), place.level, place.code, place.name
    if path != place.path:
        unused(Place, "path", path, f"那里已经有「{name}」了。", other_than=place, told="name")
    place.name, place.level, place.code = name, level, code
    place.save(update_fields=["name", "level", "code"])
    steps.set_path(ctx, place, path)
    ctx.journal(
        place, "place.corrected", change={"level": [old_level, level], "code": [old_code, code]},
        detail={"名称": f"{old_name} → {name}" if name != old_name else ""},
    )  # fmt: skip
    return place


@action(Place, label="移到别处", permission="school.manage_places", icon="transfer",
        available=lambda place: is_open(place) and place.level != CAMPUS, refusal="{row} 是校区或已经停用，不能移。")  # fmt: skip
def move_place(ctx: Ctx, place: Place, *, parent: Place) -> Place:
    """Under another campus, building, floor or storeroom, with everything in it."""
    if Place.objects.under(place).filter(pk=parent.pk).exists():
        raise Refused(fields={"parent": f"{parent} 就是它自己，或者在它里面。"})
    if parent.pk == place.parent_id:
        raise Refused(fields={"parent": "它现在就在那里。"})
    _fits(parent, place.level)
    path, old = _path(parent, place.name), place.parent
    unused(Place, "path", path, f"{parent} 里已经有「{place.name}」了，请先改名。", told="parent")
    place.parent = parent
    place.save(update_fields=["parent"])
    steps.set_path(ctx, place, path)
    ctx.journal(place, "place.moved", to=parent, change={"parent": [old, parent]}, also=[(old, "from"), (parent, "to")])
    return place


@action(Place, label="定为总库房", permission="school.manage_places", icon="building-warehouse",
        available=lambda place: is_open(place) and place.level == STOREROOM, refusal="{row} 不是在用的分库房。")  # fmt: skip
def make_head_storeroom(ctx: Ctx, place: Place, *, confirmed: bool = False) -> Place:
    """The one head storeroom of the school; the one that was it becomes a branch.

    :raises NeedsConfirmation: there is one already.
    """
    head = _head()
    if head and not confirmed:
        raise NeedsConfirmation(f"现在的总库房是{head}，照办后它成为分库房。")
    if head:
        Place.objects.filter(pk=head.pk).update(level=STOREROOM)
    place.level = HEAD
    place.save(update_fields=["level"])
    ctx.journal(place, "place.head_storeroom", change={"level": [STOREROOM, HEAD]}, also=[(head, "former_head")])
    return place


@action(Place, label="停用", permission="school.manage_places", icon="ban", available=is_open, refusal="{row} 已经停用。",
        confirm="停用后不能再选这个地方；以前的记录都还在，以后可以恢复。")  # fmt: skip
def close_place(ctx: Ctx, place: Place, *, on: date, reason: str = "") -> Place:
    """No longer in use from a day on.

    :raises Refused: something stands in it, a class has its room here, or open places lie in it.
    """
    day_of_act(ctx, on, place.opened_on, f"{place} 启用")
    problems = ties.on(place)
    inside = Place.objects.open().filter(parent=place).order_by("path")
    if count := inside.count():
        problems.insert(0, f"里面还有 {count} 处在用的场所（{'、'.join(p.name for p in inside[:5])}）")
    if place.level == HEAD and Place.objects.open().storerooms().exclude(pk=place.pk).exists():
        problems.insert(0, "是总库房，请先在另一个库房上按「定为总库房」")
    if problems:
        raise Refused(f"{place} {'；'.join(problems)}。请先办好再停用。")
    place.closed_on = on
    place.save(update_fields=["closed_on"])
    ctx.journal(place, "place.closed", on=on, change={"closed_on": [None, on]}, detail={"原因": reason})
    return place


@action(Place, label="恢复", permission="school.manage_places", icon="arrow-back-up", available=is_closed,
        refusal="{row} 没有停用。")  # fmt: skip
def reopen_place(ctx: Ctx, place: Place, *, on: date) -> Place:
    """In use again from a day on; the time between does not count."""
    old = place.closed_on
    day_of_act(ctx, on, old, f"{place} 停用")
    if place.parent and place.parent.closed_on:
        raise Refused(f"它所在的{place.parent} 也停用了，请先恢复那里。")
    if place.level == HEAD and (head := _head()):
        raise Refused(f"总库房只能有一个，现在是{head}。")
    _code_is_free(place.code)
    steps.come_back(ctx, place, on, afresh=on)
    place.save()
    ctx.journal(place, "place.reopened", on=on, change={"closed_on": [old, None]})
    return place


def _head() -> Place | None:
    found: Place | None = Place.objects.open().filter(level=HEAD).first()
    return found


_WITHIN = {
    Level.CAMPUS: 0, Level.BUILDING: 1, Level.GROUND: 2, Level.FLOOR: 2, Level.ROOM: 3, Level.HEAD_STOREROOM: 3, Level.STOREROOM: 4,
}  # fmt: skip


def _fits(parent: Place | None, level: str) -> None:
    """:raises Refused: nothing of this kind lies in such a place, or the place is out of use."""
    if parent is None:
        return
    if parent.closed_on is not None:
        raise Refused(fields={"parent": f"{parent} 已经停用，请选在用的场所。"})
    if _WITHIN[Level(level)] < _WITHIN[Level(parent.level)]:
        raise Refused(fields={"parent": f"{Level(level).label}不能在{parent.get_level_display()}里面，请另选上级。"})


def _path(parent: Place | None, name: str) -> str:
    if "/" in name:
        raise Refused(fields={"name": "名称里不能有斜杠。"})
    return steps.path_in(parent, name)


def _code_is_free(code: str, *, other_than: Place | None = None) -> None:
    if code:
        unused(Place.objects.open(), "code", code, f"房间号 {code} 已经用过了。", other_than=other_than)
