"""Saves go first: a crowd of pages takes only some of a process's threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

from quiz.web.lanes import Lanes


def test_pages_wait_for_a_place_and_saves_do_not():
    inside, most, go_on = [0], [0], threading.Event()
    lock = threading.Lock()

    def application(environ, _start_response):
        if environ["PATH_INFO"].startswith("/attempts"):
            return [b"saved"]
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        go_on.wait(300)
        with lock:
            inside[0] -= 1
        return [b"page"]

    lanes = Lanes(application, pages_at_once=2)
    with ThreadPoolExecutor(8) as pool:
        pages = [pool.submit(lanes, {"PATH_INFO": "/rounds"}, None) for _ in range(5)]
        while inside[0] < 2:
            threading.Event().wait(0.001)
        assert lanes({"PATH_INFO": "/attempts/7/responses"}, None) == [b"saved"]
        go_on.set()
        assert [page.result(300) for page in pages] == [[b"page"]] * 5
    assert most == [2]


def test_a_page_that_fails_gives_its_place_back():
    def application(environ, _start_response):
        if environ["PATH_INFO"] == "/broken":
            raise ValueError
        return []

    lanes = Lanes(application, pages_at_once=1)
    for _ in range(3):
        try:
            lanes({"PATH_INFO": "/broken"}, None)
        except ValueError:
            continue
    assert lanes({"PATH_INFO": "/"}, None) == []
