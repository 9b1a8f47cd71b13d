from django.urls import path

from zongwu.stores import counter, views

urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("statement/", views.statement, name="statement"),
    path("statement.pdf", views.statement_paper, name="statement-paper"),
    path("slips/paper.pdf", views.slip_paper, name="slip-paper"),
]
