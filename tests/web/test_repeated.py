"""The threads beside the requests: a fault does not end them, and they end when they are told to."""

import logging

from quiz.web.repeated import Repeated


class Failing(Repeated):
    times = 0

    def once(self):
        self.times += 1
        if self.times == 1:
            raise OSError("the disk is full")
        self.stopped.set()


def test_a_fault_is_logged_and_does_not_end_the_thread(sqlite_app, caplog):
    thread = Failing(sqlite_app, "failing", 0.01)
    with caplog.at_level(logging.ERROR):
        thread.start()
        thread.join(10)
    assert thread.times == 2 and "the thread failing failed" in caplog.text


def test_a_thread_ends_when_it_is_stopped(sqlite_app):
    thread = Repeated(sqlite_app, "idle", 60)
    thread.start()
    thread.stop()
    assert not thread.is_alive()
