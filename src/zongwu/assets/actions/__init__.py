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
from zongwu.assets.actions.custody import (
    accept_room,
    check_room,
    draw_agreements,
    drop_agreement,
    drop_check,
    settle_finding,
    sign_for_pupils,
    submit_agreement,
)
from zongwu.assets.actions.damage import (
    add_price,
    cancel_payment,
    change_price,
    close_price,
    drop_damage,
    report_damage,
    revise_damage,
    submit_damage,
    take_payment,
)
from zongwu.assets.actions.disposal import (
    apply_disposal,
    drop_disposal,
    revise_disposal,
    settle_disposal,
    submit_disposal,
)
from zongwu.assets.actions.handover import (
    draw_handover,
    drop_handover,
    renew_loan,
    return_loan,
    submit_handover,
)
from zongwu.assets.actions.reconciliation import adopt_number, reconcile_register, settle_mismatch
from zongwu.assets.actions.request import answer_request, ask_for_item
from zongwu.assets.actions.rollout import drop_placement, drop_rollout, place_item, plan_rollout, split_asset
from zongwu.assets.actions.runs import depreciate_month, print_labels, print_room_codes
from zongwu.assets.actions.stocktake import (
    assign_room,
    begin_stocktake,
    close_stocktake,
    drop_stocktake,
    finish_room,
    plan_stocktake,
    reopen_room,
    replan_stocktake,
    resume_stocktake,
    scan_item,
    settle_differences,
    settle_surplus,
    submit_stocktake,
)

__all__ = [
    "accept_room", "add_price", "adopt_number", "answer_request", "apply_disposal", "ask_for_item", "assign_room", "begin_stocktake", "cancel_payment",
    "change_price", "change_state", "check_room", "close_price", "close_stocktake", "confirm_category", "confirm_date", "correct_asset", "depreciate_month",
    "draw_agreements", "draw_handover", "drop_agreement", "drop_check", "drop_damage", "drop_disposal", "drop_handover", "drop_placement", "drop_rollout",
    "drop_stocktake", "finish_room", "hand_over_asset", "move_asset", "place_item", "plan_rollout", "plan_stocktake", "print_labels", "print_room_codes",
    "reconcile_register", "register_asset", "renew_loan", "reopen_room", "replan_stocktake", "report_damage", "resume_stocktake", "return_loan",
    "revalue_asset", "revise_damage", "revise_disposal", "scan_item", "settle_differences", "settle_disposal", "settle_finding", "settle_mismatch", "settle_surplus",
    "sign_for_pupils", "split_asset", "submit_agreement", "submit_damage", "submit_disposal", "submit_handover", "submit_stocktake", "take_payment",
    "void_asset",
]  # fmt: skip
