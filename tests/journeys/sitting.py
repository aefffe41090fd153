"""What everybody who sits in front of the question page does. Each act ends when the page shows what came of it.

A click does not wait for what it leads to, and a page that can be seen may not have its script yet: a tap before the
script is there is nobody's. So nothing here is done, or read, before its sign can be seen.
"""

from playwright.sync_api import Page, expect


def ready(page: Page) -> Page:
    """Wait until the question page works: its script shows the buttons between the questions when it is."""
    expect(page.locator("[data-steps]")).to_be_visible()
    return loaded(page)


def loaded(page: Page) -> Page:
    """Wait until the page on the screen has its style sheets and scripts; call it once something of it is seen."""
    page.wait_for_load_state("load")
    return page


def begin(page: Page) -> Page:
    """Start the round and wait for the first question."""
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("Câu 1 trên 30", exact=True)).to_be_visible()
    return ready(page)


def go_on(page: Page) -> Page:
    """Go on with the paper that was begun, from the own rounds."""
    page.get_by_role("link", name="Tiếp tục làm bài").click()
    return ready(page)


def choose(page: Page, place: int = 0) -> None:
    """Tap the option at that place of the question on the screen."""
    page.locator("article.question:visible label.choice").nth(place).click()


def next_question(page: Page) -> None:
    """Go to the next question and wait until the one before is away."""
    before = page.locator("article.question:visible").get_attribute("id")
    page.get_by_role("button", name="Câu sau").click()
    expect(page.locator(f"#{before}")).to_be_hidden()


def look_over(page: Page) -> None:
    """Go from the questions to the list of what is answered."""
    page.get_by_role("button", name="Xem lại và nộp bài", exact=True).click()
    expect(page.get_by_text("Bạn đã trả lời ")).to_be_visible()
    expect(page.locator("[data-paper]")).to_be_hidden()


def hand_in(page: Page) -> None:
    """Look the paper over, hand it in and wait for the receipt."""
    look_over(page)
    page.get_by_role("button", name="Nộp bài", exact=True).locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
