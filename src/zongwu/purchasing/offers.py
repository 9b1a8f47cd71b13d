"""What each role of a new school may do with purchasing: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

LEADERS = ("administrator", "principal", "head", "storekeeper", "bookkeeper")
STAFF = ("class_teacher", "teacher", "worker")
HEADS = ("department_head",)
BUYERS = ("head", "storekeeper", "bookkeeper")

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "purchasing.read_purchase": {"school": LEADERS, "own": STAFF, "department": HEADS},
    "purchasing.read_order": {"school": LEADERS, "own": (*STAFF, *HEADS)},
    "purchasing.read_acceptance": {"school": LEADERS, "own": (*STAFF, *HEADS)},
    "purchasing.read_budget": {"school": LEADERS},
    "purchasing.read_licence": {"school": LEADERS},
    "purchasing.ask_to_buy": {"school": ("head", "storekeeper"), "own": (*STAFF, *HEADS, "bookkeeper")},
    "purchasing.buy": {"school": BUYERS},
    "purchasing.accept_delivery": {"school": ("head", "storekeeper")},
    "purchasing.set_budget": {"school": ("head", "bookkeeper")},
}  # fmt: skip


def register() -> None:
    roles.offer_all(OFFERS)
