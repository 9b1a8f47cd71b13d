"""What each role of a new school may do with repairs: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

DISPATCHERS = ("administrator", "head", "storekeeper")
STAFF = ("principal", "bookkeeper", "class_teacher", "teacher", "worker", "department_head")
EVERYBODY = (*DISPATCHERS, *STAFF)

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    # everybody sees what is reported already, so that nobody reports it twice (报修广场)
    "repairs.read_ticket": {"school": EVERYBODY},
    "repairs.report_fault": {"school": EVERYBODY},
    "repairs.confirm": {"school": DISPATCHERS, "own": STAFF},
    "repairs.work": {"school": ("head", "storekeeper"), "own": ("worker", "department_head", "teacher")},
    "repairs.dispatch": {"school": ("head", "storekeeper")},
    "repairs.import_repairs": {"school": ("head", "storekeeper")},
    "repairs.read_duty": {"school": EVERYBODY},
}


def register() -> None:
    roles.offer_all(OFFERS)
