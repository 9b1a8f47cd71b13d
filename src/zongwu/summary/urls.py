from django.urls import path

from zongwu.summary import views

urlpatterns = [
    path("reports/<int:pk>/", views.editor, name="reports-detail"),
    path("reports/<int:pk>/section/", views.write, name="section"),
    path("reports/<int:pk>/arrange/", views.arrange, name="arrange"),
    path("reports/<int:pk>/word/", views.word, name="word"),
]
