from django.urls import path

from zongwu.repairs import board, worker

urlpatterns = [path("board/", board.board, name="board"), path("field/work/", worker.work, name="work")]
