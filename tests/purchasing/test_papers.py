"""Papers of purchasing, read back from the PDF: who asked, who quoted, what was ordered, who accepted."""

from __future__ import annotations

import pytest

from tests.printing import pages, printed, whole
from tests.purchasing.examples import approved, arrived, ordered
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.seed("R2.12")
def test_request_and_comparison_carry_the_signatures_and_the_quotes(world: World) -> None:
    purchase = approved(world)
    paper = printed(world, f"purchasing/purchases/request.pdf?ids={purchase.pk}")
    words = "".join(pages(paper))
    for word in ("采购申请表", purchase.number, "中选：南城文具", "申请人", "总务", "大写"):
        assert word in words
    whole(paper)
    paper = printed(world, f"purchasing/purchases/quotes.pdf?ids={purchase.pk}")
    words = "".join(pages(paper))
    for word in ("询价记录", "确定供应商：南城文具", "总价", "附报价单原件"):
        assert word in words
    whole(paper)


@pytest.mark.seed("R2.11")
def test_the_order_tells_the_supplier_what_and_at_which_price(world: World) -> None:
    order = ordered(world)
    paper = printed(world, f"purchasing/orders/paper.pdf?ids={order.pk}")
    words = "".join(pages(paper))
    for word in ("采购订单", order.number, "供应商：南城文具", "可以拒收", "供应商（盖章）"):
        assert word in words
    whole(paper)


@pytest.mark.seed("R2.12")
def test_an_acceptance_shows_each_member_who_signed(world: World) -> None:
    acceptance = arrived(world, ordered(world))
    paper = printed(world, f"purchasing/deliveries/paper.pdf?ids={acceptance.pk}")
    words = "".join(pages(paper))
    for word in ("验收单", acceptance.number, "合格", "验收金额", "验收人"):
        assert word in words
    whole(paper)
