"""What is no table."""

from __future__ import annotations

import gzip

from tests.nasty.archives import archive
from tests.nasty.making import BASE, NastyFile, text_of

PROSE = """Terms of use

The data are given as they are, without any promise, and whoever uses them does so at their own risk.
You may copy them, change them, and hand them on, provided that the source is named in a suitable place.
In no case are the authors liable for a loss, whatever its cause, that comes from using the data.
These terms end, without further notice, when they are broken, and all copies have to be deleted then.
"""


def refused() -> list[NastyFile]:
    """What is no table."""
    page = b"<html><head></head><body><table><tr><td>1</td></tr></table></body></html>"
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )
    return [
        NastyFile("empty.csv", b"", refused="is empty"),
        NastyFile("blank.csv", b"\n \n\t\n", refused="is empty"),
        NastyFile("header_only.csv", b"a,b,c\n", refused="no rows"),
        NastyFile("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, refused="a PNG picture"),
        NastyFile("noise.csv", bytes(range(256)) * 100, refused="no text"),
        NastyFile("page.xls", page, refused="a web page"),
        NastyFile("spaced_page.xls", b"\r\n  <HTML>" + page, refused="a web page"),
        NastyFile("xml.xls", b'<?xml version="1.0"?><Workbook></Workbook>', refused="an XML document"),
        NastyFile("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), refused="old Excel"),
        NastyFile("locked.xlsx", locked, refused="password"),
        NastyFile("broken.xlsx", b"PK\x03\x04broken", refused="damaged"),
        NastyFile("broken.csv.gz", b"\x1f\x8bbroken", refused="damaged"),
        NastyFile("cut.csv.gz", gzip.compress(text_of(BASE).encode() * 400)[:-600], refused="damaged"),
        NastyFile("paper.csv", b"%PDF-1.4 x", refused="a PDF"),
        NastyFile("letter.txt", b"Dear reader,\nthis is a letter.\nIt has, some commas, in it.\nBye", refused="without a table"),
        NastyFile("prose.txt", PROSE.encode(), refused="without a table"),
        NastyFile("mail.txt", b"Hello\n", refused="no rows"),
    ]  # fmt: skip


def strangers() -> list[NastyFile]:
    """Other things that people drop."""
    calc = archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>"))
    binary = archive(("xl/workbook.bin", b"\x00" * 40), ("[Content_Types].xml", b"<x/>"))
    return [
        NastyFile("sheet.ods", calc, refused="Office document"),
        NastyFile("binary.xlsb", binary, refused="Excel"),
        NastyFile("settings.yaml", b"name: shop\nversion: 3\nitems:\n  - a\n  - b\n", refused="settings"),
        NastyFile("mail.eml", b"From: a@example.com\nTo: b@example.com\nSubject: Orders\n\nHere they are.\nBest\n", refused="an e-mail"),
        NastyFile("picture.csv.gz", gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), refused="PNG"),
        NastyFile("sound.csv", b"ID3\x03\x00" + bytes(range(256)) * 40, refused="not a table"),
        NastyFile("header_and_blank.csv", b"a,b,c\n,,\n ,,\n", refused="no rows"),
        NastyFile("one_number.csv", b"42\n", [{"column_1": [42]}]),
        NastyFile("only_nul.csv", b"\x00" * 4000, refused="empty"),
        NastyFile("page.csv", b"\xef\xbb\xbf<!DOCTYPE html><html><body>Sign in</body></html>", refused="a web page"),
    ]  # fmt: skip
