"""The API says what the pages say, to the same people, and does what their forms do."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.forms import BaseForm, FileField
from django.http import QueryDict
from django.test import Client

from tests.assets.damages import reported
from tests.world import NOW, TODAY, World
from zongwu.assets.actions import register_asset
from zongwu.assets.models import Asset
from zongwu.kernel import doctor, scope, tokens
from zongwu.kernel.accounts import Role
from zongwu.kernel.errors import Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.memberships import disable_membership, enable_membership, end_membership
from zongwu.school.actions import add_person, leave_school
from zongwu.ui import api_door
from zongwu.ui.lists import Listing
from zongwu.ui.screens import SCREENS

pytestmark = pytest.mark.django_db


class Caller:
    """A program with somebody's token."""

    def __init__(self, world: World, who: str = "head", *, writes: bool = False, **more: Any) -> None:
        self.issued = tokens.issue_token(world.system(), person=world.people[who], name="试", writes=writes, **more)
        self.code, self.client = world.school.code, Client()

    def __call__(self, path: str, body: Any = None, key: str = "", code: str = "") -> tuple[int, Any]:
        head = {"Authorization": f"Bearer {self.issued.token}"} | ({"Idempotency-Key": key} if key else {})
        url = f"/api/{code or self.code}/{path}"
        body = None if body is None else json.dumps(body)
        send = self.client.get if body is None else self.client.post
        answer = send(url, body, content_type="application/json", headers=head) if body else send(url, headers=head)
        return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("key", sorted(SCREENS))
def test_a_list_is_that_of_the_page(world: World, stranger: World, key: str) -> None:
    screens, path = SCREENS[key], key.replace(".", "/")
    for who in ("head", "administrator", "class_teacher", "nobody"):
        ctx, call = world.ctx(who), Caller(world, who)
        status, said = call(path)
        if not ctx.may(screens.read):
            assert status == 403
            continue
        with scope.active(world.school):
            shown = [row.pk for row in Listing(screens, ctx, QueryDict("")).page.rows]
        assert (status, [row["id"] for row in said["rows"]]) == (200, shown)
        for pk in shown[:2]:
            assert call(f"{path}/{pk}")[1]["id"] == pk


def test_what_is_another_schools_does_not_exist(world: World, stranger: World) -> None:
    call = Caller(world)
    assert call(f"assets/cards/{stranger.projector.pk}")[0] == 404
    assert call("assets/cards", code=stranger.school.code)[0] == 404
    assert call("figures", code=stranger.school.code)[0] == 404
    moved = Caller(world, writes=True)(
        f"assets/cards/{world.projector.pk}/do/move_asset", {"place": stranger.room_101.pk, "on": "2026-10-08"}
    )
    assert moved[0] == 409
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).place_id == world.room_101.pk


def test_a_verb_is_done_once_however_often_it_is_sent(world: World) -> None:
    call = Caller(world, writes=True)
    path, body = f"assets/cards/{world.projector.pk}/do/move_asset", {"place": world.room_102.pk, "on": "2026-10-08"}
    status, said = call(path, body, key="once")
    assert (status, said["ref"]) == (200, f"asset:{world.projector.pk}")
    assert call(path, body, key="once") == (200, said)
    status, said = call(path, body, key="other")
    assert (status, "和现在一样" in said["detail"]) == (409, True)
    status, said = call(path, {"place": 10**9, "on": "2026-10-08"})
    assert (status, set(said["fields"])) == (409, {"place"})
    assert call(path, {"on": "2026-10-08"})[0] == 422
    assert call(path, {"place": "x", "on": "not a day"})[0] == 422
    assert list(doctor.examine(world.school)) == []


def test_a_token_reads_unless_it_was_made_to_write(world: World) -> None:
    status, said = Caller(world)(
        f"assets/cards/{world.projector.pk}/do/move_asset", {"place": world.room_102.pk, "on": "2026-10-08"}
    )
    assert (status, "只能看" in said["detail"]) == (403, True)
    nobody = Caller(world, "nobody", writes=True)
    assert (
        nobody(f"assets/cards/{world.projector.pk}/do/move_asset", {"place": world.room_102.pk, "on": "2026-10-08"})[0]
        == 403
    )


def test_tokens_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = world.ctx("administrator")
    call = Caller(world, days=30)
    assert call("figures")[0] == 200
    tokens.revoke_token(world.system(), call.issued.row)
    assert call("figures")[0] == 401
    call = Caller(world, days=30)
    disable_membership(admin, world.people["head"])
    status, said = call("figures")
    assert (status, "令牌" in said["detail"]) == (401, True)
    with pytest.raises(Refused):
        Caller(world)
    late = tokens.behind(Caller(world, "storekeeper", days=30).issued.token, (NOW + timedelta(days=31)).date())
    assert late is None
    for days in (0, 367):
        with pytest.raises(Refused):
            Caller(world, "storekeeper", days=days)
    assert Client().get(f"/api/{world.school.code}/figures").status_code == 401


def test_conditions_that_a_list_does_not_have_are_told(world: World) -> None:
    call = Caller(world)
    assert call("assets/cards?state=in_use&o=-value")[0] == 200
    assert call("assets/cards?colour=red")[0] == 422
    assert call("assets/cards?state=red")[0] == 422
    head = {"Authorization": f"Bearer {call.issued.token}"}
    assert call.client.get(f"/api/{call.code}/assets/cards?q=%00", headers=head).status_code == 400


def _needs_file(form: type[BaseForm]) -> bool:
    return any(isinstance(field, FileField) and field.required for field in form.base_fields.values())


def test_the_description_names_every_list_and_verb() -> None:
    described = json.loads(api_door.schema())
    assert described["openapi"].startswith("3.1")
    operations = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    assert {key.replace(".", "_") for key in SCREENS} <= operations
    forms = {verb.name: screens.form_of(verb) for screens in SCREENS.values() for verb in screens.verbs()}
    by_file = {name for name, form in forms.items() if form and _needs_file(form)}
    assert by_file == {"reconcile_register"}, "what takes a file is done on its page"
    assert set(forms) - by_file <= operations
    assert {"move_asset", "register_asset", "add_department"} <= operations
    asked = described["paths"]["/api/{code}/assets/cards"]["get"]["parameters"]
    assert {"state", "department", "o", "after", "q"} <= {one["name"] for one in asked}
    body = described["components"]["schemas"]["move_asset_in"]
    assert "place" in body["required"]


def test_what_a_program_does_not_name_stays(world: World) -> None:
    call = Caller(world, writes=True)
    path = f"assets/cards/{world.projector.pk}/do/correct_asset"
    assert call(path, {"name": "投影仪", "brand": "明基"})[0] == 200
    with scope.active(world.school):
        card = Asset.objects.get(pk=world.projector.pk)
    assert (card.brand, card.spec) == ("明基", "3600 流明 短焦")
    assert call(path, {"name": "投影仪", "spec": None})[0] == 200
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).spec == ""
    admin = Caller(world, "administrator", writes=True)
    with scope.active(world.school):
        role = Role.objects.get(code="class_teacher")
        before = sorted(role.rights)
    admin(f"school/roles/{role.pk}/do/set_grants", {})
    with scope.active(world.school):
        assert sorted(Role.objects.get(pk=role.pk).rights) == before != []


def test_half_a_character_is_refused(world: World) -> None:
    status, said = Caller(world, writes=True)("school/suppliers/new/add_supplier", {"name": "\ud800"})
    assert (status, "半个字符" in said["detail"]) == (409, True)


def test_long_keys_are_told_apart(world: World) -> None:
    call = Caller(world, writes=True)
    first = call("school/suppliers/new/add_supplier", {"name": "甲公司"}, key="k" * 80 + "1")
    second = call("school/suppliers/new/add_supplier", {"name": "乙公司"}, key="k" * 80 + "2")
    assert first[0] == second[0] == 200
    assert first[1]["ref"] != second[1]["ref"]


def test_refusals_have_one_shape(world: World) -> None:
    call = Caller(world, writes=True)
    for status, said in (
        call("assets/cards/new/register_asset", {}), call("nowhere"), call("assets/cards?state=red"), call("assets/cards/abc"),
    ):  # fmt: skip
        assert status in (404, 422)
        assert (type(said["detail"]), type(said["fields"])) == (str, dict)
    head = {"Authorization": f"Bearer {call.issued.token}"}
    gone = call.client.delete(f"/api/{call.code}/assets/cards", headers=head)
    assert (gone.status_code, json.loads(gone.content)["fields"]) == (405, {})


def test_a_token_does_not_wake_up_when_its_person_comes_back(world: World) -> None:
    call, admin = Caller(world, "storekeeper"), world.ctx("administrator")
    end_membership(admin, world.people["storekeeper"])
    enable_membership(admin, world.people["storekeeper"])
    assert call("figures")[0] == 401
    call = Caller(world, "storekeeper")
    leave_school(admin, world.people["storekeeper"], on=admin.today)
    assert call("figures")[0] == 401


def test_figures_go_to_those_who_may_open_their_rows(world: World) -> None:
    told = {one["key"]: one for one in Caller(world)("figures")[1]}
    assert told["assets.cards"]["value"] == 2
    assert told["assets.value"]["value"] == "15220.00"
    assert "assets.cards" not in {one["key"] for one in Caller(world, "class_teacher")("figures")[1]}
    call = Caller(world)
    past = {one["key"]: one["value"] for one in call("figures?area=assets&since=2025-02-01&until=2025-07-31")[1]}
    assert (past["assets.cards"], past["assets.added_cards"]) == (1, 1)
    assert call("figures?since=2026-12-01&until=2026-01-01")[0] == 422


def test_pages_follow_each_other_and_amounts_are_exact(world: World) -> None:
    for n in range(60):
        register_asset(
            world.system(), name=f"椅{n}", category="A05010301", quantity=Decimal("1.5"), unit_price=Decimal("10.10"), unit="把",
            acquired_on=date(2026, 9, 2), place=world.room_101, department=world.office,
        )  # fmt: skip
    call = Caller(world)
    first = call("assets/cards?o=number")[1]
    second = call(f"assets/cards?o=number&after={first['after']}")[1]
    assert len(first["rows"]) == 50
    assert not {row["id"] for row in first["rows"]} & {row["id"] for row in second["rows"]}
    assert len(first["rows"]) + len(second["rows"]) == 62
    chair = next(row for row in second["rows"] if row["name"].startswith("椅"))
    assert (chair["quantity"], chair["value"]) == ("1.5", "15.15")


def test_what_must_be_meant_is_asked_and_then_done(world: World) -> None:
    call = Caller(world, "administrator", writes=True)
    path = f"school/people/{world.people['class_teacher'].pk}/do/leave_school"
    status, said = call(path, {"on": TODAY.isoformat()})
    assert (status, said["confirm"]) == (409, "confirmed")
    assert call(path, {"on": TODAY.isoformat(), "confirmed": True})[0] == 200


def test_a_word_that_the_verb_does_not_know_is_told(world: World) -> None:
    status, said = Caller(world, writes=True)(
        f"assets/cards/{world.projector.pk}/do/correct_asset", {"name": "投影仪", "brnad": "x"}
    )
    assert (status, said["fields"]) == (422, {"brnad": "没有这一项"})


def test_an_invitation_comes_with_its_address_once(world: World) -> None:
    call, person = Caller(world, "administrator", writes=True), add_person(world.system(), name="新来的")
    status, said = call(f"school/people/{person.pk}/do/invite_person", {})
    assert (status, "/p/join/" in said["shown_once"]) == (200, True)


def test_the_journal_says_that_a_program_did_it(world: World) -> None:
    call = Caller(world, writes=True)
    call("school/suppliers/new/add_supplier", {"name": "甲公司"})
    with scope.active(world.school):
        entry = JournalEntry.objects.latest("id")
    assert entry.read_facts()["through"] == f"token:{call.issued.row.pk}"
    assert entry.actor.startswith("member:")


def test_a_row_named_by_its_number_stays_too(world: World) -> None:
    damage = reported(world, asset=world.projector, what="")
    asked = {
        "quantity": "1",
        "happened_on": "2026-11-23",
        "cause": "negligence",
        "remedy": "school_repair",
        "account": "碰倒了",
    }
    status, said = Caller(world, "class_teacher", writes=True)(f"assets/damages/{damage.pk}/do/revise_damage", asked)
    assert status == 200, said
    with scope.active(world.school):
        damage.refresh_from_db()
    assert (damage.asset, damage.account) == (world.projector, "碰倒了")
