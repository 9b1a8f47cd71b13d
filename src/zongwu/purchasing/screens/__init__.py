"""Purchasing's pages, described."""

from zongwu.purchasing.screens.arriving import ACCEPTANCES, ORDERS
from zongwu.purchasing.screens.buying import BUDGETS, PURCHASES

__all__ = ["ACCEPTANCES", "BUDGETS", "ORDERS", "PURCHASES"]
