"""The doors of the storerooms."""

from zongwu.stores.actions.asking import ask_for_goods, drop_requisition, hand_out, revise_requisition
from zongwu.stores.actions.items import add_item, change_item, close_item, drop_quota, reopen_item, set_quota
from zongwu.stores.actions.slips import (
    issue_goods,
    lend_goods,
    receive_goods,
    return_goods,
    reverse_slip,
    send_back_goods,
    transfer_goods,
    write_off_goods,
)

__all__ = [
    "add_item", "ask_for_goods", "change_item", "close_item", "drop_quota", "drop_requisition", "hand_out", "issue_goods", "lend_goods",
    "receive_goods", "reopen_item", "return_goods", "reverse_slip", "revise_requisition", "send_back_goods", "set_quota", "transfer_goods",
    "write_off_goods",
]  # fmt: skip
