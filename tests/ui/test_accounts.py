"""Signing in, invitations, and who is kept out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.world import NOW, PASSWORD, TODAY
from zongwu.kernel.accounts import Account, Holding, Invitation, Membership, Role
from zongwu.kernel.errors import Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.memberships import (
    assign_role,
    disable_membership,
    enable_membership,
    end_membership,
    invite_person,
    release_role,
)
from zongwu.kernel.scope import active, all_schools
from zongwu.school.actions import add_person

GOOD = "Chunfeng-1987"


@pytest.fixture
def newcomer(world):
    return add_person(world.system(), name="新老师", number="n01", department=world.office)


@pytest.fixture
def token(world, newcomer):
    return invite_person(world.ctx("administrator"), newcomer).token


def sign_in(client, username, password):
    return client.post("/accounts/login/", {"login": username, "password": password})


def test_signing_in_leads_into_the_only_school(client, world):
    assert sign_in(client, "cnsx-head", PASSWORD).url == "/"
    assert client.get("/").url == "/cnsx/"
    assert "周建国" in client.get("/cnsx/").content.decode()


def test_a_wrong_password_is_said_in_words_and_tells_nothing(client, world):
    wrong = [sign_in(client, name, "nonsense").content.decode() for name in ("cnsx-head", "nobody-at-all")]
    assert all("账号或密码不对" in html for html in wrong)


def test_a_stranger_who_guesses_does_not_lock_the_owner_out(client, world):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        assert "账号或密码不对" in sign_in(stranger, "cnsx-bookkeeper", "nonsense").content.decode()
    assert "过五分钟" in sign_in(stranger, "cnsx-bookkeeper", "nonsense").content.decode()
    assert "过五分钟" in sign_in(stranger, "cnsx-bookkeeper", PASSWORD).content.decode()
    assert sign_in(client, "cnsx-bookkeeper", PASSWORD).url == "/"


def test_nobody_signs_himself_up(client, db):
    assert "不开放注册" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"username": "me", "password1": GOOD, "password2": GOOD})
    assert not Account.objects.filter(username="me").exists()


def test_an_invitation_is_used_once_and_the_newcomer_is_in(client, world, newcomer, token):
    page = client.get(f"/p/join/{token}/").content.decode()
    assert "新老师" in page
    assert "城南实验小学" in page
    answer = client.post(f"/p/join/{token}/", {"username": "xinlaoshi", "password": GOOD, "again": GOOD})
    assert answer.url == "/accounts/login/"
    assert sign_in(client, "xinlaoshi", GOOD).url == "/"
    assert client.get("/cnsx/").status_code == 200
    second = Client().get(f"/p/join/{token}/")
    assert second.status_code == 404
    assert "已经用过" in second.content.decode()
    with active(world.school):
        assert JournalEntry.objects.filter(verb="school.joined", actor="system:join").count() == 1


def test_the_token_is_shown_once_and_stored_hashed(visit, world, newcomer):
    client = visit("administrator")
    url = f"/cnsx/school/people/{newcomer.pk}/do/invite_person/"
    key = re.search(r'name="key" value="([^"]+)"', client.get(url).content.decode())[1]
    html = client.post(url, {"key": key}).content.decode()
    token = re.search(r"/p/join/([\w-]+)/", html)[1]
    with all_schools("the test looks for the token itself"):
        assert not Invitation.objects.filter(token_hash=token).exists()
    assert Client().get(f"/p/join/{token}/").status_code == 200


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"username": "cnsx-head"}, "已经有人用了"),
        ({"username": "a b"}, "中间不要空格"),
        ({"password": "12345678", "again": "12345678"}, "密码"),
        ({"again": "other"}, "两次输入的密码不一样"),
    ],
)
def test_a_bad_choice_is_said_and_the_invitation_stays_good(client, token, given, sentence):
    data = {"username": "xinlaoshi", "password": GOOD, "again": GOOD} | given
    answer = client.post(f"/p/join/{token}/", data)
    assert answer.status_code in (409, 422)
    assert sentence in answer.content.decode()
    assert client.get(f"/p/join/{token}/").status_code == 200


def test_an_old_invitation_has_run_out(client, world, newcomer, token):
    with active(world.school):
        Invitation.objects.update(expires_at=NOW - timedelta(minutes=1))
    answer = client.get(f"/p/join/{token}/")
    assert answer.status_code == 404
    assert "过期" in answer.content.decode()


def test_a_second_invitation_ends_the_first(client, world, newcomer, token):
    again = invite_person(world.ctx("administrator"), newcomer).token
    assert client.get(f"/p/join/{token}/").status_code == 404
    assert client.get(f"/p/join/{again}/").status_code == 200


def test_an_invitation_renews_a_forgotten_password(client, world):
    token = invite_person(world.ctx("administrator"), world.people["worker"]).token
    assert "cnsx-worker" in client.get(f"/p/join/{token}/").content.decode()
    client.post(f"/p/join/{token}/", {"password": GOOD, "again": GOOD})
    assert sign_in(client, "cnsx-worker", GOOD).url == "/"
    assert Membership.objects.model.__name__  # the account was kept, none was added
    assert Account.objects.filter(username__contains="cnsx-worker").count() == 1


def test_only_an_administrator_invites(visit, world, newcomer):
    assert visit("head").post(f"/cnsx/school/people/{newcomer.pk}/do/invite_person/", {}).status_code == 403


def test_a_disabled_person_is_signed_out_at_once(visit, world):
    client = visit("worker")
    assert client.get("/cnsx/").status_code == 200
    disable_membership(world.ctx("administrator"), world.people["worker"])
    answer = client.get("/cnsx/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/"
    assert "已停用" in answer.content.decode()
    enable_membership(world.ctx("administrator"), world.people["worker"])
    assert visit("worker").get("/cnsx/").status_code == 200


def test_a_person_who_left_is_kept_out(visit, world):
    client = visit("worker")
    with active(world.school):
        person = world.people["worker"]
        person.left_on = TODAY
        person.save()
    assert client.get("/cnsx/").url == "/accounts/login/"


def test_ending_a_membership_ends_the_roles(world):
    end_membership(world.ctx("administrator"), world.people["worker"])
    with active(world.school):
        assert not world.people["worker"].grants_on(TODAY)
        assert Holding.objects.get(person=world.people["worker"]).until_on == TODAY


def test_a_role_is_given_and_taken(world):
    admin, teacher = world.ctx("administrator"), world.people["class_teacher"]
    with active(world.school):
        role = Role.objects.get(code="storekeeper")
    assign_role(admin, teacher, role=role)
    assert world.ctx("class_teacher").may("assets.move_asset")
    with pytest.raises(Refused, match="已经任"):
        assign_role(admin, teacher, role=role)
    release_role(admin, teacher, role=role)
    assert not world.ctx("class_teacher").may("assets.move_asset")


def test_the_last_administrator_cannot_be_lost(world):
    admin = world.ctx("administrator")
    with pytest.raises(Refused, match="自己"):
        disable_membership(admin, world.people["administrator"])
    with active(world.school):
        role = Role.objects.get(code="administrator")
        others = Holding.objects.filter(role=role).exclude(person=world.people["administrator"])
        others.delete()
    with pytest.raises(Refused, match="至少要有一位"):
        release_role(admin, world.people["administrator"], role=role)


def test_another_schools_person_is_missing_to_the_administrator(visit, world, stranger):
    url = f"/cnsx/school/people/{stranger.people['head'].pk}/do/invite_person/"
    assert visit("administrator").post(url, {}).status_code == 404


def test_an_account_that_enters_two_schools_chooses(client, world, stranger):
    account = Account.objects.get(username="cnsx-head")
    with active(stranger.school):
        guest = add_person(stranger.system(), name="兼职", number="g1", department=stranger.office)
        Membership.objects.create(school=stranger.school, account=account, person=guest)
    client.force_login(account)
    html = client.get("/").content.decode()
    assert 'href="/cnsx/"' in html
    assert 'href="/bctx/"' in html
    with pytest.raises(Refused, match="别的学校"):
        invite_person(stranger.ctx("administrator"), guest)


def test_every_account_page_is_ours_and_chinese(visit):
    client = visit("head")
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200
        text = re.sub(r"<[^>]+>|\s", "", answer.content.decode().split("<main", 1)[1])
        assert not re.search(r"[A-Za-z]{6,}", text), text


def test_a_password_is_changed(client, world):
    sign_in(client, "cnsx-head", PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": GOOD, "password2": GOOD})
    assert Account.objects.get(username="cnsx-head").check_password(GOOD)


@pytest.mark.parametrize(("who", "large"), [("worker", True), ("class_teacher", False), ("nobody", False)])
def test_a_worker_begins_with_large_letters(world, who, large):
    answer = sign_in(Client(), f"{world.school.code}-{who}", PASSWORD)
    assert ("elder" in answer.cookies) is large


def test_what_a_worker_chose_stays(world):
    client = Client()
    client.cookies["elder"] = "0"
    assert "elder" not in sign_in(client, f"{world.school.code}-worker", PASSWORD).cookies
