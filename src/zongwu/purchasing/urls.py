from django.urls import path

from zongwu.purchasing import views

urlpatterns = [
    path("purchases/request.pdf", views.request_paper, name="request-paper"),
    path("purchases/quotes.pdf", views.quotes_paper, name="quotes-paper"),
    path("orders/paper.pdf", views.order_paper, name="order-paper"),
    path("deliveries/paper.pdf", views.delivery_paper, name="delivery-paper"),
]
