from django.urls import path

from zongwu.safety import field, views

urlpatterns = [
    path("field/", field.mine, name="mine"),
    path("hazards/notice.pdf", views.notice, name="notice"),
    path("pack/", views.pack, name="pack"),
]
