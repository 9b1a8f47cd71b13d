"""Each figure against an independent count in plain Python, and against its own rows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.world import TODAY, World
from zongwu.assets.actions import change_state, hand_over_asset, revalue_asset, void_asset
from zongwu.assets.figures import on_books
from zongwu.assets.models import Asset, AssetSpell
from zongwu.kernel import scope
from zongwu.kernel.figures import FIGURES, STATEMENTS, Count, Figure, Share, Total, Window, computed
from zongwu.summary.queries import rows_behind

pytestmark = pytest.mark.django_db
TERM = Window(date(2026, 8, 1), date(2027, 1, 31))


def spells_at(day: date) -> list[Any]:
    """The independent way: every spell, filtered by hand."""
    rows = AssetSpell.objects.select_related("asset").all()
    return [
        s for s in rows
        if s.from_on <= day and (s.until_on is None or s.until_on > day) and s.state != "disposed" and not s.asset.void
    ]  # fmt: skip


RECOMPUTED = {
    "assets.cards": lambda: len(spells_at(TERM.until)),
    "assets.pieces": lambda: sum((s.quantity for s in spells_at(TERM.until)), Decimal(0)),
    "assets.value": lambda: sum((s.value for s in spells_at(TERM.until)), Decimal(0)),
    "assets.added_cards": lambda: len(
        [a for a in Asset.objects.all() if not a.void and a.acquired_on and TERM.since <= a.acquired_on <= TERM.until]
    ),
    "assets.added_value": lambda: sum(
        (
            a.value
            for a in Asset.objects.all()
            if not a.void and a.acquired_on and TERM.since <= a.acquired_on <= TERM.until
        ),
        Decimal(0),
    ),
    "assets.added_projectors": lambda: sum(
        (a.quantity for a in Asset.objects.all() if "投影" in a.name and a.acquired_on >= TERM.since), Decimal(0)
    ),
    "assets.idle": lambda: len([s for s in spells_at(TERM.until) if s.state == "idle"]),
    "school.classes": lambda: 1,
    "school.head_storerooms": lambda: 1,
    "school.branch_storerooms": lambda: 0,
}


@pytest.mark.parametrize("key", sorted(RECOMPUTED))
def test_the_value_is_the_independent_one(world: World, key: str) -> None:
    with scope.active(world.school):
        assert FIGURES[key].value(TERM).number == RECOMPUTED[key]()


@pytest.mark.seed("R1.08", "R1.10", "R1.11", "R3.01")
@pytest.mark.parametrize("key", sorted(FIGURES))
def test_every_figure_equals_the_rows_that_it_opens(world: World, key: str) -> None:
    with scope.active(world.school):
        value, rows = FIGURES[key].value(TERM), list(rows_behind(key, TERM))
    measure = value.figure.measure.name
    if measure == "count":
        assert value.number == len(rows)
    elif measure == "total":
        assert value.number == sum((Decimal(row.amount) for row in rows), Decimal(0))
    elif measure == "share":
        expected = round(Decimal(100) * sum(bool(row.part) for row in rows) / len(rows), 1) if rows else None
        assert value.number == expected
    assert value.figure.definition


@pytest.mark.seed("R1.10")
def test_value_and_count_as_of_any_past_date(world: World) -> None:
    revalue_asset(
        world.ctx("head"), world.laptop, value=Decimal("12000"), on=date(2026, 11, 1), reason="加装内存", confirmed=True
    )

    def at(day: date) -> tuple[Any, Any]:
        window = Window(day, day)
        return FIGURES["assets.cards"].value(window).number, FIGURES["assets.value"].value(window).number

    with scope.active(world.school):
        assert at(date(2025, 3, 4)) == (0, Decimal(0))
        assert at(date(2025, 3, 5)) == (1, Decimal("9960.00"))
        assert at(date(2026, 10, 31)) == (2, Decimal("15220.00"))
        assert at(date(2026, 11, 1)) == (2, Decimal("17260.00"))


def test_void_cards_leave_every_figure(world: World) -> None:
    void_asset(world.ctx("storekeeper"), world.projector, reason="重复")
    with scope.active(world.school):
        assert FIGURES["assets.cards"].value(TERM).number == 1
        assert FIGURES["assets.added_cards"].value(TERM).number == 0


@pytest.mark.seed("R1.08")
def test_named_people_count_only_when_all_three_are_named(world: World) -> None:
    with scope.active(world.school):
        assert FIGURES["assets.named"].value(TERM).number == Decimal("50.0")
    people = world.people
    hand_over_asset(
        world.ctx("storekeeper"),
        world.laptop,
        on=TODAY,
        user=people["head"],
        responsible=people["head"],
        custodian=people["storekeeper"],
    )
    with scope.active(world.school):
        assert FIGURES["assets.named"].value(TERM).number == Decimal("100.0")


def test_labels_are_unique_and_statements_know_their_figures() -> None:
    labels = [figure.label for figure in FIGURES.values()]
    assert len(labels) == len(set(labels))
    for statement in STATEMENTS.values():
        assert {*statement.slots, *statement.needs} <= FIGURES.keys()


@pytest.mark.parametrize(
    ("precision", "shown"), [("day", "2026-09-10"), ("month", "2026-09"), ("year", "2026 年"), ("range", "2026-09")]
)
def test_a_date_is_shown_as_exact_as_it_is_known(world: World, precision: str, shown: str) -> None:
    world.projector.precision = precision
    assert world.projector.acquired == shown


def test_one_query_for_all_figures_of_one_base(world: World) -> None:
    """Measures over some rows of a base say what they say over those rows alone."""
    window = Window(date(2026, 8, 1), TODAY)
    idle = Q(state="idle")
    figures = [
        Figure("t.n", "n", "张", Count(), on_books, "", only=idle), Figure("t.v", "v", "元", Total("value"), on_books, "", only=idle),
        Figure("t.s", "s", "%", Share(Q(place__isnull=False)), on_books, "", only=idle), Figure("t.all", "a", "张", Count(), on_books, ""),
    ]  # fmt: skip
    change_state(world.system(), world.projector, state="idle", condition="good", on=TODAY)
    with scope.active(world.school), CaptureQueriesContext(connection) as asked:
        found = {key: value.number for key, value in computed(figures, window).items()}
    assert len(asked) == 1
    assert found == {"t.n": 1, "t.v": Decimal("5260.00"), "t.s": Decimal("100.0"), "t.all": 2}
