"""The doors of the register: verbs on one card, and runs over many."""

from zongwu.assets.actions.cards import (
    change_state,
    confirm_category,
    confirm_date,
    correct_asset,
    hand_over_asset,
    move_asset,
    register_asset,
    revalue_asset,
    void_asset,
)
from zongwu.assets.actions.runs import depreciate_month, print_labels

__all__ = [
    "change_state", "confirm_category", "confirm_date", "correct_asset", "depreciate_month", "hand_over_asset", "move_asset",
    "print_labels", "register_asset", "revalue_asset", "void_asset",
]  # fmt: skip
