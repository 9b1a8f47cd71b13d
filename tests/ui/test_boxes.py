"""The four boxes, signing several together, and what the page of a case offers to whom."""

from __future__ import annotations

import pytest

from tests.assets.examples import drafted, submitted
from tests.signing import SIGNATURE, case_of, shown, sign
from tests.ui.conftest import client_of
from tests.world import World
from zongwu.assets.actions import submit_disposal
from zongwu.kernel import scope
from zongwu.kernel.approvals.actions import withdraw
from zongwu.kernel.approvals.models import Decision, Said

pytestmark = pytest.mark.django_db


def test_a_box_shows_ones_own(world: World) -> None:
    document = submitted(world)
    assert document.number in client_of(world, "class_teacher").get("/cnsx/todo/?box=started").content.decode()
    for who in ("head", "principal"):
        assert document.number not in client_of(world, who).get("/cnsx/todo/?box=started").content.decode()


def test_pressed_twice_several_are_agreed_to_once(world: World) -> None:
    documents = [submitted(world), submit_disposal(world.ctx("class_teacher"), drafted(world))]
    cases = [case_of(world, one).pk for one in documents]
    client = client_of(world, "head")
    page = client.get("/cnsx/todo/together/", {"ids": cases}).content.decode()
    assert "8,300.00" in page
    sent = {"ids": cases, "key": "k" * 22, "opinion": "同意", "signature": SIGNATURE}
    sent |= {f"shown-{pk}": shown(world, one) for pk, one in zip(cases, documents, strict=True)}
    for _ in range(2):
        assert client.post("/cnsx/todo/together/", sent).content.decode().count("已同意") == 2
    with scope.active(world.school):
        assert Decision.objects.filter(said=Said.AGREED).count() == 2


def test_the_panel_offers_what_the_head_of_the_page_does_not(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="编号填错了")
    case = case_of(world, document)
    client = client_of(world, "head")
    page = client.get(f"/cnsx/approvals/cases/{case.pk}/").content.decode()
    link = f"/cnsx/approvals/cases/{case.pk}/do/answer_withdrawal/"
    assert page.count(link) == 1
    assert client.get(link).status_code == 200
    stranger = client_of(world, "principal").get(f"/cnsx/approvals/cases/{case.pk}/").content.decode()
    assert "/do/agree/" not in stranger and link not in stranger
