"""The course of a run: make the data, start the servers, warm up, go round, then let many write at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from flask import Flask

from bench import data, editions, prepared
from bench.figures import SIZES, ranking
from bench.plain import PaperItem
from bench.prepared import Browsers
from bench.servers import BenchServer
from bench.viewers import Board, Visits, visit
from bench.windows import ATTEMPTS, SAVES, SESSIONS, SUBMITTED, TRIES, Step, Window, beside, look, measure
from quiz import clock, create_app
from quiz.database import reads_only
from quiz.extensions import db
from quiz.services.results import PAGE
from quiz.settings import Environment, Settings

GROUPS = ("save", "viewers", "start", "sign-in", "submit", "ranking", "writers")
WORKERS = 2
MANY = 4
WARM_UP = 1  # seconds of every step before the first round
WARM_SAVES = 5  # each process first meets each attempt once; a contestant saves thirty times or more
PREPARED_SAVES = 12_000
STARTS, PLAIN_STARTS, SUBMITS = 700, 200, 500  # requests a second that may be used up at most
PAIRS = 3  # windows of a save with hello beside them, for each round
WRITERS_WANT = 10_000  # saves to see for each number of workers
WRITERS_PATIENCE = 20  # seconds for them


class Course:
    """One run of the bench; `steps` and `writers` hold what it saw, `failed` how many requests failed."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        groups: Sequence[str],
        rounds: int,
        seconds: int,
        say: Callable[[str], None],
    ) -> None:
        self.steps: dict[str, Step] = {}
        self.writers: dict[int, list[Window]] = {}
        self.board: Board | None = None
        self.visits = Visits()
        self.saves_beside_hello: list[tuple[Window, Window]] = []
        self._groups, self._rounds, self._seconds, self._say = groups, rounds, seconds, say
        self._server = BenchServer(folder, database_url, WORKERS, "bench.naive:app")
        self._many = BenchServer(folder, database_url, MANY, "bench.naive:app")
        self._hello = BenchServer(folder, "", WORKERS, "bench.hello:app", "bench/gunicorn_hello.py")
        self._settings = Settings(environment=Environment.DEMO, data_dir=folder, database_url=database_url)

    @property
    def failed(self) -> int:
        """Return how many of the product's own requests failed, in any window."""
        ours = [window for step in self.steps.values() if "plain" not in step.name for window in step.windows]
        ours += [save for save, _ in self.saves_beside_hello]
        looks = self.board.failed if self.board else 0
        return (
            looks
            + self.visits.failed
            + sum(window.failed for window in ours + [one for seen in self.writers.values() for one in seen])
        )

    def run(self) -> None:
        """Do all of it; everything started is stopped again."""
        self._say("making the data …")
        self._server.command("db", "upgrade")
        app = create_app(self._settings)
        with app.app_context():
            saves = self._prepare(app)
            reads_only.set(True)
            try:
                self._measure_steps()
                if "save" in self._groups:
                    self._say("a save and hello, in turns")
                    self.saves_beside_hello = beside(
                        self.steps["save"],
                        self.steps["hello"],
                        PAIRS * self._rounds,
                        self._seconds,
                        self._say,
                    )
                if self.board is not None:
                    self._say("viewers come and go")
                    self.visits = visit(self.steps["save"], self.board, 2 * self._rounds, self._say)
                if saves and "writers" in self._groups:
                    self._let_many_write(saves)
            except BaseException:
                self._say(self._server.tail())
                raise
            finally:
                for server in (self._server, self._hello, self._many):
                    server.stop()
                db.session.remove()
                db.engine.dispose()

    # --- data ---------------------------------------------------------------------------------------------------

    def _prepare(self, app: Flask) -> list[bytes]:
        """Make the data and the steps of the chosen groups; return the saves."""
        house = data.build(clock.now())
        browsers = Browsers(app, house.contestants)
        saves: list[bytes] = []
        self._add("hello", self._hello, [prepared.HELLO])
        if {"save", "viewers", "writers"} & set(self._groups):
            saves = self._add_saves(house, browsers)
        if "start" in self._groups:
            self._add_starts(house, browsers)
        if "sign-in" in self._groups:
            self._add_sign_ins(house, browsers)
        if "submit" in self._groups:
            self._add_submits(house, browsers)
        if "ranking" in self._groups:
            self._add_rankings(house, browsers)
        db.session.commit()
        db.session.remove()
        self._tidy()
        return saves

    def _add(self, name: str, server: BenchServer, requests: Iterable[bytes], *proof: object) -> None:
        self.steps[name] = Step(name, server, requests, *proof)  # type: ignore[arg-type]  # proof differs by step

    def _add_saves(self, house: data.House, browsers: Browsers) -> list[bytes]:
        house = data.with_own_stage(house)  # so that a duty board shows nobody else
        sitting = data.add_rounds(house, "sitting", 1)
        data.add_attempts(house, sitting)
        attempts = data.attempts_at(sitting)
        saves = list(prepared.saves(browsers, attempts, PREPARED_SAVES))
        if {"save", "viewers"} & set(self._groups):
            self._add("save", self._server, saves, SAVES)
        if "viewers" in self._groups:
            self._add_viewers(house, browsers, sitting[0])
        if "save" in self._groups:
            plain = prepared.saves(browsers, attempts, PREPARED_SAVES, plain=True)
            self._add("save, plain", self._server, list(plain), SAVES)
        return saves

    def _add_viewers(self, house: data.House, browsers: Browsers, round_id: int) -> None:
        """Let ten people of the board look on: half at the stage, half at those who have not begun."""
        addresses = [f"/desk/stages/{house.stage.id}/monitor/part", f"/desk/rounds/{round_id}/monitor/part"]
        self.board = Board(self._server.port, browsers.staff_cookie(data.staff_token(house)), addresses)

    def _add_starts(self, house: data.House, browsers: Browsers) -> None:
        PaperItem.__table__.create(db.session.connection())  # type: ignore[attr-defined]  # it is a table
        for name, prefix, rate in (("start", "", STARTS), ("start, plain", "/plain", PLAIN_STARTS)):
            round_ids = data.add_rounds(house, name, self._rounds_for(rate))
            requests = prepared.starts(browsers, house.contestants, round_ids, prefix)
            self._add(name, self._server, list(requests), ATTEMPTS, rate)

    def _add_sign_ins(self, house: data.House, browsers: Browsers) -> None:
        for name, requests in (
            ("sign in by QR", prepared.sign_ins_by_link(browsers, house.contestants)),
            ("sign in by PIN", prepared.sign_ins_by_pin(browsers, house.contestants)),
        ):
            self._add(name, self._server, list(requests), SESSIONS)

    def _add_submits(self, house: data.House, browsers: Browsers) -> None:
        round_ids = data.add_rounds(house, "submit", self._rounds_for(SUBMITS))
        data.add_attempts(house, round_ids)
        data.answer_all(house, round_ids)
        requests = prepared.submits(browsers, data.attempts_at(round_ids))
        self._add("submit", self._server, list(requests), SUBMITTED, SUBMITS)

    def _add_rankings(self, house: data.House, browsers: Browsers) -> None:
        for size, edition_id in editions.publish(house, SIZES).items():
            self._add(ranking(size), self._server, list(prepared.pages(browsers, edition_id, size, PAGE)))

    def _rounds_for(self, per_second: int) -> int:
        """Return the rounds whose contestants last for every window, some of them tried again."""
        seconds = WARM_UP + self._seconds * (self._rounds + TRIES)
        return -(-per_second * seconds // data.PEOPLE)

    def _tidy(self) -> None:
        """Leave the database as one in use is left: its log empty, its statistics made."""
        statement = "PRAGMA wal_checkpoint(TRUNCATE)" if db.engine.dialect.name == "sqlite" else "ANALYZE"
        connection = db.engine.raw_connection()
        connection.cursor().execute(statement)
        connection.commit()
        connection.close()

    # --- windows ------------------------------------------------------------------------------------------------

    def _measure_steps(self) -> None:
        self._hello.start()
        self._server.start()
        self._say("warming up …")
        for step in self.steps.values():
            look(step, WARM_SAVES if step.name == "save" else WARM_UP)
        for number in range(self._rounds):
            self._say(f"round {number + 1} of {self._rounds}")
            for step in self._order(number):
                measure(step, self._seconds, self._say)

    def _order(self, number: int) -> Iterator[Step]:
        """Yield hello first, and the others forwards in one round and backwards in the next."""
        hello, *others = self.steps.values()
        yield hello
        yield from reversed(others) if number % 2 else others

    def _let_many_write(self, saves: list[bytes]) -> None:
        seen = self.steps["save"].windows if "save" in self.steps else []
        self.writers[WORKERS] = self._write(self._server, saves, list(seen))
        self._server.stop()
        self._many.start()
        self.writers[MANY] = self._write(self._many, saves, [])

    def _write(self, server: BenchServer, saves: list[bytes], seen: list[Window]) -> list[Window]:
        """Return windows of 64 writers until enough saves were seen, those seen before included."""
        step = Step(f"writers {len(server.cpu())}", server, saves, SAVES)
        look(step, WARM_UP)
        spent = 0
        while sum(window.load.accepted for window in seen) < WRITERS_WANT and spent < WRITERS_PATIENCE:
            seen.append(look(step, 5))
            spent += 5
        return seen
