"""The HTML report as PDF, by WeasyPrint: for files and courts that want paper."""

from __future__ import annotations

import io
import logging
from typing import BinaryIO

from verify.errors import MissingEngineError, VerifyError
from verify.report.data import Report
from verify.report.html import write_html

__all__ = ["write_pdf"]


def write_pdf(report: Report, stream: BinaryIO) -> None:
    """Write the report as PDF/A-3b; the whole report is held in memory meanwhile, so this suits cases, not nights.

    Args:
        report: what to write.
        stream: opened for bytes.

    Raises:
        MissingEngineError: WeasyPrint is not installed.
        VerifyError: a batch-wide finding names an item that is not in the run.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: its library pango is missing
        raise MissingEngineError(
            f"PDF needs WeasyPrint and the library pango: pip install 'verify-toolkit[pdf]' ({error})"
        ) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of each rule of style that is for screens
    text = io.StringIO()
    write_html(report, text)
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=text.getvalue(), url_fetcher=fetcher)
    data = document.write_pdf(pdf_variant="pdf/a-3b")
    if not data:
        raise VerifyError("the PDF came out empty")
    stream.write(data)
