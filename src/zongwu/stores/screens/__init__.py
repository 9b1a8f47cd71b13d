"""The storerooms' pages, described."""

from zongwu.stores.screens.asking import QUOTAS, REQUISITIONS
from zongwu.stores.screens.items import BALANCES, ITEMS
from zongwu.stores.screens.slips import SLIPS

__all__ = ["BALANCES", "ITEMS", "QUOTAS", "REQUISITIONS", "SLIPS"]
