"""What each role of a new school may do with inspections: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

MANAGERS = ("administrator", "head")
STAFF = ("storekeeper", "bookkeeper", "class_teacher", "teacher", "worker", "department_head", "guard")

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "checks.read_list": {"school": (*MANAGERS, "principal", *STAFF)},
    "checks.read_plan": {"school": (*MANAGERS, "principal"), "own": STAFF},
    "checks.read_round": {"school": (*MANAGERS, "principal"), "own": STAFF},
    "checks.manage": {"school": MANAGERS},
    # whoever manages looks at anything; everybody else at what is his
    "checks.check": {"school": ("head",), "own": ("administrator", "principal", *STAFF)},
    "checks.spot_check": {"school": ("head", "principal")},
    "checks.settle": {"school": ("head",)},
    "checks.countersign": {"school": ("head", "principal", "department_head")},
}


def register() -> None:
    roles.name("checks.spot_check", "不按计划抽查")
    roles.offer_all(OFFERS)
