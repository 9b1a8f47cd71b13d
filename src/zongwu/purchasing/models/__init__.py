"""What is bought, from whom, and how it was accepted."""

from zongwu.purchasing.models.arriving import (
    Acceptance,
    AcceptanceLine,
    AcceptanceMember,
    Licence,
    Order,
    OrderLine,
    SupplierRecord,
)
from zongwu.purchasing.models.buying import Budget, Demand, Method, Purchase, PurchaseLine, Quote, Sort

__all__ = [
    "Acceptance", "AcceptanceLine", "AcceptanceMember", "Budget", "Demand", "Licence", "Method", "Order", "OrderLine", "Purchase", "PurchaseLine",
    "Quote", "Sort", "SupplierRecord",
]  # fmt: skip
