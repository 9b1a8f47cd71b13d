"""The doors of the storerooms."""

from zongwu.stores.actions.asking import ask_for_goods, drop_requisition, hand_out, revise_requisition
from zongwu.stores.actions.books import (
    add_textbook,
    change_book_order,
    issue_books,
    order_books,
    plan_books,
    receive_books,
    share_books,
)
from zongwu.stores.actions.counting import add_found, begin_count, drop_count, enter_counts, submit_count
from zongwu.stores.actions.items import add_item, change_item, close_item, drop_quota, reopen_item, set_quota
from zongwu.stores.actions.packs import add_pack, change_pack, issue_pack, sign_slip
from zongwu.stores.actions.slips import (
    extend_loan,
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
    "add_found",
    "add_item",
    "add_pack",
    "add_textbook",
    "ask_for_goods",
    "begin_count",
    "change_book_order",
    "change_item",
    "change_pack",
    "close_item",
    "drop_count",
    "drop_quota",
    "drop_requisition",
    "enter_counts",
    "extend_loan",
    "hand_out",
    "issue_books",
    "issue_goods",
    "issue_pack",
    "lend_goods",
    "order_books",
    "plan_books",
    "receive_books",
    "receive_goods",
    "reopen_item",
    "return_goods",
    "reverse_slip",
    "revise_requisition",
    "send_back_goods",
    "set_quota",
    "share_books",
    "sign_slip",
    "submit_count",
    "transfer_goods",
    "write_off_goods",
]  # fmt: skip
