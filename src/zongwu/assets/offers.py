"""What each role of a new school may do with assets: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

KEEPERS = ("head", "storekeeper")
LEADERS = ("administrator", "principal", *KEEPERS)
STAFF = ("class_teacher", "teacher", "worker")
HEADS = ("department_head",)
BOOKS = ("bookkeeper",)
EVERYWHERE: dict[str, tuple[str, ...]] = {"school": KEEPERS}
READ_BY_ALL = {"school": (*LEADERS, *BOOKS), "own": (*STAFF, *HEADS)}
BY_DEPARTMENT = {"own": STAFF, "department": HEADS}

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "assets.read_asset": {"school": (*LEADERS, *BOOKS), **BY_DEPARTMENT},
    "transfer.import_sheet": {"school": ("administrator", *KEEPERS)},
    **{
        f"assets.{verb}": EVERYWHERE
        for verb in (
            "register_asset", "correct_asset", "move_asset", "hand_over_asset", "change_state", "confirm_asset", "void_asset", "print_labels",
            "import_assets", "plan_stocktake", "take_back", "draw_agreement", "settle_finding", "plan_rollout",
        )
    },
    "assets.read_disposal": READ_BY_ALL,
    "assets.apply_disposal": {"school": (*KEEPERS, *BOOKS), **BY_DEPARTMENT},
    "assets.settle_disposal": {"school": ("head", *BOOKS)},
    "assets.read_stocktake": READ_BY_ALL,
    "assets.count_assets": {"school": (*KEEPERS, *BOOKS), "own": (*STAFF, *HEADS)},
    "assets.read_handover": {"school": (*LEADERS, *BOOKS), **BY_DEPARTMENT},
    "assets.hand_out": {"school": KEEPERS, **BY_DEPARTMENT},
    "assets.read_agreement": {"school": LEADERS, "own": (*STAFF, *HEADS)},
    "assets.keep_room": {"school": KEEPERS, "own": (*STAFF, *HEADS)},
    "assets.ask_for_item": {"school": LEADERS, "own": STAFF, "department": HEADS},
    "assets.answer_request": EVERYWHERE,
    "assets.read_damage": READ_BY_ALL,
    "assets.report_damage": {"school": KEEPERS, "own": (*STAFF, *HEADS)},
    "assets.reconcile": {"school": (*KEEPERS, *BOOKS)},
    "assets.take_payment": {"school": ("head", *BOOKS)},
    "assets.set_price": {"school": ("head",)},
    "assets.read_rollout": {"school": LEADERS, "own": (*STAFF, *HEADS)},
    "assets.place_item": {"school": KEEPERS, "own": (*STAFF, *HEADS)},
    **{f"assets.{verb}": {"school": ("head", *BOOKS)} for verb in ("revalue_asset", "depreciate_month", "read_depreciation")},
}  # fmt: skip


def register() -> None:
    roles.offer_all(OFFERS)
