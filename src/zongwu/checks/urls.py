from django.urls import path

from zongwu.checks import field, prints

urlpatterns = [
    path("field/", field.today, name="today"),
    path("field/<slug:by>/<int:pk>/<int:point>/", field.look, name="look"),
    path("points/plates.pdf", prints.plates, name="plates"),
]
