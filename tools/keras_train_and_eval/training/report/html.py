"""Build an HTML page that needs no other file: headings, paragraphs, tables and images.

All styles are attributes. A Galaxy server that sanitizes HTML removes them together with the images, and keeps plain
tables and the description of each image.
"""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

BODY_STYLE = "font-family: sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; line-height: 1.4"
CELL_STYLE = "padding: 0.2em 0.7em; border-bottom: 1px solid #ccc; text-align: {}; vertical-align: top"
TABLE_STYLE = "border-collapse: collapse; margin: 0.5em 0 1.2em; font-size: 0.95em"
HEADING_STYLE = "border-bottom: 2px solid #888; margin-top: 1.6em; page-break-after: avoid"
ROW_STYLE = "page-break-inside: avoid"
FIGURE_STYLE = "display: inline-block; margin: 0.5em 1% 0.5em 0; page-break-inside: avoid; max-width: {}"


@dataclass(frozen=True)
class ReportImage:
    """An image and its description for pages that cannot show it. Two images that are not wide share a row."""

    svg: bytes
    description: str
    is_wide: bool = False


def choose_images(groups: Sequence[Sequence[ReportImage]], room: int) -> list[list[ReportImage]]:
    """Choose the images that fit on a page: the first one of each group, then the second ones, and so on.

    Parameters
    ----------
    room
        Bytes that the images may take on the page.
    """
    chosen: list[list[ReportImage]] = [[] for _ in groups]
    for place in range(max(map(len, groups), default=0)):
        for group, kept in zip(groups, chosen, strict=True):
            # Base64 writes three bytes as four characters.
            if place < len(group) and len(group[place].svg) * 4 / 3 <= room:
                room -= math.ceil(len(group[place].svg) * 4 / 3)
                kept.append(group[place])
    return chosen


def make_page(title: str, sections: Sequence[str]) -> str:
    """Return a complete HTML document."""
    return "\n".join(
        [
            # A Galaxy server that does not render HTML shows this line first.
            "<!-- Do you see code? Download this file and open it in a browser. -->",
            "<!DOCTYPE html>",
            f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>',
            f'<body style="{BODY_STYLE}">',
            f"<h1>{escape(title)}</h1>",
            *sections,
            "</body></html>\n",
        ]
    )


def make_section(title: str, *parts: str) -> str:
    """Return a heading with the parts below it."""
    return "\n".join([f'<h2 style="{HEADING_STYLE}">{escape(title)}</h2>', *parts])


def make_paragraph(text: str) -> str:
    """Return plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def make_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table. Numbers are right-aligned and have four significant digits."""
    lines = [f'<table style="{TABLE_STYLE}">', "<thead><tr>"]
    is_number = [bool(rows) and isinstance(rows[0][i], int | float) for i in range(len(header))]
    styles = [CELL_STYLE.format("right" if right else "left") for right in is_number]
    lines += [f'<th style="{style}">{escape(title)}</th>' for style, title in zip(styles, header, strict=True)]
    lines.append("</tr></thead><tbody>")
    for row in rows:
        cells = (f'<td style="{style}">{escape(_write(value))}</td>' for style, value in zip(styles, row, strict=True))
        lines.append(f'<tr style="{ROW_STYLE}">{"".join(cells)}</tr>')
    lines.append("</tbody></table>")
    return "\n".join(lines)


def make_figure(image: ReportImage) -> str:
    """Return an image element that contains its data."""
    data = base64.b64encode(image.svg).decode("ascii")
    style = FIGURE_STYLE.format("100%" if image.is_wide else "48%")
    return (
        f'<img style="{style}" src="data:image/svg+xml;base64,{data}" '
        f'alt="{escape(image.description)}" title="{escape(image.description)}">'
    )


def _write(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
