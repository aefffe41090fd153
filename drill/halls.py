"""A commune hall: shared devices that join by a code, people who sit down at them by short codes, and minutes given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drill import desk
from drill.browser import Browser, Refused, expect
from drill.contestant import Card, Contestant, Habits, World
from drill.crowd import Sitting
from drill.pages import Page

IN_TURN = 3  # people who sit down at one device one after another
PACE = 20  # seconds a paper takes at a hall, where others wait


@dataclass(frozen=True, slots=True)
class Hall:
    """An open hall: the code by which devices join, and the short code of everybody by name and cell."""

    code: str
    short_codes: dict[tuple[str, str], str]


def open_hall(proctor: Browser, place: str) -> tuple[Hall, int]:
    """Open a hall for the only round there is; return it and the number of the round."""
    page = expect(proctor.get("/desk/halls"))
    address = page.link("/halls/new")
    form = expect(proctor.get(address)).form("Tên hội trường")
    form.fill("Tên hội trường", place)
    page = desk.send(proctor, form)
    code = page.root.find("p", class_="hall-big")[0].text().replace(" ", "")
    page = expect(proctor.get(page.link("Mã ngắn của thí sinh")))
    return Hall(code, {(name, cell): short for name, cell, short in page.rows()}), desk.number_in(
        address.removesuffix("/halls/new")
    )


def join(world: World, hall: Hall) -> Browser:
    """Return a shared device that has joined a hall."""
    device = Browser(world.port, world.meter)
    form = expect(device.get("/hall")).form("Mã hội trường")
    form.fill("Mã hội trường", hall.code.lower())
    expect(device.submit(form), saying=["Nhập mã ngắn"])
    return device


class AtHall(Contestant):
    """Somebody who sits down at a shared device by a short code, and makes room when done."""

    def __init__(
        self, card: Card, habits: Habits, world: World, seed: str, device: Browser, short_code: str
    ) -> None:
        super().__init__(card, habits, world, seed)
        self.browser = device
        self._short_code = short_code

    def sign_in(self) -> Page:
        """Type the short code at the device, say that it is the right one, and return the page of the own rounds."""
        form = expect(self.browser.get("/hall", "sign in")).form("Mã ngắn")
        form.fill("Mã ngắn", self._short_code)
        page = expect(self.browser.submit(form, kind="sign in", again=True))
        if self.card.name not in page.root.text():
            raise Refused(f"not {self.card.name}: {page.said()}")
        page = self.browser.get(page.link("Đúng, vào thi"), "sign in")
        return expect(page, saying=["Bài thi của tôi"])

    def sit(self, round_id: int, opens_at: int) -> None:
        """Sit the round and leave the device to the next one."""
        super().sit(round_id, opens_at)
        page = self.browser.get(f"/attempts/{self._open.attempt}/receipt")
        expect(self.browser.submit(page.form("/hall/leave"), again=True), saying=["Nhập mã ngắn"])


def queues_at(
    hall: Hall, round_id: int, people: Iterable[Contestant], world: World, seed: str
) -> list[Sequence[Sitting]]:
    """Return a queue for each device: its people one after another; nobody there breaks off or never hands in."""
    everybody = list(people)
    devices = [join(world, hall) for _ in range(-(-len(everybody) // IN_TURN))]
    queues: list[list[Sitting]] = [[] for _ in devices]
    for number, one in enumerate(everybody):
        place = number % len(devices)
        habits = replace(one.habits, pace=min(PACE, one.habits.pace), device_dies=False, hands_in=True)
        code = hall.short_codes[one.card.name, one.card.cell]
        sitter = AtHall(one.card, habits, world, f"{seed}:{one.card.code}", devices[place], code)
        queues[place].append((sitter, round_id))
    return list(queues)


def give_minutes(proctor: Browser, round_id: int, minutes: int, reason: str) -> None:
    """Give the unit of a round minutes while its clocks run; a second press of the same form gives nothing more."""
    page = desk.reach(proctor, f"/desk/rounds/{round_id}/minutes", "unit=")
    form = page.form("Số phút cho thêm")
    form.fill("Số phút cho thêm", str(minutes))
    form.fill("Lý do", reason)
    for _ in range(2):
        proctor.submit(form, again=True)
    expect(proctor.get(f"/desk/rounds/{round_id}/minutes"), saying=[reason])
