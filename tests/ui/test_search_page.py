"""One field for everything; a page without script, a fragment for the palette."""

from __future__ import annotations

import re

import pytest

from tests.stores.examples import stocked
from zongwu.ui.seek import marked


def found(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html[html.index('class="hits"') :]).split())


def test_things_people_and_rooms_are_found_by_two_characters(visit, world):
    client = visit("storekeeper")
    assert world.projector.number in found(client.get("/cnsx/search/", {"q": "投影"}).content.decode())
    assert "高文" in found(client.get("/cnsx/search/", {"q": "高文"}).content.decode())
    assert "总务仓库" in found(client.get("/cnsx/search/", {"q": "仓库"}).content.decode())


def test_initials_find_and_are_marked(visit):
    html = visit("storekeeper").get("/cnsx/search/", {"q": "ck"}).content.decode()
    assert "总务<mark>仓库</mark>" in html


def test_deeds_and_pages_are_found_too(visit, assets):
    html = visit("storekeeper").get("/cnsx/search/", {"q": "新建"}).content.decode()
    assert f'href="{assets}new/register_asset/"' in html
    assert (
        f'href="{assets}new/register_asset/"'
        not in visit("principal").get("/cnsx/search/", {"q": "新建"}).content.decode()
    )


def test_only_what_one_may_see(visit, world, stranger):
    html = visit("class_teacher").get("/cnsx/search/", {"q": "电脑"}).content.decode()
    assert world.laptop.number not in html
    assert "没有找到" in html
    html = visit("storekeeper").get("/cnsx/search/", {"q": "投影"}).content.decode()
    assert html.count('class="hit"') == 1
    assert f"/cards/{world.projector.pk}/" in html


def test_the_palette_asks_for_a_fragment(visit):
    html = (
        visit("storekeeper")
        .get("/cnsx/search/", {"q": "投影"}, headers={"HX-Request": "true", "HX-Target": "hits"})
        .content.decode()
    )
    assert "<html" not in html
    assert 'class="hit"' in html


@pytest.mark.parametrize("words", ["", "   ", "%", "'\"", "<script>", "！？", "a" * 300])
def test_nothing_breaks_the_field(visit, words):
    answer = visit("storekeeper").get("/cnsx/search/", {"q": words})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace('<script src="', "")


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("触控一体机", "触控", "<mark>触控</mark>一体机"),
        ("触控一体机", "ytj", "触控<mark>一体机</mark>"),
        ("CK-2026", "ck", "<mark>CK</mark>-2026"),
        ("A<b>", "b", "A&lt;<mark>b</mark>&gt;"),
        ("投影仪", "x", "投影仪"),
    ],
)
def test_what_matched_is_marked_and_everything_is_escaped(text, words, expected):
    assert marked(text, words) == expected


def test_a_paper_is_found_by_its_number_by_whoever_may_see_it(visit, world):
    slip = stocked(world)
    html = visit("storekeeper").get("/cnsx/search/", {"q": slip.number.lower()}).content.decode()
    assert f"/stores/slips/{slip.pk}/" in html
    assert "没有找到" in visit("class_teacher").get("/cnsx/search/", {"q": slip.number}).content.decode()
