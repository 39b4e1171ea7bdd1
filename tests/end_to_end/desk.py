"""The sandbox's page as a tester uses it: a customer's phone, an advisor's phone and the clock."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date, datetime

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotSeen

# A sheet of choices opens at once; after so long it won't.
SHORTLY_MS = 5_000
# A picture of one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Phone:
    """One of the two phones; `side`: customer or advisor. It must be given to somebody before it is used."""

    page: Page
    side: str
    person: str = ""

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id(f"{self.side}-messages").get_by_test_id("message")

    @property
    def heard(self) -> Locator:
        """What the other side wrote, oldest first."""
        return self.page.get_by_test_id(f"{self.side}-messages").locator("[data-testid=message][data-from=them]")

    def said(self, number: int) -> str:
        """What this side wrote as its message with that number (from 0)."""
        own = self.page.get_by_test_id(f"{self.side}-messages").locator("[data-testid=message][data-from=me]")
        return _words(own.nth(number))

    def belongs_to(self, person: str) -> None:
        option = self.page.locator(f'[data-testid=persona-option][data-id="{person}"]')
        button = self.page.get_by_test_id(f"persona-{self.side}")
        button.click()
        # Drawn anew between press and release, the button has heard no click; a person presses again.
        if not _appears(option):
            button.click()
        option.click()
        self.person = person
        self._sees_all("oa" if self.side == "customer" else "wecom")

    def open(self, tab: str) -> None:
        """Another chat of the customer: oa, contact or kf."""
        self.page.get_by_test_id(f"tab-{tab}").click()
        self._sees_all(tab)

    def _sees_all(self, surface: str) -> None:
        """What was said before is drawn; only then can be counted what is new."""
        said = self.page.request.get(f"/control/chats/{surface}/{self.person}").json()["messages"]
        if said:
            expect(self.messages.nth(len(said) - 1)).to_be_attached()

    def says(self, words: str) -> None:
        self.page.get_by_test_id(f"{self.side}-input").fill(words)
        self.page.get_by_test_id(f"{self.side}-send").click()

    def asks(self, words: str) -> str:
        """Says it and reads the next message that comes."""
        before = self.heard.count()
        self.says(words)
        return self.reads(before)

    def taps(self, line: int) -> str:
        """Taps a line (from 0) of the newest list and reads the answer."""
        before = self.heard.count()
        self.heard.filter(has=self.page.get_by_test_id("tap")).last.get_by_test_id("tap").nth(line).click()
        return self.reads(before)

    def reads(self, number: int) -> str:
        """The message with that number (from 0) among those heard, once it has come."""
        expect(self.heard.nth(number)).to_be_visible()
        return _words(self.heard.nth(number))

    def hears(self, words: str) -> None:
        """A message with these words comes, or has come."""
        expect(self.heard.filter(has_text=words).last).to_be_visible()

    def sends_picture(self) -> None:
        self.page.get_by_test_id("plus" if self.side == "customer" else "advisor-plus").click()
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_test_id("photo" if self.side == "customer" else "advisor-photo").click()
        chooser.value.set_files({"name": "ring.png", "mimeType": "image/png", "buffer": PIXEL})

    def sees_picture(self) -> None:
        """The newest picture from the other side is loaded."""
        shown = self.heard.and_(self.page.locator("[data-type=image]")).last.get_by_role("img", name="图片")
        expect(shown).to_have_js_property("naturalWidth", 1)


@dataclass
class Desk:
    """The page with both phones."""

    page: Page
    customer: Phone = field(init=False)
    advisor: Phone = field(init=False)

    def __post_init__(self) -> None:
        self.customer, self.advisor = Phone(self.page, "customer"), Phone(self.page, "advisor")

    def scans(self, code: str) -> None:
        """The customer, who stands before a card that invites to scan, takes the code with these words."""
        self.page.get_by_test_id("scan").click()
        self.page.get_by_test_id("code-option").filter(has_text=code).first.click()

    def now(self) -> datetime:
        """The shop's time, as its clock is served."""
        answer = self.page.request.get("/clock")
        return datetime.fromisoformat(answer.json()["now"])

    def goes_to_member_day(self) -> date:
        """Presses "到 8 号上午 10 点"; the day on which it then is."""
        self.page.get_by_test_id("clock-8th").click()
        expect(self.page.get_by_test_id("clock")).to_contain_text("月8日")
        return self.now().date()

    def goes_to(self, day: date) -> None:
        """Ten in the morning of that day."""
        self.page.get_by_test_id("clock-field").fill(f"{day.isoformat()}T10:00")
        self.page.get_by_test_id("clock-set").click()
        expect(self.page.get_by_test_id("clock")).to_contain_text(f"{day.month}月{day.day}日")


def _appears(what: Locator) -> bool:
    try:
        what.wait_for(timeout=SHORTLY_MS)
    except NotSeen:
        return False
    return True


def _words(message: Locator) -> str:
    """Without the face beside it."""
    return message.locator(".bubble, .paper").first.inner_text().strip()
