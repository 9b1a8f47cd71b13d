"""What each role of a new school may do about hazards: permission → data range → roles. Schools edit it afterwards."""

from __future__ import annotations

from zongwu.kernel import roles

SAFE = ("administrator", "head")
STAFF = ("storekeeper", "bookkeeper", "class_teacher", "teacher", "worker", "department_head", "guard")

OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "safety.read_hazard": {
        "school": (*SAFE, "principal", "department_head"),
        "own": tuple(one for one in STAFF if one != "department_head"),
    },
    "safety.report_hazard": {"school": (*SAFE, "principal", *STAFF)},
    "safety.assign_hazard": {"school": ("head",)},
    "safety.fix_hazard": {"school": ("head",), "own": STAFF},
    # whoever looks again sees every hazard: that it is somebody else is asked of each
    "safety.recheck_hazard": {"school": ("head", "principal", "department_head")},
    "safety.oversee": {"school": ("principal", "head")},
    "safety.import_hazards": {"school": SAFE},
}


def register() -> None:
    roles.offer_all(OFFERS)
