"""The doors of repairs."""

from zongwu.repairs.actions.duties import drop_duty, set_duty
from zongwu.repairs.actions.tickets import (
    CONFIRM,
    DISPATCH,
    REPORT,
    WORK,
    arrive,
    close_silent,
    confirm_ticket,
    drop_ticket,
    finish_ticket,
    give_ticket,
    hold_ticket,
    join_report,
    reopen_ticket,
    report_fault,
    resume_ticket,
    take_ticket,
)
from zongwu.repairs.actions.upkeep import add_upkeep, end_upkeep, note_reading, open_due_upkeep

__all__ = [
    "CONFIRM",
    "DISPATCH",
    "REPORT",
    "WORK",
    "add_upkeep",
    "arrive",
    "close_silent",
    "confirm_ticket",
    "drop_duty",
    "drop_ticket",
    "end_upkeep",
    "finish_ticket",
    "give_ticket",
    "hold_ticket",
    "join_report",
    "note_reading",
    "open_due_upkeep",
    "reopen_ticket",
    "report_fault",
    "resume_ticket",
    "set_duty",
    "take_ticket",
]
