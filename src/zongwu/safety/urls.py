from django.urls import path

from zongwu.safety import views

urlpatterns = [
    path("hazards/notice.pdf", views.notice, name="notice"),
    path("pack/", views.pack, name="pack"),
]
