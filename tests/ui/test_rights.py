"""Roles on screen: who sees them, and the matrix as a plain form."""

from __future__ import annotations

import re

from tests.kernel.examples import role
from zongwu.kernel.scope import active


def test_only_an_administrator_sees_roles(visit):
    assert "资产管理员" in visit("administrator").get("/cnsx/school/roles/").content.decode()
    assert visit("head").get("/cnsx/school/roles/").status_code == 403


def test_the_page_of_a_role_says_what_it_may_do(visit, world):
    html = visit("administrator").get(f"/cnsx/school/roles/{role(world, 'worker').pk}/").content.decode()
    assert "看资产台账" in html
    assert "本人的" in html
    assert "何大庆" in html


def test_the_matrix_is_a_plain_form(visit, world):
    client, worker = visit("administrator"), role(world, "worker")
    url = f"/cnsx/school/roles/{worker.pk}/do/set_grants/"
    html = client.get(url).content.decode()
    with active(world.school):
        before = set(worker.rights)
    ticked = set(re.findall(r'name="rights" value="([^"]+)" checked', html))
    assert ticked == before
    key = re.search(r'name="key" value="([^"]+)"', html)[1]
    answer = client.post(url, {"key": key, "rights": [*before, "school.read_supplier:school"]}, follow=True)
    assert "加上：看供应商（全校的）" in answer.content.decode()
    with active(world.school):
        assert set(worker.rights) == before | {"school.read_supplier:school"}
