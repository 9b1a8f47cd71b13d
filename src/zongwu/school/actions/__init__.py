"""The verbs of the school."""

from zongwu.school.actions.classes import add_class, correct_class, end_class, promote_classes
from zongwu.school.actions.offices import (
    add_department,
    add_supplier,
    close_department,
    close_supplier,
    correct_department,
    correct_supplier,
    reopen_department,
    reopen_supplier,
)
from zongwu.school.actions.people import (
    add_person,
    appoint_person,
    correct_person,
    leave_school,
    open_school,
    return_to_school,
)
from zongwu.school.actions.places import (
    add_place,
    close_place,
    correct_place,
    make_head_storeroom,
    move_place,
    reopen_place,
    set_keeper,
)
from zongwu.school.actions.pupils import (
    add_pupil,
    correct_pupil,
    erase_pupil_details,
    move_pupil,
    pupil_leaves,
    pupil_returns,
)
from zongwu.school.actions.terms import add_term, clear_day, correct_term, seed_year, set_days

__all__ = [
    "add_class", "add_department", "add_person", "add_place", "add_pupil", "add_supplier", "add_term", "appoint_person",
    "clear_day", "close_department", "close_place", "close_supplier", "correct_class", "correct_department",
    "correct_person", "correct_place", "correct_pupil", "correct_supplier", "correct_term", "end_class", "erase_pupil_details", "leave_school",
    "make_head_storeroom", "move_place", "move_pupil", "open_school", "promote_classes", "pupil_leaves",
    "pupil_returns", "reopen_department", "reopen_place", "reopen_supplier", "return_to_school", "seed_year",
    "set_days", "set_keeper",
]  # fmt: skip
