"""Every address of the installation. Inside a school they begin with its code; the middleware takes it out."""

from django.urls import include, path

from zongwu.repairs import plates
from zongwu.safety import plates as hazard_plates
from zongwu.ui import (
    answers,
    api_door,
    boxes,
    files,
    home,
    importing,
    pages,
    public,
    records,
    route_editor,
    scan,
    seek,
    todo,
    work,
)

urlpatterns = [
    path("", public.schools, name="schools"),
    path("sw.js", scan.worker, name="service-worker"),
    path("look/", public.look, name="look"),
    # Accounts are made by invitation only, and so are new passwords: what else allauth offers is closed.
    *(path(f"accounts/{closed}", answers.not_found) for closed in ("email/", "password/reset/", "password/set/")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("p", public.enter, name="enter"),
    path("p/", public.enter),
    path("p/join/<str:token>/", public.join, name="join"),
    path("p/hazard/<str:token>/", hazard_plates.progress, name="hazard-progress"),
    path("p/<slug:code>/hazard/", hazard_plates.report, name="hazard-report"),
    path("p/repair/<str:token>/", plates.progress, name="repair-progress"),
    path("p/<slug:code>/repair/", plates.report, name="repair-report"),
    path("p/<slug:code>", public.label, name="label"),
    path("api/", api_door.door, {"rest": ""}),
    path("api/<path:rest>", api_door.door, name="api"),
    path("<slug:school>/", home.home, name="home"),
    path("<slug:school>/todo/", todo.todo, name="todo"),
    path("<slug:school>/todo/badge/", todo.badge, name="todo-badge"),
    path("<slug:school>/todo/together/", boxes.together, name="todo-together"),
    path("<slug:school>/copies/<int:pk>/read/", boxes.read, name="copy-read"),
    path("<slug:school>/approvals/routes/<int:pk>/revise/", route_editor.revise, name="route-revise"),
    path("<slug:school>/approvals/routes/add/<str:matter>/", route_editor.add, name="route-add"),
    path("<slug:school>/notices/", todo.notices, name="notices"),
    path("<slug:school>/search/", seek.seek, name="search"),
    path("<slug:school>/more/", work.more, name="more"),
    path("<slug:school>/jobs/<int:pk>/", work.job_page, name="job"),
    path("<slug:school>/figures/<str:key>/", records.figure_page, name="figure"),
    path("<slug:school>/files/", files.upload, name="files"),
    path("<slug:school>/files/<int:pk>/", files.download, name="file"),
    path("<slug:school>/files/<int:pk>/remove/", files.remove, name="file-remove"),
    path("<slug:school>/import/", importing.past, name="imports"),
    path("<slug:school>/import/<slug:kind>/", importing.begin, name="import"),
    path("<slug:school>/import/<slug:kind>/template.xlsx", importing.blank, name="import-template"),
    path("<slug:school>/imports/<int:pk>/", importing.preview, name="import-preview"),
    path("<slug:school>/imports/<int:pk>/errors.xlsx", importing.refused_rows, name="import-errors"),
    path("<slug:school>/imports/<int:pk>/settle/", importing.settle, name="import-settle"),
    path("<slug:school>/imports/<int:pk>/columns/", importing.columns, name="import-columns"),
    path("<slug:school>/imports/<int:pk>/apply/", importing.apply, name="import-apply"),
    path("<slug:school>/imports/<int:pk>/undo/", importing.undo, name="import-undo"),
    *pages.area_urls(),
]

handler400 = answers.bad_request
handler403 = answers.permission_denied
handler404 = answers.not_found
handler500 = answers.server_error
