"""What an import makes on the way: the room, the person, the department of which the school had not heard.

A domain registers a `Maker` for each kind of such rows. Its steps name what they made with `ctx.touch(rows, "made")`,
or `"reopened"`; so the preview can say it, the right to make it is asked for, and an undo takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.journal import JournalSubject

ROLES = ("made", "reopened")
Unknown = Mapping[str, Sequence[str]]
"""Kind → names in the sheet of which the school has not heard."""


class Maker(NamedTuple):
    """One kind of rows that imports make on the way."""

    kind: str
    label: str
    """With its measure word: `{n} 处场所`."""
    permission: str
    take_back: Callable[[Ctx, Sequence[int], date], Collection[Any]]
    """A step: ends those of an import of that day that nothing else uses; returns them."""


MAKERS: dict[str, Maker] = {}


def register(*makers: Maker) -> None:
    for maker in makers:
        assert maker.kind not in MAKERS, f"{maker.kind} is registered twice"
        MAKERS[maker.kind] = maker


class Foretold(NamedTuple):
    """One line of the preview: what would be made, and whether this person may."""

    text: str
    allowed: bool


def foretell(ctx: Ctx, unknown: Unknown) -> list[Foretold]:
    """What writing would make besides the sheet's own rows."""
    return [
        Foretold(_named(MAKERS[kind], names), ctx.may(MAKERS[kind].permission))
        for kind, names in unknown.items()
        if names
    ]


def require(ctx: Ctx, own: Collection[tuple[str, int]]) -> None:
    """The person may make what the import made on the way; asked after the writing, in its transaction.

    :raises Refused: he may not; every kind is named.
    """
    names: dict[str, list[str]] = {}
    for row, role in ctx.also:
        if role in ROLES and row.kind in MAKERS and (row.kind, row.pk) not in own:
            names.setdefault(row.kind, []).append(str(row))
    if missing := [_named(MAKERS[k], rows) for k, rows in names.items() if not ctx.may(MAKERS[k].permission)]:
        raise Refused(
            f"这张表里有学校还没有的：{'；'.join(missing)}。您没有新建的权限，什么也没有写入："
            "请总务主任来写入，或先请他建好，再写入这张表。"
        )


def _named(maker: Maker, names: Sequence[str]) -> str:
    shown = "、".join(names[:5])
    return f"{maker.label.format(n=len(names))}（{shown}{'等' if len(names) > 5 else ''}）"


def take_back(ctx: Ctx, run: Any, own: Collection[tuple[str, int]]) -> None:
    """What the run made on the way goes with it, where nothing was done with it since and nothing uses it."""
    applied = JournalSubject.objects.filter(object_kind=run.kind, object_id=run.pk, entry__verb="import.applied")
    entry = applied.order_by("-id").values_list("entry_id", flat=True).first()
    made = JournalSubject.objects.filter(entry_id=entry, role__in=ROLES)
    for kind, maker in MAKERS.items():
        ids = set(made.filter(object_kind=kind).values_list("object_id", flat=True)) - {
            pk for k, pk in own if k == kind
        }
        later = JournalSubject.objects.filter(object_kind=kind, entry_id__gt=entry, object_id__in=sorted(ids))
        ids -= set(later.values_list("object_id", flat=True))
        if ids:
            ctx.touch(maker.take_back(ctx, sorted(ids), clock.day_of(run.applied_at)), "import_undone")
