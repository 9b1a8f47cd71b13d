from django.urls import path

from zongwu.assets import views

urlpatterns = [
    path("labels/", views.labels, name="labels"),
    path("categories/", views.categories, name="categories"),
    path("disposals/form.pdf", views.disposal_form, name="disposal-form"),
]
