from django.urls import path

from zongwu.assets import count_pages, room_pages, views

urlpatterns = [
    path("labels/", views.labels, name="labels"),
    path("room-labels/", views.room_labels, name="room-labels"),
    path("categories/", views.categories, name="categories"),
    path("count/<int:pk>/", count_pages.scan_room, name="count-room"),
    path("count/<int:pk>/list.json", count_pages.room_list, name="count-list"),
    path("stocktakes/<int:pk>/differences/", count_pages.differences, name="count-differences"),
    path("stocktakes/<int:pk>/export.xlsx", count_pages.export, name="count-export"),
    path("stocktakes/sheet.pdf", count_pages.sheet, name="count-sheet"),
    path("field/room/<int:pk>/", room_pages.room, name="room"),
    path("agreements/paper.pdf", views.agreement_paper, name="agreement-paper"),
    path("handovers/slip.pdf", views.handover_slip, name="handover-slip"),
    path("disposals/form.pdf", views.disposal_form, name="disposal-form"),
]
