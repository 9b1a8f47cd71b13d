"""The register's pages, described."""

from zongwu.assets.screens.cards import ASSETS, DEPRECIATION
from zongwu.assets.screens.custody import AGREEMENTS, CHECKS, FINDINGS
from zongwu.assets.screens.damage import DAMAGES, PRICES
from zongwu.assets.screens.disposal import DISPOSALS
from zongwu.assets.screens.handover import HANDOVERS
from zongwu.assets.screens.reconciliation import MISMATCHES, RECONCILIATIONS
from zongwu.assets.screens.request import REQUESTS
from zongwu.assets.screens.rollout import PLACEMENTS, ROLLOUTS
from zongwu.assets.screens.stocktake import ROOMS, STOCKTAKES

__all__ = [
    "AGREEMENTS", "ASSETS", "CHECKS", "DAMAGES", "DEPRECIATION", "DISPOSALS", "FINDINGS", "HANDOVERS", "MISMATCHES", "PLACEMENTS", "PRICES", "RECONCILIATIONS", "REQUESTS", "ROLLOUTS", "ROOMS",
    "STOCKTAKES",
]  # fmt: skip
