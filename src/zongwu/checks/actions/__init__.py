"""The doors of inspections."""

from zongwu.checks.actions.lists import (
    Item,
    add_list,
    add_point,
    close_list,
    close_point,
    correct_list,
    correct_point,
    set_items,
)
from zongwu.checks.actions.plans import add_plan, begin_plan, correct_plan, end_plan, make_tasks
from zongwu.checks.actions.rounds import CHECK, Said, countersign_round, follow_finding, submit_round

__all__ = [
    "CHECK",
    "Item",
    "Said",
    "add_list",
    "add_plan",
    "add_point",
    "begin_plan",
    "close_list",
    "close_point",
    "correct_list",
    "correct_plan",
    "correct_point",
    "countersign_round",
    "end_plan",
    "follow_finding",
    "make_tasks",
    "set_items",
    "submit_round",
]
