"""The doors of safety."""

from zongwu.safety.actions.fixing import (
    RECHECK,
    assign_hazard,
    begin_fix,
    fail_recheck,
    fix_hazard,
    move_deadline,
    pass_recheck,
    repair_hazard,
)
from zongwu.safety.actions.reporting import (
    drop_hazard,
    escalate_hazard,
    list_hazard,
    report_hazard,
    report_up,
    see_hazard,
)

__all__ = [
    "RECHECK",
    "assign_hazard",
    "begin_fix",
    "drop_hazard",
    "escalate_hazard",
    "fail_recheck",
    "fix_hazard",
    "list_hazard",
    "move_deadline",
    "pass_recheck",
    "repair_hazard",
    "report_hazard",
    "report_up",
    "see_hazard",
]
