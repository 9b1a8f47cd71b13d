"""Which task of a stage is open when: pure, and held to "it always ends" by invented stages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.kernel.approvals import conditions, signatures
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.flow import Flow, Item
from zongwu.kernel.errors import Refused


def run(mode: str, *items: Item) -> Flow:
    return Flow(items, mode)


def test_one_of_several_is_enough() -> None:
    assert run("one", Item(1, "later", 0), Item(2, "later", 1)).open() == {1, 2}
    assert run("one", Item(1, "agreed", 0), Item(2, "open", 1)).through()


def test_all_seats_are_filled_each_by_one() -> None:
    """Two people hold the first role: whoever of them signs fills its seat."""
    flow = run("all", Item(1, "agreed", 0), Item(2, "open", 0), Item(3, "later", 1))
    assert flow.open() == {3}
    assert not flow.through()
    assert run("all", Item(1, "agreed", 0), Item(2, "open", 0), Item(3, "agreed", 1)).through()


def test_in_turn() -> None:
    assert run("turn", Item(1, "later", 0), Item(2, "later", 1)).open() == {1}
    assert run("turn", Item(1, "agreed", 0), Item(2, "later", 1)).open() == {2}


def test_those_asked_before_come_first_and_the_task_stays() -> None:
    before = Item(2, "later", 0, host=1, position="before", batch=1, mode="all")
    assert run("all", Item(1, "open"), before).open() == {2}
    asked = Item(2, "agreed", 0, host=1, position="before", batch=1, mode="all")
    assert run("all", Item(1, "open"), asked).open() == {1}
    assert not run("all", Item(1, "open"), asked).through()


def test_those_asked_along_are_needed_too() -> None:
    along = Item(2, "later", 0, host=1, position="along", batch=1, mode="all")
    assert run("one", Item(1, "later"), along).open() == {1, 2}
    assert not run("one", Item(1, "agreed"), along).through()


def test_those_asked_after_sign_after() -> None:
    after = Item(2, "later", 0, host=1, position="after", batch=1, mode="all")
    assert run("all", Item(1, "open"), after).open() == {1}
    assert run("all", Item(1, "agreed"), after).open() == {2}


@given(
    st.sampled_from(["one", "all", "turn"]),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "before", "along", "after"])), min_size=1, max_size=7),
)
def test_whoever_is_asked_in_whatever_order_the_stage_ends(mode: str, shape: list[tuple[int, str]]) -> None:
    """Signing what is open, again and again, always ends: nobody waits for nobody."""
    items = [Item(1, "later")]
    for at, (place, position) in enumerate(shape, start=2):
        host = 1 + place % (at - 1) if position else 0
        items.append(Item(at, "later", place, host, position, at if position else 0, "all" if position else ""))
    for _ in range(len(items) + 1):
        flow = Flow(items, mode)
        if flow.through():
            assert flow.open() == set()
            return
        first = min(flow.open())
        items = [
            Item(i.id, "agreed", i.place, i.host, i.position, i.batch, i.mode) if i.id == first else i for i in items
        ]
    raise AssertionError("the stage never ends")


def test_conditions_say_what_they_ask() -> None:
    asks = {"amount": Ask("批量原值（元）"), "large": Ask("达到大额标准", "flag")}
    limit = [{"ask": "amount", "op": "ge", "value": "200000"}]
    assert conditions.holds(limit, {"amount": "200000.00"})
    assert not conditions.holds(limit, {"amount": "199999.99"})
    assert not conditions.holds(limit, {})
    assert conditions.spoken(limit, asks) == "批量原值（元） ≥ 200,000"
    assert conditions.wrong([{"ask": "amount", "op": "ge", "value": "面议"}], asks)
    assert conditions.wrong([{"ask": "colour", "op": "is", "value": "yes"}], asks)


@pytest.mark.parametrize("text", ["", "5,5", "1,1 2,2 3,3 4,4 5,5 6,6 7,7 8,8", "<script>", "9999,1 " * 20, "1,1;" * 9])
def test_what_is_no_signature(text: str) -> None:
    with pytest.raises(Refused):
        signatures.clean(text)
