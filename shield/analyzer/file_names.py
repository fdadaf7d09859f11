"""Prepares file names for a model: words separated by blanks, without extension and digits, of equal length.

A model takes `a.txt` and `f.dat` for persons with an initial, and `Fatima_CV.docx` for a name that includes
the extension; without extensions, `maria` is recognized as a name, and `a` is not.
"""

# ruff: noqa: E501, SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from shield.analyzer.key_names import key_words

_ENDINGS: Final = frozenset(
    """7z aac amr avi bak bat bin bmp bz2 c cfg conf cpp cs css csv dat db diff dmg doc docm docx dwg dxf eml env eps
    epub exe flac gif go gz h heic heif htm html ico ics ini iso java jpeg jpg js json jsonl jsx key kt lock log m4a m4v
    markdown md mkv mov mp3 mp4 mpeg mpg msg msi numbers odp ods odt ogg opus p12 pages parquet patch pcap pdf pem pfx
    php plist png ppt pptx ps1 psd py rar rb rs rst rtf sh sql srt svg tar tex tgz tif tiff tmp toml ts tsv tsx txt vcf
    vtt wav webm webp wma wmv xhtml xls xlsm xlsx xml xsd yaml yml zip""".split()
)
LONGEST_ENDING: Final = 9
"""Code points of the longest ending, with its dot."""
_NAME: Final = re.compile(r"(?P<stem>[^\n/\\<>|:*?\"]{1,200})\.(?P<ending>[A-Za-z0-9]{1,8})")
_PARTED: Final = re.compile(r"[_+.\-\d]")
_WORDS: Final = re.compile(r"[^\W_]+(?:[ _+.\-]+[^\W_]+)*")
_OF_FILES: Final = frozenset("filename file attachment attachments files basename".split())


class FileName(NamedTuple):
    """`text` is read instead of the file name; `single`: it is one word."""

    text: str
    single: bool


def file_name(text: str, keys: Sequence[str]) -> FileName | None:
    """How a file name is read; None where the text is not a file name.

    `keys` are the names around it: a text with blanks is one only where the innermost of them says so.
    """
    match = _NAME.fullmatch(text)
    if match is None or match["ending"].lower() not in _ENDINGS:
        return None
    stem = match["stem"]
    if any(map(str.isspace, stem)) and not _is_of_file(keys):
        return None
    if _WORDS.fullmatch(stem) is None:  # an address, a key
        return None
    stem = _PARTED.sub(" ", stem)
    return FileName(stem + " " * (len(text) - len(stem)), len(stem.split()) <= 1)


def _is_of_file(keys: Sequence[str]) -> bool:
    return bool(keys) and not _OF_FILES.isdisjoint(key_words(keys[-1]))
