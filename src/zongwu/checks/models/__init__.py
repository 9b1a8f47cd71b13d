"""What is looked at, where, how often and by whom; what was found. Every inspection of the school uses these rows. Seeds R1.24, R4.03, R5.03."""

from zongwu.checks.models.lists import Area, CheckItem, CheckList, Point
from zongwu.checks.models.plans import Every, Level, Plan, PlanPoint, Task
from zongwu.checks.models.rounds import Finding, Round

__all__ = ["Area", "CheckItem", "CheckList", "Every", "Finding", "Level", "Plan", "PlanPoint", "Point", "Round", "Task"]
