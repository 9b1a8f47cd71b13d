"""Written once over the registries, so that every new domain is tested by it."""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.assets.counts import ACTIONS as COUNT_ACTIONS
from tests.assets.counts import begun
from tests.assets.damages import ACTIONS as DAMAGE_ACTIONS
from tests.assets.damages import owed, priced, to_write_off
from tests.assets.examples import ACTIONS as ASSET_ACTIONS
from tests.assets.examples import approved
from tests.assets.handovers import ACTIONS as HANDOVER_ACTIONS
from tests.assets.handovers import lent
from tests.assets.reconciliations import ACTIONS as RECONCILE_ACTIONS
from tests.assets.reconciliations import made
from tests.assets.requests import ACTIONS as REQUEST_ACTIONS
from tests.assets.requests import open_one
from tests.assets.rollouts import ACTIONS as ROLLOUT_ACTIONS
from tests.assets.rollouts import one_left
from tests.assets.rooms import ACTIONS as ROOM_ACTIONS
from tests.assets.rooms import found, in_force, lost, over
from tests.checks.examples import ACTIONS as CHECKS_ACTIONS
from tests.checks.examples import MAKES as CHECKS_MAKES
from tests.checks.examples import WAITS as CHECKS_WAITS
from tests.kernel.approvals import ACTIONS as APPROVAL_ACTIONS
from tests.kernel.examples import ACTIONS as KERNEL_ACTIONS
from tests.purchasing.examples import ACTIONS as PURCHASING_ACTIONS
from tests.purchasing.examples import MAKES as PURCHASING_MAKES
from tests.purchasing.examples import WAITS as PURCHASING_WAITS
from tests.repairs.examples import ACTIONS as REPAIRS_ACTIONS
from tests.repairs.examples import MAKES as REPAIRS_MAKES
from tests.repairs.examples import WAITS as REPAIRS_WAITS
from tests.safety.examples import ACTIONS as SAFETY_ACTIONS
from tests.safety.examples import MAKES as SAFETY_MAKES
from tests.safety.examples import WAITS as SAFETY_WAITS
from tests.school.examples import ACTIONS as SCHOOL_ACTIONS
from tests.stores.books import ACTIONS as BOOK_ACTIONS
from tests.stores.books import MAKES as BOOK_MAKES
from tests.stores.books import WAITS as BOOK_WAITS
from tests.stores.examples import ACTIONS as STORES_ACTIONS
from tests.stores.examples import MAKES as STORES_MAKES
from tests.stores.examples import WAITS as STORES_WAITS
from tests.summary.examples import ACTIONS as SUMMARY_ACTIONS
from tests.world import CAST, PASSWORD, World
from zongwu.kernel import roles, scope
from zongwu.kernel.actions import ACTIONS
from zongwu.kernel.dues import DUES
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.kernel.figures import FIGURES, STATEMENTS
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.refs import kinds
from zongwu.kernel.scope import SchoolModel
from zongwu.kernel.transfer.runs import KINDS
from zongwu.ui import screens as described
from zongwu.ui.history import SAYINGS
from zongwu.ui.screens import SCREENS, Screens

pytestmark = pytest.mark.django_db
EXAMPLES = (
    KERNEL_ACTIONS
    | APPROVAL_ACTIONS
    | COUNT_ACTIONS
    | DAMAGE_ACTIONS
    | HANDOVER_ACTIONS
    | RECONCILE_ACTIONS
    | REQUEST_ACTIONS
    | ROLLOUT_ACTIONS
    | ROOM_ACTIONS
    | ASSET_ACTIONS
    | CHECKS_ACTIONS
    | PURCHASING_ACTIONS
    | REPAIRS_ACTIONS
    | SAFETY_ACTIONS
    | SCHOOL_ACTIONS
    | BOOK_ACTIONS
    | STORES_ACTIONS
    | SUMMARY_ACTIONS
)
OTHERWISE_PROVED = {
    "stage_import", "apply_import", "undo_import", "settle_cell",  # tests/transfer/test_import_run.py
    "save_view", "remove_view", "choose_columns", "read_notices", "attach_file", "void_attachment",  # tests/ui
    "invite_person", "accept_invitation", "disable_membership", "enable_membership", "end_membership", "assign_role",
    "release_role",  # tests/ui
    "open_school",  # tests/world.py
    "erase_details", "erase_pupil_details", "purge",  # tests/kernel/test_privacy.py
    "issue_token", "revoke_token",  # tests/ui/test_api.py
}  # fmt: skip


def client(world: World, who: str) -> Client:
    made = Client()
    assert made.login(username=f"{world.school.code}-{who}", password=PASSWORD)
    return made


def reader(world: World, screens: Screens) -> str:
    """A member of the cast who may open these pages for the whole school."""
    return next(who for who in ("head", "bookkeeper", "administrator") if world.ctx(who).may(screens.read))


def test_every_action_has_an_example() -> None:
    assert {name for name in ACTIONS if name not in EXAMPLES} <= OTHERWISE_PROVED
    assert EXAMPLES.keys() <= ACTIONS.keys()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_action_journals_once_and_is_told(world: World, name: str) -> None:
    who, example = EXAMPLES[name].who, EXAMPLES[name]
    row, keywords = example.given(world)
    with scope.active(world.school):
        before = JournalEntry.objects.count()
    run = ACTIONS[name].run
    run(world.ctx(who), **keywords) if row is None else run(world.ctx(who), row, **keywords)
    with scope.active(world.school):
        assert JournalEntry.objects.count() == before + 1
        assert JournalEntry.objects.latest("id").verb in SAYINGS


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_action_asks_for_its_permission(world: World, name: str) -> None:
    row, keywords = EXAMPLES[name].given(world)
    with pytest.raises(Forbidden):
        ACTIONS[name].run(world.ctx("nobody"), *([] if row is None else [row]), **keywords)


@pytest.mark.parametrize("name", sorted(n for n, e in EXAMPLES.items() if not ACTIONS[n].creates))
def test_no_action_reaches_another_schools_row(world: World, stranger: World, name: str) -> None:
    row, _ = EXAMPLES[name].given(stranger)
    _, keywords = EXAMPLES[name].given(world)
    with pytest.raises(Missing):
        ACTIONS[name].run(world.ctx(EXAMPLES[name].who), row, **keywords)


@pytest.mark.parametrize("name", sorted(n for n, e in EXAMPLES.items() if e.wrong))
def test_every_action_is_refused_in_a_wrong_state(world: World, name: str) -> None:
    row, keywords = EXAMPLES[name].wrong(world)
    with pytest.raises(Refused):
        ACTIONS[name].run(world.ctx(EXAMPLES[name].who), *([] if row is None else [row]), **keywords)


def test_every_field_of_the_school_is_labelled_in_chinese() -> None:
    bare = []
    for screens in SCREENS.values():
        for column in screens.columns:
            label = screens.label(column)
            if not label or label.isascii():
                bare.append(f"{screens.key}.{column.name}")
    assert bare == []


def test_every_unique_constraint_begins_with_the_school() -> None:
    allowed = {"idempotency_once"}
    wrong = []
    for model in apps.get_models():
        if issubclass(model, SchoolModel):
            wrong += [
                c.name
                for c in model._meta.constraints
                if getattr(c, "fields", None) and c.fields[0] != "school" and c.name not in allowed
            ]
    assert wrong == []


def test_every_permission_is_offered_to_a_role() -> None:
    offered = set(roles.permissions())
    asked = (
        {verb.permission for verb in ACTIONS.values()}
        | {screens.read for screens in SCREENS.values()}
        | {due.permission for due in DUES.values()}
    )
    asked |= {kind.permission for kind in KINDS.values()}
    assert asked - offered <= {
        "school.accept_invitation",
        "school.open_school",
        "school.manage_tokens",
        "privacy.purge",
    }


def test_every_kind_of_object_can_be_resolved() -> None:
    for kind, model in kinds().items():
        assert model.kind == kind
        assert hasattr(model.objects, "visible_to")


def _left_open_by_the_old_book(world: World) -> None:
    type(world.projector).objects.filter(pk=world.projector.pk).update(
        precision="year",
        category_confirmed=False,
        state_known=False,
        condition="broken",
        warranty_until=date(2026, 12, 1),
    )
    type(world.laptop).objects.filter(pk=world.laptop.pk).update(value=0, monthly=0)


def _lent_too_long(world: World) -> None:
    slip = lent(world)
    type(slip).objects.filter(pk=slip.pk).update(due_on=date(2026, 11, 1))


def _a_room_to_count(world: World) -> None:
    begun(world).rooms.filter(place=world.room_102).update(state="done")


WAITS = {
    "assets.agreements_over": over,
    "assets.damages_unpaid": owed,
    "assets.findings_open": found,
    "assets.placements_open": one_left,
    "assets.requests_open": open_one,
    "assets.rooms_unchecked": in_force,
    "assets.write_offs": to_write_off,
    "assets.loans_overdue": _lent_too_long,
    "assets.rooms_open": _a_room_to_count,
    "assets.proceeds_open": approved,
    **STORES_WAITS,
    **BOOK_WAITS,
    **PURCHASING_WAITS,
    **CHECKS_WAITS,
    **REPAIRS_WAITS,
    **SAFETY_WAITS,
}
"""What brings about one row of a due; the others are cards that the old book left open."""


@pytest.mark.parametrize("key", sorted(DUES))
def test_every_due_opens_a_list_with_the_same_rows(world: World, key: str) -> None:
    due = DUES[key]
    with scope.active(world.school):
        WAITS.get(key, _left_open_by_the_old_book)(world)
        rows = due.rows_for(world.ctx("head"))
        assert rows.count() == 1
        screens = described.of(rows.model)
        shown = f"/{world.school.code}/{screens.area}/{screens.name}/{rows.get().pk}"
    page = (
        client(world, "head").get(f"/{world.school.code}/{screens.area}/{screens.name}/?{due.opens}").content.decode()
    )
    assert page.count("data-peek") == 1
    assert shown in page


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_every_list_for_every_role(world: World, screen: str) -> None:
    screens = SCREENS[screen]
    url = f"/{world.school.code}/{screens.area}/{screens.name}/"
    answers = {who: client(world, who).get(url).status_code for who in CAST}
    assert answers == {who: 200 if world.ctx(who).may(screens.read) else 403 for who in CAST}


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_a_stranger_finds_nothing(world: World, stranger: World, screen: str) -> None:
    screens = SCREENS[screen]
    outsider = client(stranger, reader(stranger, screens))
    assert outsider.get(f"/{world.school.code}/{screens.area}/{screens.name}/").status_code == 404
    with scope.active(world.school):
        row: Any = screens.model.objects.first()
    if row is not None:
        assert outsider.get(f"/{stranger.school.code}/{screens.area}/{screens.name}/{row.pk}/").status_code == 404


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_every_list_sorts_by_what_it_offers_and_exports(world: World, screen: str) -> None:
    screens = SCREENS[screen]
    head, base = (
        client(world, reader(world, screens)),
        f"/{world.school.code}/{screens.area}/{screens.name}/",
    )
    for column in screens.orders:
        for sign in ("", "-"):
            assert head.get(base, {"o": f"{sign}{column}"}).status_code == 200
    for view in screens.views:
        assert head.get(f"{base}?{view.query}").status_code == 200
    assert head.get(f"{base}export/").status_code == 200


MAKES: dict[str, Any] = {
    "assets.agreements": in_force,
    "assets.checks": lost,
    "assets.damages": owed,
    "assets.disposals": approved,
    "assets.findings": found,
    "assets.handovers": lent,
    "assets.mismatches": made,
    "assets.placements": one_left,
    "assets.prices": priced,
    "assets.reconciliations": made,
    "assets.requests": open_one,
    "assets.rollouts": one_left,
    "assets.rooms": begun,
    "assets.stocktakes": begun,
    **STORES_MAKES,
    **BOOK_MAKES,
    **PURCHASING_MAKES,
    **CHECKS_MAKES,
    **REPAIRS_MAKES,
    **SAFETY_MAKES,
}
"""What brings about a row of a list that the world does not have."""


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_every_row_opens(world: World, screen: str) -> None:
    screens = SCREENS[screen]
    if screen in MAKES:
        MAKES[screen](world)
    with scope.active(world.school):
        row: Any = screens.model.objects.first()
    assert row is not None or screens.area not in ("assets", "stores", "purchasing") or screen == "assets.depreciation"
    if row is None:
        return
    who = reader(world, screens)
    assert client(world, who).get(f"/{world.school.code}/{screens.area}/{screens.name}/{row.pk}/").status_code == 200


@pytest.mark.parametrize("key", sorted(FIGURES))
def test_every_figure_has_a_page(world: World, key: str) -> None:
    who = "head" if FIGURES[key].area != "assets" or world.ctx("head").may("assets.read_asset") else "bookkeeper"
    response = client(world, who).get(f"/{world.school.code}/figures/{key}/")
    assert response.status_code == 200
    assert FIGURES[key].definition in response.content.decode()


def test_statements_speak_of_known_figures_in_whole_sentences() -> None:
    for statement in STATEMENTS.values():
        assert statement.text.endswith("。")
        assert set(statement.slots) <= FIGURES.keys()


def test_every_public_action_says_what_it_promises() -> None:
    bare = [name for name, verb in ACTIONS.items() if not inspect.getdoc(verb.run)]
    assert bare == []


def test_every_kind_of_object_says_who_sees_it() -> None:
    nobody = {"entry"}
    bare = []
    for kind, model in kinds().items():
        rows = model._default_manager._queryset_class  # type: ignore[attr-defined]
        if not rows.reads and rows.visible_to is scope.ScopedQuerySet.visible_to:
            bare.append(kind)
    assert set(bare) == nobody


@pytest.mark.parametrize("name", sorted(n for n, e in EXAMPLES.items() if n in {v.name for s in SCREENS.values() for v in s.verbs()}))  # fmt: skip
def test_the_form_of_a_verb_opens_only_to_whoever_may_do_it(world: World, name: str) -> None:
    verb = ACTIONS[name]
    screens = next(one for one in SCREENS.values() if verb in one.verbs())
    row, _ = EXAMPLES[name].given(world)
    base = f"/{world.school.code}/{screens.area}/{screens.name}/"
    url = f"{base}new/{name}/" if row is None else f"{base}{row.pk}/do/{name}/"
    expected = {}
    with scope.active(world.school):
        for who in CAST:
            ctx = world.ctx(who)
            mine = row is None or screens.model.objects.within(ctx, verb.permission).filter(pk=row.pk).exists()
            seen = row is None or screens.model.objects.visible_to(ctx).filter(pk=row.pk).exists()
            may = ctx.may(screens.read) and ctx.may(verb.permission) and mine
            expected[who] = 200 if may else 403 if seen or not ctx.may(screens.read) else 404
    assert {who: client(world, who).get(url).status_code for who in CAST} == expected


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_what_is_visible_can_be_locked(world: World, kind: str) -> None:
    """An action locks the very rows that `visible_to` gives: PostgreSQL locks no groups and nothing DISTINCT."""
    with scope.active(world.school), transaction.atomic():
        rows = kinds()[kind].objects.visible_to(world.ctx("head"))
        assert rows.query.group_by is None
        assert not rows.query.distinct
        list(rows.select_for_update(of=("self",))[:1])
