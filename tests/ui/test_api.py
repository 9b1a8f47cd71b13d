"""The API says what the pages say, to the same people, and does what their forms do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.world import NOW, World
from zongwu.assets.models import Asset
from zongwu.kernel import doctor, scope, tokens
from zongwu.kernel.actions import ACTIONS
from zongwu.kernel.errors import Refused
from zongwu.kernel.memberships import disable_membership
from zongwu.ui import api_door
from zongwu.ui.lists import Listing
from zongwu.ui.screens import SCREENS

pytestmark = pytest.mark.django_db


class Caller:
    """A program with somebody's token."""

    def __init__(self, world: World, who: str = "head", *, writes: bool = False, **more: Any) -> None:
        self.issued = tokens.issue_token(
            world.ctx("administrator"), person=world.people[who], name="试", writes=writes, **more
        )
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
            shown = [row.pk for row in Listing(screens, ctx, __import__("django.http").http.QueryDict("")).page.rows]
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
    tokens.revoke_token(admin, call.issued.row)
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


def test_the_description_names_every_list_and_verb() -> None:
    described = json.loads(api_door.schema())
    assert described["openapi"].startswith("3.1")
    operations = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    assert {key.replace(".", "_") for key in SCREENS} <= operations
    verbs = {verb.name for screens in SCREENS.values() for verb in screens.verbs()}
    assert verbs - operations <= {name for name in verbs if name in ACTIONS}
    assert {"move_asset", "register_asset", "add_department"} <= operations
    asked = described["paths"]["/api/{code}/assets/cards"]["get"]["parameters"]
    assert {"state", "department", "o", "after", "q"} <= {one["name"] for one in asked}
    body = described["components"]["schemas"]["move_asset_in"]
    assert "place" in body["required"]
