"""Takes the pictures of the README from the running page: `python -m tests.pictures`."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.page_client import Server
from tests.test_browser import BROWSERS, FLAGS

PICTURES = ROOT / "pictures"
SAMPLE = ROOT / "data" / "sample_transactions.csv"
LARGEST = 300_000  # bytes
PATIENCE = 120_000  # milliseconds
QUESTIONS = ("top 5 cities by amount", "segment my customers")
PANELS = ("Data", "Segments", "Versions", "Report")


def take(folder: Path) -> None:
    """Take every picture anew."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("No chromium is installed, so there are no pictures.")
    server = Server(folder)
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            _page(browser, server.home, folder)
            browser.close()
    finally:
        server.stop()


def _page(browser: Browser, home: str, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    page.set_default_timeout(PATIENCE)
    page.goto(home)
    page.locator("#sample").wait_for()
    _keep(page, "start")
    page.locator("#drop input[type=file]").set_input_files(SAMPLE)
    expect(page.locator("#chat .bot-row .act.copy")).to_be_visible(timeout=PATIENCE)
    _keep(page, "greeting")
    for place, question in enumerate(QUESTIONS, start=1):
        page.get_by_role("textbox", name="Your question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator("#chat .user-row")).to_have_count(place, timeout=PATIENCE)
        expect(page.locator("#chat .bot-row").last.locator(".act.copy")).to_be_visible(timeout=PATIENCE)
    _open(page, "Segments")
    page.locator("#chat .user-row").last.evaluate("row => row.scrollIntoView({block: 'start'})")
    _keep(page, "page")
    for name in PANELS:
        _open(page, name)
        _keep(page.locator("#side"), name.lower())
    with page.expect_download(timeout=PATIENCE) as download:
        page.locator("#tools").get_by_role("button", name="Download report").click()
    file = folder / "report.html"
    download.value.save_as(file)
    report = browser.new_page(viewport={"width": 1000, "height": 1300})
    report.goto(file.as_uri())
    _keep(report, "sent")
    report.locator(".cards").scroll_into_view_if_needed()
    _keep(report, "sent_segments")


def _open(page: Page, name: str) -> None:
    """Open a panel, also where its tab has no room and stands in the menu beside the others."""
    tab = page.locator("#panels").get_by_role("tab", name=name)
    if not tab.is_visible():
        page.locator("#panels .overflow-menu > button").click()
        tab = page.locator("#panels .overflow-dropdown").get_by_text(name, exact=True)
    tab.click()
    page.wait_for_timeout(500)


def _keep(seen: Page | Locator, name: str) -> None:
    """Save a picture with as many colours as fit into a small file."""
    (seen if isinstance(seen, Page) else seen.page).wait_for_timeout(1500)  # charts fade in
    with Image.open(io.BytesIO(seen.screenshot())) as shot:
        for colours in (256, 128, 64, 32):
            out = io.BytesIO()
            shot.convert("RGB").quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                out, "PNG", optimize=True
            )
            if out.tell() < LARGEST:
                break
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(out.getvalue())
    print(f"{name}.png: {out.tell() / 1000:.0f} KB", file=sys.stderr)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        take(Path(temporary))
