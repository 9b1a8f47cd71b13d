"""Forms: plain POST works, every refusal is the form again, nothing happens twice."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.world import TODAY
from zongwu.assets.actions import change_state, register_asset
from zongwu.assets.models import Asset
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.scope import active


def hidden(html: str) -> dict[str, str]:
    """What the rendered form carries without being seen."""
    return dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', html))


def moves(world) -> int:
    with active(world.school):
        return JournalEntry.objects.filter(verb="asset.moved").count()


@pytest.fixture
def move(visit, assets, world):
    """The address and the filled form of moving the projector to room 102."""
    url = f"{assets}{world.projector.pk}/do/move_asset/"
    client = visit("storekeeper")
    data = hidden(client.get(url).content.decode()) | {
        "place": world.room_102.pk,
        "on": TODAY.isoformat(),
        "reason": "换教室",
    }
    return client, url, data


def test_a_form_is_labelled_dated_and_keyed(visit, assets, world):
    html = visit("storekeeper").get(f"{assets}{world.projector.pk}/do/move_asset/").content.decode()
    assert re.search(r'<label class="label" for="id_place">', html)
    assert f'type="date" name="on" value="{TODAY}"' in html
    assert len(hidden(html)["key"]) >= 16
    assert hidden(html)["seen"].isdigit()


def test_success_goes_back_to_the_row_with_a_receipt(move, world):
    client, url, data = move
    answer = client.post(url, data, follow=True)
    assert answer.redirect_chain[-1][0] == f"/cnsx/assets/cards/{world.projector.pk}/"
    assert f"已调拨：{world.projector}" in answer.content.decode()
    with active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).place == world.room_102


def test_a_second_press_is_the_first_again(move, world):
    client, url, data = move
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302
    assert moves(world) == 1


def test_the_same_key_for_something_else_is_a_conflict(move, world):
    client, url, data = move
    client.post(url, data)
    answer = client.post(url, data | {"place": world.store.pk})
    assert answer.status_code == 409
    assert "已经提交过" in answer.content.decode()
    assert hidden(answer.content.decode())["key"] != data["key"]


def test_a_field_problem_stands_at_its_field_and_the_rest_is_kept(move, world):
    client, url, data = move
    answer = client.post(url, data | {"on": "2026-02-30"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="id_on_wrong"' in html
    assert 'value="换教室"' in html
    assert moves(world) == 0


def test_a_refusal_of_the_action_stands_at_its_field(visit, assets, world):
    url = f"{assets}{world.laptop.pk}/do/change_state/"
    answer = visit("storekeeper").post(url, {"state": "in_use", "condition": "good", "on": TODAY.isoformat()})
    assert answer.status_code == 409
    assert "没有改动" in answer.content.decode()
    future = {
        "name": "灯",
        "category": "A05010201",
        "quantity": "1",
        "unit": "盏",
        "unit_price": "1",
        "method": "bought",
    }
    answer = visit("storekeeper").post(f"{assets}new/register_asset/", future | {"acquired_on": "2027-01-01"})
    assert answer.status_code == 409
    assert re.search(r'id="id_acquired_on_wrong">.*取得日期不能在今天以后', answer.content.decode(), re.S)


def test_a_confirmation_is_the_same_form_with_a_tick(visit, assets, world):
    url = f"{assets}{world.projector.pk}/do/revalue_asset/"
    client = visit("head")
    data = hidden(client.get(url).content.decode()) | {"value": "1.00", "on": TODAY.isoformat(), "reason": "审计"}
    answer = client.post(url, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="confirmed"' in html
    assert "变动超过一半" in html
    assert 'value="审计"' in html
    assert client.post(url, data | hidden(html) | {"confirmed": "1"}).status_code == 302
    with active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).value == Decimal("1.00")


def test_somebody_was_quicker(move, world):
    client, url, data = move
    change_state(world.ctx("head"), world.projector, state="idle", condition="good", on=TODAY)
    answer = client.post(url, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "周建国" in html
    assert "改状况" in html
    assert moves(world) == 0
    assert client.post(url, data | hidden(html)).status_code == 302
    assert moves(world) == 1


def test_a_verb_that_is_not_available_now_is_refused_before_the_form(visit, assets, world):
    change_state(world.ctx("storekeeper"), world.projector, state="repair", condition="broken", on=TODAY)
    answer = visit("storekeeper").get(f"{assets}{world.projector.pk}/do/move_asset/")
    assert answer.status_code == 409
    assert "先办完那件事才能调拨" in answer.content.decode()


@pytest.mark.parametrize("verb", ["no_such_verb", "register_asset", "depreciate_month"])
def test_a_verb_of_something_else_is_missing(visit, assets, world, verb):
    assert visit("storekeeper").get(f"{assets}{world.projector.pk}/do/{verb}/").status_code == 404


def test_without_the_right_the_post_is_forbidden(visit, assets, world):
    url = f"{assets}{world.projector.pk}/do/move_asset/"
    answer = visit("principal").post(url, {"place": world.room_102.pk, "on": TODAY.isoformat()})
    assert answer.status_code == 403
    assert moves(world) == 0


def test_a_foreign_place_cannot_be_chosen(move, world, stranger):
    client, url, data = move
    assert client.post(url, data | {"place": stranger.room_101.pk}).status_code == 422
    assert moves(world) == 0


def test_a_new_row_is_made_and_opened(visit, assets, world):
    data = {"name": "饮水机", "category": "A05010201", "quantity": "1", "unit": "台", "unit_price": "399.5",
            "acquired_on": TODAY.isoformat(), "method": "bought"}  # fmt: skip
    answer = visit("storekeeper").post(f"{assets}new/register_asset/", data, follow=True)
    assert answer.status_code == 200
    assert "饮水机" in answer.content.decode()
    assert "已新建资产" in answer.content.decode()


def test_csrf_is_demanded_and_said_in_words(world, assets):
    from django.test import Client

    from zongwu.kernel.accounts import Account

    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username="cnsx-storekeeper"))
    answer = client.post(f"{assets}{world.projector.pk}/do/move_asset/", {})
    assert answer.status_code == 403
    assert "页面放得太久" in answer.content.decode()


class TestBulk:
    def ids(self, world, count=3):
        cards = [
            register_asset(
                world.system(),
                name="椅子",
                category="A05010201",
                quantity=Decimal(1),
                unit_price=Decimal(80),
                unit="把",
                acquired_on=TODAY,
                place=world.room_101,
            )
            for _ in range(count)
        ]
        return [card.pk for card in cards]

    def test_each_chosen_row_is_done_and_told(self, visit, assets, world):
        url, ids = f"{assets}bulk/move_asset/", self.ids(world)
        client = visit("storekeeper")
        html = client.get(url, {"ids": ids}).content.decode()
        assert "调拨 3 张" in html
        answer = client.post(url, {"ids": ids, "key": "k" * 20, "place": world.room_102.pk, "on": TODAY.isoformat()})
        assert "办成 3 张" in answer.content.decode()
        assert moves(world) == 3

    def test_a_refused_row_does_not_stop_the_others(self, visit, assets, world):
        url, ids = f"{assets}bulk/move_asset/", self.ids(world)
        change_state(world.ctx("storekeeper"), ids[1], state="repair", condition="broken", on=TODAY)
        client = visit("storekeeper")
        assert "其中 1 张" in client.get(url, {"ids": ids}).content.decode()
        html = client.post(url, {"ids": ids, "place": world.room_102.pk, "on": TODAY.isoformat()}).content.decode()
        assert "办成 2 张，没办成 1 张" in html
        assert "正在维修、借出或待处置" in html
        assert moves(world) == 2

    def test_one_foreign_id_refuses_the_whole_request(self, visit, assets, world, stranger):
        url, ids = f"{assets}bulk/move_asset/", [*self.ids(world), stranger.projector.pk]
        answer = visit("storekeeper").post(url, {"ids": ids, "place": world.room_102.pk, "on": TODAY.isoformat()})
        assert answer.status_code == 404
        assert moves(world) == 0

    def test_a_second_press_does_nothing_twice(self, visit, assets, world):
        url, ids, client = f"{assets}bulk/move_asset/", self.ids(world), visit("storekeeper")
        data = {"ids": ids, "key": "k" * 20, "place": world.room_102.pk, "on": TODAY.isoformat()}
        assert client.post(url, data).content.count("办成 3 张".encode()) == client.post(url, data).content.count(
            "办成 3 张".encode()
        )
        assert moves(world) == 3

    def test_all_that_a_filter_leaves(self, visit, assets, world):
        self.ids(world)
        html = visit("storekeeper").get(f"{assets}bulk/move_asset/", {"all": "1", "q": "椅子"}).content.decode()
        assert "调拨 3 张" in html

    @pytest.mark.parametrize("ids", [[], ["x"], ["9" * 30]])
    def test_nothing_chosen_or_nonsense(self, visit, assets, ids):
        assert visit("storekeeper").get(f"{assets}bulk/move_asset/", {"ids": ids}).status_code in (404, 409)

    def test_more_than_two_hundred_are_refused(self, visit, assets):
        answer = visit("storekeeper").get(f"{assets}bulk/move_asset/", {"ids": list(range(1, 202))})
        assert answer.status_code == 409
        assert "最多办 200 条" in answer.content.decode()

    def test_a_single_verb_has_no_bulk_page(self, visit, assets, world):
        assert visit("storekeeper").get(f"{assets}bulk/void_asset/", {"ids": [world.laptop.pk]}).status_code == 404
