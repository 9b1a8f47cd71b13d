from django.urls import path

from zongwu.repairs import worker

urlpatterns = [path("work/", worker.work, name="work")]
