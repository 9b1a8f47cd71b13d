"""The register's pages, described."""

from zongwu.assets.screens.cards import ASSETS, DEPRECIATION
from zongwu.assets.screens.disposal import DISPOSALS

__all__ = ["ASSETS", "DEPRECIATION", "DISPOSALS"]
