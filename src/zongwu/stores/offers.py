"""What each role of a new school may do with stores: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

KEEPERS = ("head", "storekeeper")
LEADERS = ("administrator", "principal", *KEEPERS)
BOOKS = ("bookkeeper",)
STAFF = ("class_teacher", "teacher", "worker", "department_head")

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "stores.read_item": {"school": (*LEADERS, *BOOKS), "own": STAFF},
    "stores.read_balance": {"school": (*LEADERS, *BOOKS)},
    "stores.read_slip": {"school": (*LEADERS, *BOOKS), "own": ("class_teacher", "teacher", "worker"), "department": ("department_head",)},
    "stores.read_requisition": {"school": (*LEADERS, *BOOKS), "own": STAFF},
    "stores.read_quota": {"school": (*LEADERS, *BOOKS), "department": ("department_head",)},
    "stores.ask_for_goods": {"school": KEEPERS, "own": (*STAFF, *BOOKS, "principal")},
    **{f"stores.{verb}": {"school": KEEPERS} for verb in ("keep_items", "receive_goods", "issue_goods", "import_stock", "reverse_slip")},
    "stores.read_books": {"school": (*LEADERS, *BOOKS)},
    "stores.read_count": {"school": (*LEADERS, *BOOKS)},
    "stores.keep_books": {"school": KEEPERS},
    "stores.sign_slip": {"school": KEEPERS, "own": ("class_teacher", "teacher", "worker")},
    **{f"stores.{verb}": {"school": ("head",)} for verb in ("set_quota", "correct_stock")},
}  # fmt: skip


def register() -> None:
    roles.offer_all(OFFERS)
