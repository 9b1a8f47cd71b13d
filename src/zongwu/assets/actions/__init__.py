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
from zongwu.assets.actions.disposal import (
    apply_disposal,
    drop_disposal,
    revise_disposal,
    settle_disposal,
    submit_disposal,
)
from zongwu.assets.actions.runs import depreciate_month, print_labels

__all__ = [
    "apply_disposal", "change_state", "confirm_category", "confirm_date", "correct_asset", "depreciate_month", "drop_disposal", "hand_over_asset", "move_asset",
    "print_labels", "register_asset", "revalue_asset", "revise_disposal", "settle_disposal", "submit_disposal", "void_asset",
]  # fmt: skip
