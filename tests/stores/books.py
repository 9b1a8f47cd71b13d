"""One example of each verb of textbooks, packs and counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.signing import SIGNATURE
from tests.stores.examples import item, some, stocked
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.school.actions import add_pupil
from zongwu.stores import actions
from zongwu.stores.actions.books import Bundles
from zongwu.stores.models import BookPlan, Pack, Slip, StockCount, Textbook
from zongwu.stores.steps import Line


def pupils(world: World, many: int = 40) -> None:
    """So many in the third grade's only class."""
    with scope.active(world.school):
        had = world.class_31.pupils.count()
    for at in range(had, many):
        add_pupil(world.system(), number=f"P{at:03d}", name=f"学生{at}", school_class=world.class_31)


def title(world: World, name: str = "语文三年级上册", **more: Any) -> Textbook:
    with scope.active(world.school):
        found = Textbook.objects.filter(name=name).first()
    given = {"grade": 3, "subject": "语文", "half": "autumn", "price": Decimal("9.80")} | more
    return found or actions.add_textbook(world.ctx("storekeeper"), name=name, **given)


def planned(world: World) -> BookPlan:
    """Two titles for a class of forty: 40 + 1 + 1 of each."""
    pupils(world)
    title(world)
    title(world, "数学三年级上册", subject="数学")
    with scope.active(world.school):
        found = BookPlan.objects.first()
    return found or actions.plan_books(world.ctx("storekeeper"), term=world.term, spare=2)


def ordered(world: World) -> BookPlan:
    plan = planned(world)
    return (
        actions.order_books(world.ctx("storekeeper"), plan, supplier=world.supplier)
        if plan.ordered_on is None
        else plan
    )


def came(world: World, bundles: int = 2, each: int = 20, loose: int = 2) -> BookPlan:
    plan = ordered(world)
    with scope.active(world.school):
        lines = {line.pk: Bundles(bundles, each, loose) for line in plan.lines.all()}
    actions.receive_books(world.ctx("storekeeper"), plan, place=world.store, lines=lines, on=TODAY)
    return plan


def given(world: World) -> Slip:
    return actions.issue_books(
        world.ctx("storekeeper"), came(world), school_class=world.class_31, place=world.store, signature=SIGNATURE
    )


def pack(world: World, many: int = 3) -> Pack:
    stocked(world)
    return actions.add_pack(world.ctx("storekeeper"), name="2026 秋开学包", lines=some(world, many))


def handed(world: World) -> Slip:
    actions.issue_pack(world.ctx("storekeeper"), pack(world), place=world.store)
    with scope.active(world.school):
        return Slip.objects.get(form="issue")  # type: ignore[no-any-return]


def begun(world: World) -> StockCount:
    stocked(world)
    return actions.begin_count(world.ctx("storekeeper"), place=world.store)


def counted(world: World, many: int = 98, reason: str = "受潮") -> StockCount:
    count = begun(world)
    with scope.active(world.school):
        said = {line.pk: (Decimal(many), reason) for line in count.lines.all()}
    return actions.enter_counts(world.ctx("storekeeper"), count, counted=said)


def submitted(world: World) -> StockCount:
    return actions.submit_count(world.ctx("storekeeper"), counted(world), signature=SIGNATURE)


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (
        make(world),
        {name: value(world) if callable(value) else value for name, value in keywords.items()},
    )


def _lines(value: Any) -> Any:
    def lines(world: World) -> Any:
        with scope.active(world.school):
            return {line.pk: value for line in BookPlan.objects.get().lines.all()}

    return lines


def _wanted(world: World) -> dict[tuple[int, int], int]:
    with scope.active(world.school):
        return {(world.class_31.pk, book.pk): 41 for book in Textbook.objects.all()}


def _again(world: World) -> Given:
    planned(world)
    return None, {"term": world.term}


STORE, CLASS = (lambda world: world.store), (lambda world: world.class_31)
BOOK = {"name": "英语三年级上册", "grade": 3, "subject": "英语", "half": "autumn"}
ACTIONS = {
    "add_textbook": Example("storekeeper", lambda world: (None, BOOK), lambda world: (None, BOOK | {"isbn": "9787107300913"})),
    "plan_books": Example("storekeeper", lambda world: (title(world) and None, {"term": world.term}), _again),
    "change_book_order": Example("storekeeper", _of(planned, lines=_lines((2, 45))), _of(ordered, lines=_lines((2, 45)))),
    "order_books": Example("storekeeper", _of(planned, supplier=lambda world: world.supplier), _of(ordered, supplier=lambda world: world.supplier)),
    "receive_books": Example("storekeeper", _of(ordered, place=STORE, on=TODAY, lines=_lines(Bundles(2, 20, 0))), _of(planned, place=STORE, on=TODAY, lines=_lines(Bundles(2, 20, 0)))),
    "share_books": Example("storekeeper", _of(planned, wanted=_wanted), _of(planned, wanted=lambda world: {(world.class_31.pk, 10**9): 3})),
    "issue_books": Example("storekeeper", _of(came, school_class=CLASS, place=STORE, signature=SIGNATURE), _of(ordered, school_class=CLASS, place=STORE, signature=SIGNATURE)),
    "add_pack": Example("storekeeper", lambda world: (None, {"name": "开学包", "lines": some(world, 2)}), lambda world: (None, {"name": "开学包", "lines": []})),
    "change_pack": Example("storekeeper", _of(pack, name="秋季包", lines=lambda world: some(world, 4)), lambda world: (pack(world), {"name": "秋季包", "lines": []})),
    "issue_pack": Example("storekeeper", _of(pack, place=STORE), lambda world: (pack(world, 1000), {"place": world.store})),
    "sign_slip": Example("class_teacher", _of(handed, signature=SIGNATURE), lambda world: (given(world), {"signature": SIGNATURE})),
    "begin_count": Example("storekeeper", lambda world: (stocked(world) and None, {"place": world.store}), lambda world: (begun(world) and None, {"place": world.store})),
    "enter_counts": Example("storekeeper", lambda world: (begun(world), {"counted": _first(world)}), lambda world: (begun(world), {"counted": {}})),
    "add_found": Example("storekeeper", lambda world: (begun(world), {"lines": _mops(world)}), lambda world: (begun(world), {"lines": [one._replace(note="找到的") for one in some(world, 1)]})),
    "submit_count": Example("storekeeper", _of(counted), _of(begun)),
    "drop_count": Example("storekeeper", _of(begun), _of(submitted)),
}  # fmt: skip


def _mops(world: World) -> list[Line]:
    return [Line(item(world, "拖把", unit="把", spec="", packings=""), Decimal(3), note="墙角找到的")]


def _first(world: World) -> dict[int, tuple[Decimal, str]]:
    with scope.active(world.school):
        return {line.pk: (Decimal(99), "少一包") for line in StockCount.objects.get().lines.all()}


WAITS = {"stores.unsigned": handed}
MAKES = {"stores.textbooks": title, "stores.bookplans": planned, "stores.packs": pack, "stores.counts": counted}
