"""Printed codes, the look of a device, pages that say no."""

from __future__ import annotations

import pytest
from django.test import Client

from zongwu.kernel import codes
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.scope import active


@pytest.fixture
def code(world):
    with active(world.school):
        return codes.ensure(world.school.pk, "asset", [world.projector.pk])[world.projector.pk]


def test_the_keeper_gets_the_card(visit, world, code):
    answer = visit("storekeeper").get(f"/p/{code}")
    assert answer.url == f"/cnsx/assets/cards/{world.projector.pk}/"
    assert visit("storekeeper").get(f"/p/{code.lower()}").url == answer.url


def test_a_member_without_the_right_learns_no_more_than_whose_it_is(visit, world, code):
    html = visit("nobody").get(f"/p/{code}").content.decode()
    assert "没有看这一件的权限" in html
    assert world.projector.number not in html


def test_nobody_in_particular_learns_the_school_and_no_name(client, world, code):
    html = client.get(f"/p/{code}").content.decode()
    assert "城南实验小学" in html
    assert not any(person.name in html for person in world.people.values())
    assert world.projector.number not in html
    assert f"/accounts/login/?next=/p/{code}" in html


def test_a_stranger_is_nobody_in_particular(visit, stranger, code):
    html = visit("storekeeper", of=stranger).get(f"/p/{code}").content.decode()
    assert "本校的人登录后能看到详情" in html


def test_a_revoked_code_opens_nothing(visit, world, code):
    with active(world.school):
        PublicCode.objects.update(revoked_on="2026-11-01")
    answer = visit("storekeeper").get(f"/p/{code}")
    assert answer.status_code == 410
    assert "已作废" in answer.content.decode()


def test_an_unknown_code_says_what_to_look_at(client, db):
    answer = client.get("/p/ABCDEFGH")
    assert answer.status_code == 404
    assert "字母里没有 I" in answer.content.decode()


def test_the_look_of_a_device_is_a_cookie(client, db):
    answer = client.post("/look/", {"theme": "dark", "elder": "1", "next": "/accounts/login/"})
    assert answer.url == "/accounts/login/"
    html = client.get("/accounts/login/").content.decode()
    assert 'data-theme="dark"' in html
    assert 'class="elder"' in html
    client.post("/look/", {"theme": "auto", "elder": "0"})
    assert "data-theme" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_here(client, db, back):
    assert client.post("/look/", {"theme": "dark", "next": back}).url == "/"


def test_unknown_addresses_have_a_page(visit, db, world):
    for client in (Client(), visit("head")):
        answer = client.get("/cnsx/nowhere/at/all/")
        assert answer.status_code == 404
        assert "没有这个地址" in answer.content.decode()


def test_a_fault_has_a_page_with_a_number(visit, monkeypatch):
    from zongwu.ui import home

    def broken(ctx):
        raise RuntimeError("planted")

    client = visit("head")
    client.raise_request_exception = False
    monkeypatch.setattr(home, "greeting", broken)
    answer = client.get("/cnsx/")
    assert answer.status_code == 500
    assert "没有写入任何内容" in answer.content.decode()
    assert answer.headers["X-Request-Id"] in answer.content.decode()


def test_every_answer_forbids_what_a_page_does_not_need(visit, world):
    answer = visit("head").get("/cnsx/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    html = answer.content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
