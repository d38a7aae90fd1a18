"""Knows how the page looks: teal and slate, the system's own fonts, nothing fetched."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

FOLDER = Path(__file__).parent
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "DejaVu Sans Mono", "monospace")


def theme() -> gr.themes.Base:
    """Return Gradio's soft theme in this product's colours."""
    return gr.themes.Soft(
        primary_hue="teal",
        secondary_hue="slate",
        neutral_hue="slate",
        radius_size="md",
        font=FONTS,
        font_mono=MONO,
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_shadow="none",
        block_border_width="0px",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
    )


def css() -> str:
    """Return the page's own style sheet."""
    sheets = ("style.css", "remembered.css")
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in sheets)


def head() -> str:
    """Return the page's own scripts, ready for the document's head."""
    script = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("page.js", "remembered.js"))
    return f'<meta name="referrer" content="no-referrer"><script>{script}</script>'


def login_page(problem: str) -> str:
    """Return the page where people sign in.

    Args:
        problem: What was wrong with the last try, as HTML, or empty.
    """
    page = (FOLDER / "login.html").read_text(encoding="utf-8")
    told = f'<p class="problem" role="alert">{problem}</p>' if problem else ""
    return page.replace("<!-- problem -->", told)
