"""The table of items as a workbook. Every cell is text: no formula comes from a manuscript."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from coreqcheck.model import Report
from coreqcheck.report.csv import HEADER, rows
from coreqcheck.report.formats import RenderOptions

_EPOCH = datetime(2000, 1, 1)
_WIDTHS = (30, 8, 28, 18, 9, 70, 30, 30, 60)


def render(reports: Sequence[Report], options: RenderOptions) -> bytes:
    """One sheet with a row for each item and finding."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # The same input gives the same bytes: no time of creation.
    book.set_properties({"created": _EPOCH, "title": "coreqcheck"})
    sheet = book.add_worksheet("Items")
    bold, wrap = (
        book.add_format({"bold": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    line = 1
    for report in reports:
        for row in rows(report, options.quotes):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell[:32_000], wrap)
            line += 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line - 1, 1), len(HEADER) - 1)
    book.close()
    return out.getvalue()
