from django.urls import path

from zongwu.stores import counter, matrix, views

urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("bookplans/<int:pk>/matrix/", matrix.matrix, name="matrix"),
    path("statement/", views.statement, name="statement"),
    path("statement.pdf", views.statement_paper, name="statement-paper"),
    path("slips/paper.pdf", views.slip_paper, name="slip-paper"),
    path("counts/sheet.pdf", views.count_paper, name="count-paper"),
]
