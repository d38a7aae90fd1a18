"""The real page in a real browser: from a file to a report, without a request to anywhere else."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from assistant.accounts import hashed
from tests.conftest import ROOT, SHARED
from tests.openai_server import says, serving
from tests.page_client import Server
from tests.shop_report import write_orders

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "tests" / "screenshots"
BANK = SHARED / "bank" / "bank_transactions_50k.csv"
SAMPLE = ROOT / "data" / "sample_transactions.csv"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; two busy cores
LAPTOP = (1400, 900)


@dataclass
class Visit:
    """A page in a browser of its own, and every request that it made to elsewhere."""

    page: Page
    home: str
    outside: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def ask(self, question: str) -> None:
        """Type a question, and wait until its answer is complete."""
        asked = self.page.locator("#chat .user-row").count()
        self.page.get_by_role("textbox", name="Your question").fill(question)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#chat .user-row")).to_have_count(asked + 1)
        expect(self.page.locator("#chat .bot-row").last.locator(".act.copy")).to_be_visible()

    def point_at(self, number: Locator) -> None:
        """Point at a number as people do: once more, if the page moved under the pointer."""
        for _ in range(5):
            number.hover()
            try:
                self.page.locator("#source.shown").wait_for(timeout=3_000)
            except PlaywrightTimeoutError:
                self.page.mouse.move(2, 2)
            else:
                return

    def answer(self) -> str:
        return self.page.locator("#chat .bot-row").last.inner_text()

    def shoot(self, name: str) -> None:
        self.page.wait_for_timeout(500)  # charts fade in
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no chromium is installed, so the page was not tried in a browser")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def served(
    command: list[str], port: int, folder: Path, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a program that serves the page; yield its address once it answers."""
    started = time.monotonic()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "ASSISTANT_FOLDER": str(folder),
        "LANG": "C.UTF-8",
        **(settings or {}),
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while True:
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() - started < 60, "the page did not come up"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        print(f"page ready {time.monotonic() - started:.1f} s after the start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def real_page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    port = free_port()
    yield from served([sys.executable, "app.py", "--port", str(port)], port, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def scripted_page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("scripted")
    yield from served([sys.executable, "-m", "tests.scripted_talker", str(port), str(folder)], port, folder)


@pytest.fixture
def modelled_page(tmp_path: Path, browser: Browser) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The page with a key and an address in the environment, and the requests that the model gets."""
    with serving(lambda body: says("There are **30,000 transactions** in the sample.")) as (
        address,
        requests,
    ):
        settings = {
            "OPENAI_API_KEY": "sk-live-4242424242",
            "OPENAI_BASE_URL": address,
            "ASSISTANT_MODEL": "tiny",
            "ASSISTANT_PRICE_SENT": "2",
        }
        port = free_port()
        command = [sys.executable, "app.py", "--port", str(port)]
        for home in served(command, port, tmp_path, settings):
            yield home, requests


def visit(browser: Browser, home: str, size: tuple[int, int] = LAPTOP) -> Visit:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, accept_downloads=True)
    made = Visit(context.new_page(), home)
    context.on("request", made.note)
    made.page.goto(home)
    expect(made.page.get_by_role("button", name="Try the sample")).to_be_visible()
    return made


def with_sample(browser: Browser, home: str, size: tuple[int, int] = LAPTOP) -> Visit:
    made = visit(browser, home, size)
    made.page.get_by_role("button", name="Try the sample").click()
    expect(made.page.locator("#chat .bot-row .act.copy")).to_be_visible()
    return made


def test_from_a_file_to_a_report(browser: Browser, real_page: str, tmp_path: Path) -> None:
    seen = visit(browser, real_page)
    page = seen.page
    expect(page.get_by_text("Built-in analyst")).to_be_visible()
    seen.shoot("1_first_sight")

    page.locator("#drop input[type=file]").set_input_files(BANK if BANK.exists() else SAMPLE)
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible()
    assert re.search(r"\d{2},\d{3}", seen.answer()), "the greeting counts what is in the file"
    assert page.locator("#chat .options button").count() >= 3
    expect(page.locator("#data-panel")).to_contain_text("CustAccountBalance")
    seen.shoot("2_greeting")

    seen.ask("What is the average balance of men and women?")
    assert page.locator("#chat .number.traced").count() >= 2
    bars = page.locator("#chat .bot-row").last.locator("[data-testid=plotly] .trace.bars path")
    expect(bars.first).to_be_visible()
    assert page.locator("#chat .bot-row").last.locator(".result-table td.right").count() >= 2
    seen.shoot("3_answer")
    seen.point_at(page.locator("#chat .bot-row").last.locator(".number.traced").first)
    expect(page.locator("#source.shown")).to_contain_text("aggregate")

    for question in ("top 10 cities by amount", "plot transactions per day"):
        seen.ask(question)
        drawn = page.locator("#chat .bot-row").last.locator("[data-testid=plotly] .main-svg").first
        expect(drawn).to_be_visible()
        seen.shoot("4_" + question.split()[0])

    seen.ask("segment my customers")
    page.get_by_role("tab", name="Segments").click()
    assert page.locator("#segments-panel .card").count() >= 2
    seen.shoot("5_segments")
    edit_by_click(page)
    seen.shoot("5_versions")

    with page.expect_download() as download:
        page.locator("#tools").get_by_role("button", name="Download report").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    assert seen.outside == []
    page.context.close()

    offline = browser.new_context(offline=True, viewport={"width": 1100, "height": 1000})
    read = offline.new_page()
    wanted: list[str] = []
    offline.on("request", lambda request: wanted.append(request.url))
    read.goto(report.as_uri())
    expect(read.get_by_text("What is the average balance of men and women?").first).to_be_visible()
    expect(read.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    read.screenshot(path=SCREENSHOTS / "6_report.png")
    assert [url for url in wanted if not url.startswith(("file:", "data:", "blob:"))] == []
    offline.close()


def edit_by_click(page: Page) -> None:
    """Rename a segment, merge two and go back to the first version, all beside the chat."""
    cards, asked = page.locator("#segments-panel .card"), page.locator("#chat .user-row")
    n_cards, n_asked = cards.count(), asked.count()
    cards.first.get_by_role("button", name="Rename").click()
    page.keyboard.type("Night <owls>")
    page.keyboard.press("Enter")
    expect(cards.first.locator(".name")).to_have_text("Night <owls>")
    expect(asked).to_have_count(n_asked + 1)
    merge = page.get_by_role("button", name="Merge the ticked segments")
    expect(merge).to_be_disabled()
    for place in (0, 1):
        cards.nth(place).get_by_role("checkbox").check()
    merge.click()
    expect(cards).to_have_count(n_cards - 1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith("_segments.xlsx")
    page.get_by_role("tab", name="Versions").click()
    versions = page.locator("#versions-panel ol.versions li")
    expect(versions).to_have_count(3)
    versions.last.get_by_role("button", name="Use this").click()
    expect(versions.last.locator(".tag")).to_have_text("in use")
    page.get_by_role("tab", name="Segments").click()
    expect(cards).to_have_count(n_cards)
    cards.first.get_by_role("button", name="Split").click()
    expect(cards).to_have_count(n_cards + 1)
    page.get_by_role("tab", name="Versions").click()
    page.locator("#versions-panel").get_by_role("button", name="Undo").click()
    expect(page.locator("#chat .bot-row").last).to_contain_text("Undone: split")
    page.get_by_role("tab", name="Segments").click()
    expect(cards).to_have_count(n_cards)
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename.endswith("_segments.json")
    page.get_by_role("tab", name="Versions").click()


def test_with_a_key_the_page_works_and_shows_what_it_sent(
    browser: Browser, modelled_page: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    home, requests = modelled_page
    seen = with_sample(browser, home)
    page = seen.page
    expect(page.get_by_text("sees questions and aggregates, never rows").first).to_be_visible()
    page.get_by_role("tab", name="Sent").click()
    expect(page.locator("#sent-panel")).to_contain_text("Nothing was sent")
    assert requests == [], "reading a file tells a model nothing"

    seen.ask("How many transactions are there?")
    assert "There are 30,000 transactions in the sample." in seen.answer()
    panel = page.locator("#sent-panel")
    expect(panel).to_contain_text("tiny at 127.0.0.1")
    expect(panel).to_contain_text("tokens sent")
    expect(panel).to_contain_text("cost about 0.00")
    panel.locator("summary").first.click()
    seen.shoot("7_sent")
    assert panel.evaluate("it => it.scrollWidth <= it.clientWidth"), "every word can be read"
    shown = " ".join(panel.locator("pre").all_text_contents())
    assert requests, "the model put it into words"
    for body in requests:
        for message in body["messages"]:
            assert " ".join(str(message["content"]).split()) in " ".join(shown.split())
    assert not re.search(r"\bC\d{4,}\b|sk-live", shown), "no customer and no key"

    with page.expect_download() as download:
        page.locator("#tools").get_by_role("button", name="Download report").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    written = report.read_text(encoding="utf-8")
    assert "What was sent to the model" in written and "sk-live" not in written
    assert seen.outside == []
    page.context.close()


def test_chips_and_panel_buttons_ask(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Average balance?")
    page.locator("#chat .options button", has_text="Segment my customers").click()
    page.get_by_role("tab", name="Segments").click()
    expect(page.locator("#segments-panel .card")).to_have_count(3)
    page.locator("#segments-panel .card").nth(1).get_by_role("button", name="Describe").click()
    expect(page.locator("#chat .user-row").last).to_contain_text("Describe segment High balances")
    page.locator("#segments-panel .card").first.get_by_role("button", name="Rename").click()
    box = page.get_by_role("textbox", name="New name of the segment Everyday savers")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(box).to_have_count(0)
    expect(page.locator("#chat .user-row")).to_have_count(3)
    assert seen.outside == []
    page.context.close()


def test_uploaded_cells_and_sources_are_shown_as_text(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    seen.ask("Average balance? <img src=x onerror=alert(2)>")
    expect(page.locator("#chat .user-row").last).to_contain_text("<img src=x onerror=alert(2)>")
    expect(page.locator("#chat .result-table")).to_contain_text("<img src=x onerror=alert(1)>")
    seen.point_at(page.locator("#chat .number.unsupported"))
    expect(page.locator("#source.shown")).to_contain_text("No computation supports")
    page.get_by_text("How this was worked out").last.click()
    expect(page.locator("#chat ol.steps")).to_contain_text("CustGender")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "'" not in download.value.path().read_text("utf-8-sig").splitlines()[1]
    assert alerts == []
    assert seen.outside == []
    page.context.close()


def test_stop_works_at_once_and_nothing_is_lost(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Average balance?")
    page.get_by_role("textbox", name="Your question").fill("something endless")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Computing counts, sums, averages and other statistics").first).to_be_visible()
    page.locator("#composer .stop-button").click()
    expect(page.locator("#composer .submit-button")).to_be_visible()
    expect(page.locator("#chat .bot-row").last).to_contain_text("Stopped")
    expect(page.locator("#chat .bot-row").nth(1)).to_contain_text("Men hold")
    seen.ask("And again?")
    assert "Men hold" in seen.answer()
    page.context.close()


def test_long_work_says_how_far_it_is_and_stops_at_once(browser: Browser, real_page: str) -> None:
    seen = with_sample(browser, real_page)
    page = seen.page
    expect(page.get_by_role("button", name="Download report").first).to_be_hidden()
    page.get_by_role("textbox", name="Your question").fill("segment my customers")
    page.keyboard.press("Enter")
    progress = page.locator("#chat .progress")
    expect(progress).to_contain_text(re.compile(r"\d+ of \d+ done"))
    seen.shoot("18_progress")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#chat .bot-row").last).to_contain_text("Stopped")
    expect(progress).to_have_count(0)
    expect(page.get_by_role("button", name="Download report").first).to_be_hidden()
    seen.ask("how many customers are there?")
    assert re.search(r"[\d,]{3,} customers", seen.answer())
    expect(page.get_by_role("button", name="Download report").first).to_be_visible()
    page.get_by_role("tab", name="Segments").click()
    expect(page.locator("#segments-panel")).to_contain_text("There are no segments yet")
    assert seen.outside == []
    page.context.close()


def with_shop(browser: Browser, home: str, folder: Path) -> tuple[Visit, Path]:
    """Open a chat about a shop in which the customers are in three tiers; return it with a later file."""
    seen = visit(browser, home)
    seen.page.locator("#drop input[type=file]").set_input_files(write_orders(folder / "january.csv"))
    expect(seen.page.locator("#chat .bot-row .act.copy")).to_be_visible()
    seen.ask("segment my customers by value into 3 tiers")
    return seen, write_orders(folder / "march.csv", month=3, customers=120)


def add_file(page: Page, file: Path) -> None:
    """Choose a further file; wait for the question what it is for."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_role("heading", name=f"What shall I do with {file.name}?")).to_be_visible()


def test_a_further_file_asks_what_it_is_for(browser: Browser, real_page: str, tmp_path: Path) -> None:
    seen, later = with_shop(browser, real_page, tmp_path)
    page, asked = seen.page, seen.page.locator("#chat .user-row")
    add_file(page, later)
    seen.shoot("19_further_file")
    page.get_by_role("button", name="Leave it").click()
    expect(page.locator(".offer")).to_have_count(0)
    expect(asked).to_have_count(1)
    add_file(page, later)
    page.get_by_role("button", name="Put its customers into the present segments").click()
    expect(asked).to_have_count(2)
    expect(page.locator("#chat .bot-row").last).to_contain_text("The 120 customers of")
    expect(page.locator("#data-panel")).to_contain_text("january.csv")
    expect(page.locator("#data-panel")).to_contain_text("march.csv")
    expect(page.locator("#segments-panel")).to_contain_text("240 customers")
    page.locator("#chat .act.undo:visible").click()
    expect(asked).to_have_count(1)
    expect(page.locator("#data-panel")).not_to_contain_text("march.csv")

    here = page.url
    drop_on_chat(page, later)
    page.get_by_role("button", name="Ask the same questions again").click()
    expect(page).not_to_have_url(here)
    expect(asked).to_have_text([re.compile("What has changed"), "segment my customers by value into 3 tiers"])
    expect(page.locator("#chat")).to_contain_text("march.csv holds 300 rows; january.csv held 600.")
    expect(asked.first).to_be_in_viewport()
    seen.shoot("20_what_has_changed")
    page.goto(here)
    expect(asked).to_have_text(["segment my customers by value into 3 tiers"])
    page.get_by_role("tab", name="Report").click()
    page.get_by_role("button", name="On the same data").click()
    expect(page.locator("#chat .bot-row").last).to_contain_text("came out as before")
    assert seen.outside == []
    page.context.close()


def drop_on_chat(page: Page, file: Path) -> None:
    """Drop a file onto the running chat, as a hand would from another window."""
    held = page.evaluate_handle(
        """([name, text]) => {
            const held = new DataTransfer();
            held.items.add(new File([text], name, { type: "text/csv" }));
            return held;
        }""",
        [file.name, file.read_text()],
    )
    page.dispatch_event("#chat", "dragover", {"dataTransfer": held})
    expect(page.locator("body.dropping")).to_have_count(1)
    page.dispatch_event("#chat", "drop", {"dataTransfer": held})
    expect(page.locator("body.dropping")).to_have_count(0)
    expect(page.get_by_role("heading", name=f"What shall I do with {file.name}?")).to_be_visible()


def test_reload_restores_the_chat_and_nobody_else_sees_it(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    seen.ask("Average balance?")
    seen.page.reload()
    expect(seen.page.locator("#chat .user-row")).to_have_text(["Average balance?"])
    expect(seen.page.locator("#data-panel")).to_contain_text(SAMPLE.name)
    kept = seen.page.evaluate("JSON.stringify(localStorage)")
    assert "balance" not in kept
    other = visit(browser, scripted_page)
    assert other.page.locator("#chat .user-row").count() == 0
    other.page.goto(seen.page.url)
    expect(other.page.get_by_role("button", name="Try the sample")).to_be_visible()
    assert other.page.locator("#chat .user-row").count() == 0
    assert other.page.locator("a.kept").count() == 0
    other.page.context.close()
    seen.page.context.close()


def test_question_typed_while_an_answer_is_written(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page, box = seen.page, seen.page.get_by_role("textbox", name="Your question")
    box.fill("something endless")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    box.fill("And by city?")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_contain_text("And by city?")
    expect(box).to_have_value("")
    seen.shoot("13_asked_next")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(box).to_have_value("And by city?")
    expect(page.locator("#waiting p")).to_have_count(0)
    box.fill("another slow one, left to end")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user-row")).to_have_count(2)
    box.fill("Average balance?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user-row")).to_have_text(
        ["something endless", "another slow one, left to end", "Average balance?"]
    )
    expect(page.locator("#chat .bot-row").last.locator(".act.copy")).to_be_visible()
    expect(page.locator("#waiting p")).to_have_count(0)
    page.context.close()


def test_undo_and_retry(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Average balance?")
    seen.ask("Second question")
    page.locator("#chat .act.undo:visible").click()
    expect(page.locator("#chat .user-row")).to_have_text(["Average balance?"])
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("Second question")
    page.locator("#chat .act.retry:visible").click()
    expect(page.locator("#chat .bot-row").last).to_contain_text("Men hold")
    expect(page.locator("#chat .user-row")).to_have_count(1)
    seen.ask("A question to be edited")
    page.locator("#chat .user-row").last.hover()
    page.locator("#chat .user-row").last.get_by_role("button", name="Edit").click()
    page.locator("#chat .user-row textarea").fill("Average balance, in other words?")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#chat .user-row")).to_have_text(
        ["Average balance?", "Average balance, in other words?"]
    )
    expect(page.locator("#chat .bot-row").last).to_contain_text("Men hold")
    page.context.close()


def test_unusable_file_is_one_clear_sentence(browser: Browser, scripted_page: str, tmp_path: Path) -> None:
    seen = visit(browser, scripted_page)
    broken = tmp_path / "notes.csv"
    broken.write_bytes(b"")
    seen.page.locator("#drop input[type=file]").set_input_files(broken)
    problem = seen.page.get_by_role("alert").filter(has_text=re.compile(r"\w"))
    expect(problem.first).to_be_visible()
    assert "Traceback" not in seen.page.content()
    seen.shoot("7_unusable_file")
    seen.page.get_by_role("button", name="Try the sample").click()
    expect(seen.page.locator("#chat .bot-row .act.copy")).to_be_visible()
    seen.page.context.close()


def test_phone_width_shows_chat_then_panel(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page, (375, 740))
    page = seen.page
    seen.ask("Average balance?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    expect(page.get_by_role("textbox", name="Your question")).to_be_in_viewport()
    expect(page.locator("#chat [data-testid=plotly] .main-svg").first).to_be_visible()
    seen.shoot("8_phone")
    panel = page.locator("#side").bounding_box()
    assert panel is not None
    assert panel["y"] >= 740 - 1
    for button in page.locator("#tools button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 375, "no button is cut off"
    page.get_by_role("button", name="Side panel").click()
    expect(page.get_by_role("tab", name="Data")).to_be_in_viewport()
    panel = page.locator("#side").bounding_box()
    assert panel is not None
    assert panel["y"] < 100, "the panel begins right below the buttons"
    page.get_by_role("button", name="Side panel").click()
    expect(page.get_by_role("textbox", name="Your question")).to_be_in_viewport()
    page.get_by_role("button", name="Side panel").click()
    page.get_by_role("tab", name="Report").click()
    seen.shoot("9_phone_panel")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_readable_and_every_control_has_a_name(
    browser: Browser, scripted_page: str, theme: str
) -> None:
    look = (ROOT / "tests" / "accessibility.js").read_text()
    seen = visit(browser, scripted_page)
    page = seen.page
    if theme == "dark":
        page.get_by_role("button", name="Light / dark").click()
        page.wait_for_timeout(500)  # colours fade
    looked = {"first sight": page.evaluate(look)}
    page.get_by_role("button", name="Try the sample").click()
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible()
    seen.ask("Average balance?")
    seen.ask("Segment my customers")
    page.get_by_text("How this was worked out").last.click()
    add_file(page, SAMPLE)
    for panel in ("Data", "Segments", "Versions", "Report"):
        page.get_by_role("tab", name=panel).click()
        page.wait_for_timeout(300)  # colours fade
        looked[panel] = page.evaluate(look)
    page.get_by_role("button", name="Chats").click()
    expect(page.locator("#chats li a").first).to_be_visible()
    looked["chats"] = page.evaluate(look)
    assert looked == dict.fromkeys(looked, {"faint": [], "nameless": []})
    page.context.close()


def test_from_a_sample_to_an_answer_by_keyboard_alone(browser: Browser, scripted_page: str) -> None:
    seen = visit(browser, scripted_page)
    page, asked = seen.page, seen.page.locator("#chat .user-row")
    tab_to(page, "Try the sample")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible()
    tab_to(page, "Segment my customers")
    page.keyboard.press("Enter")
    expect(asked).to_have_text(["Segment my customers"])
    expect(page.locator("#chat .bot-row").last.locator(".act.copy")).to_be_visible()
    tab_to(page, "Segments")
    tab_to(page, "Rename")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="New name of the segment Everyday savers")).to_be_focused()
    page.keyboard.type("Steady")
    page.keyboard.press("Enter")
    expect(page.locator("#segments-panel .card .name").first).to_have_text("Steady")
    assert seen.outside == []
    page.context.close()


def tab_to(page: Page, name: str) -> None:
    """Press the tabulator until the control of this name has the focus, and see that it shows it."""
    focused = "document.activeElement"
    for _ in range(120):
        page.keyboard.press("Tab")
        if name == page.evaluate(f"{focused}.getAttribute('aria-label') || {focused}.textContent.trim()"):
            style = page.evaluate(f"getComputedStyle({focused}).outlineStyle")
            assert style == "solid", f"{name} does not show that it has the focus"
            return
    pytest.fail(f"{name} cannot be reached by keyboard")


def test_dark_and_light_and_a_panel_that_folds(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Segment my customers")
    page.get_by_role("tab", name="Segments").click()
    page.get_by_role("button", name="Light / dark").click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    seen.shoot("10_dark")
    page.reload()
    expect(page.locator("#chat .user-row")).to_have_count(1)
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    page.get_by_role("button", name="Side panel").click()
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator("#toggle-side")).to_have_attribute("aria-expanded", "false")
    page.context.close()


def test_everything_that_can_be_used_has_a_name(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    seen.ask("Average balance?")
    nameless = seen.page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea')]
          .filter((item) => item.offsetParent && !item.closest('.modebar, [aria-hidden=true]'))
          .filter((item) => !(item.innerText || item.ariaLabel || item.title || item.labels?.[0]?.innerText
                              || item.placeholder || '').trim())
          .map((item) => item.outerHTML.slice(0, 160))"""
    )
    assert nameless == []
    charts = seen.page.locator("#chat .bot-row").last.locator("[role=img][aria-label^='Chart:']")
    expect(charts).to_have_count(1)
    seen.page.context.close()


def test_past_chats_are_listed_found_reopened_and_deleted(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("First question?")
    first = page.url
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#recent a.kept")).to_have_count(1)
    seen.shoot("11_go_on_with")
    page.get_by_role("button", name="Try the sample").click()
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible()
    seen.ask("Second question?")

    page.get_by_role("button", name="Chats").click()
    listed = page.locator("#chats a.kept .what")
    expect(listed).to_have_text(["Second question?", "First question?"])
    seen.shoot("12_chats")
    page.get_by_role("searchbox", name="Search chats").fill("first")
    expect(listed).to_have_text(["First question?"])
    listed.first.click()
    expect(page.locator("#chat .user-row")).to_have_text(["First question?"])
    assert page.url == first
    expect(page.locator("#chat [data-testid=plotly] .main-svg").first).to_be_visible()
    expect(page.locator("#data-panel")).to_contain_text(SAMPLE.name)

    beside = page.context.new_page()  # another tab is another chat
    beside.goto(scripted_page)
    expect(beside.locator("#recent a.kept")).to_have_count(2)
    beside.close()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Chats").click()
    page.get_by_role("button", name="Delete the chat: First question?").click()
    expect(page.get_by_role("button", name="Try the sample")).to_be_visible()
    expect(page.locator("#recent a.kept .what")).to_have_text(["Second question?"])
    page.goto(first)
    expect(page.get_by_role("button", name="Try the sample")).to_be_visible()
    assert seen.outside == []
    page.context.close()


def test_a_report_in_another_form_and_under_a_link(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Average balance?")
    page.get_by_role("tab", name="Report").click()
    page.get_by_label("Title").fill("For the board")
    page.get_by_label("Your notes").fill("Read this before Monday.")
    page.get_by_label("Form").click()
    page.get_by_role("option", name="Markdown").click()
    with page.expect_download() as download:
        page.locator("#report-panel").get_by_role("button", name="Download report").click()
    text = download.value.path().read_text()
    assert download.value.suggested_filename.endswith(".md")
    assert "For the board" in text
    assert "Read this before Monday." in text

    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Share as a link").click()
    link = page.locator("#shares").get_by_role("link", name="For the board")
    expect(link).to_be_visible()
    assert "without signing in" in asked[0]
    link.scroll_into_view_if_needed()
    seen.shoot("16_shared")
    address = str(link.evaluate("link => link.href"))

    elsewhere = browser.new_context(viewport={"width": 1100, "height": 1000})
    read = elsewhere.new_page()
    read.goto(address)
    expect(read.get_by_text("Read this before Monday.").first).to_be_visible()
    expect(read.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    read.screenshot(path=SCREENSHOTS / "17_read_by_link.png")
    page.get_by_role("button", name="Take back For the board").click()
    expect(link).to_have_count(0)
    read.reload()
    expect(read.get_by_text("no longer shared")).to_be_visible()
    assert seen.outside == []
    elsewhere.close()
    page.context.close()


def test_thumbs_and_chart_downloads(browser: Browser, scripted_page: str) -> None:
    seen = with_sample(browser, scripted_page)
    page = seen.page
    seen.ask("Average balance?")
    up = page.get_by_role("button", name="This was useful")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="This was not useful").click()
    expect(up).to_have_attribute("aria-pressed", "false")
    page.reload()
    down = page.get_by_role("button", name="This was not useful")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#chat [data-testid=plotly] .main-svg").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Chart as PNG").click()
    assert download.value.suggested_filename == "average_balance_by_gender.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as download:
        page.get_by_role("link", name="Chart data as CSV").click()
    assert "Women,98765.4" in download.value.path().read_text("utf-8-sig")
    page.context.close()


def test_a_killed_program_loses_nothing_and_the_page_comes_back(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        killed_while_answering(browser, server)


def killed_while_answering(browser: Browser, server: Server) -> None:
    seen = with_sample(browser, server.home)
    page = seen.page
    seen.ask("average balance by gender")
    page.get_by_role("textbox", name="Your question").fill("segment my customers")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Looking for natural customer segments").first).to_be_visible()
    server.kill()
    server.start()
    expect(page.locator("#chat .bot-row").last).to_contain_text("Retry")
    expect(page.locator("#chat .bot-row", has_text="The program ended while")).to_have_count(1)
    expect(page.locator("#chat .user-row")).to_have_text(
        ["average balance by gender", "segment my customers"]
    )
    seen.shoot("13_after_a_kill")
    page.locator("#chat .act.retry:visible").click()
    expect(page.get_by_text("Looking for natural customer segments").first).to_be_visible()
    expect(page.locator("#chat .bot-row", has_text="The program ended while")).to_have_count(0)
    expect(page.locator("#chat .user-row")).to_have_count(2)
    page.context.close()


def test_signing_in_with_a_wrong_and_the_right_password(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path, ASSISTANT_ACCOUNTS=f"ann:{hashed('correct horse')}") as server:
        sign_in_and_out(browser, server.home)


def sign_in_and_out(browser: Browser, home: str) -> None:
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    page = context.new_page()
    page.goto(home)
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("wrong horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.screenshot(path=SCREENSHOTS / "14_sign_in.png")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try the sample").click()
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible()
    expect(page.locator("#account")).to_contain_text("ann")
    page.screenshot(path=SCREENSHOTS / "15_signed_in.png")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()
