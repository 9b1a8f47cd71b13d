"""The doors of purchasing."""

from zongwu.purchasing.actions.arriving import (
    accept_delivery,
    close_order,
    drop_delivery,
    note_licence,
    note_papers,
    place_order,
    score_supplier,
)
from zongwu.purchasing.actions.asking import (
    add_budget,
    add_quote,
    ask_to_buy,
    change_budget,
    choose_quote,
    drop_purchase,
    revise_purchase,
    submit_purchase,
)

__all__ = [
    "accept_delivery", "add_budget", "add_quote", "ask_to_buy", "change_budget", "choose_quote", "close_order", "drop_delivery", "drop_purchase",
    "note_licence", "note_papers", "place_order", "revise_purchase", "score_supplier", "submit_purchase",
]  # fmt: skip
