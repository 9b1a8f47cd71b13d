"""Purchasing's pages, described."""

from zongwu.purchasing.screens.arriving import ACCEPTANCES, LICENCES, ORDERS
from zongwu.purchasing.screens.buying import BUDGETS, PURCHASES

__all__ = ["ACCEPTANCES", "BUDGETS", "LICENCES", "ORDERS", "PURCHASES"]
