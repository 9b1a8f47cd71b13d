"""The storerooms' pages, described."""

from zongwu.stores.screens.asking import QUOTAS, REQUISITIONS
from zongwu.stores.screens.books import BOOK_PLANS, COUNTS, PACKS, TEXTBOOKS
from zongwu.stores.screens.items import BALANCES, ITEMS
from zongwu.stores.screens.slips import SLIPS

__all__ = ["BALANCES", "BOOK_PLANS", "COUNTS", "ITEMS", "PACKS", "QUOTAS", "REQUISITIONS", "SLIPS", "TEXTBOOKS"]
