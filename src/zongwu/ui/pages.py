"""The addresses of described screens: `/<school>/<area>/<name>/…`, each served by one plain view function."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from zongwu.ui import bulk, details, doing, exporting, keeping, lists
from zongwu.ui import screens as described
from zongwu.ui.screens import Screens

FRAME = ("kernel", "ui", "site")
"""Not domains: they have no addresses of the form `/<school>/<area>/`."""


def urls_of(screens: Screens) -> list[URLPattern]:
    """Everything that can be asked of one list and its rows."""
    name, base = screens.name, f"{screens.name}/"
    return [
        path(base, lists.list_view(screens), name=name),
        path(f"{base}export/", exporting.export_view(screens), name=f"{name}-export"),
        path(f"{base}views/", keeping.save_view(screens), name=f"{name}-save-view"),
        path(f"{base}views/<int:pk>/remove/", keeping.remove_view(screens), name=f"{name}-remove-view"),
        path(f"{base}columns/", keeping.choose_columns(screens), name=f"{name}-columns"),
        path(f"{base}new/<slug:verb>/", doing.new_view(screens), name=f"{name}-new"),
        path(f"{base}bulk/<slug:verb>/", bulk.bulk_view(screens), name=f"{name}-bulk"),
        path(f"{base}<int:pk>/", details.detail_view(screens), name=f"{name}-detail"),
        path(f"{base}<int:pk>/do/<slug:verb>/", doing.do_view(screens), name=f"{name}-do"),
    ]


def area_urls() -> list[URLResolver]:
    """Every domain under its own name: its hand-written addresses (`<area>/urls.py`), then those of its screens."""
    found = []
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith("zongwu.")]
    for area in dict.fromkeys([*labels, *(screens.area for screens in described.SCREENS.values())]):
        own = f"zongwu.{area}.urls"
        mine: list[Any] = (
            list(import_module(own).urlpatterns) if area in labels and area not in FRAME and find_spec(own) else []
        )
        mine += [one for screens in described.SCREENS.values() if screens.area == area for one in urls_of(screens)]
        if mine:
            found.append(path(f"<slug:school>/{area}/", include((mine, area))))
    return found
