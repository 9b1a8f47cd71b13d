"""The register's pages, described."""

from zongwu.assets.screens.cards import ASSETS, DEPRECIATION
from zongwu.assets.screens.disposal import DISPOSALS
from zongwu.assets.screens.handover import HANDOVERS
from zongwu.assets.screens.stocktake import ROOMS, STOCKTAKES

__all__ = ["ASSETS", "DEPRECIATION", "DISPOSALS", "HANDOVERS", "ROOMS", "STOCKTAKES"]
