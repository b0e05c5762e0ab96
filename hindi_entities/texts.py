"""What may be a text, and what is said where something is none."""

from __future__ import annotations

from typing import Any


def check_text(text: Any) -> None:
    """Raise TypeError for anything but a string."""
    if not isinstance(text, str):
        raise TypeError(f"a text is a str, not {type(text).__name__}: {text!r:.80}")


def check_characters(text: str) -> None:
    """Raise ValueError for a lone surrogate, which can be read but not written."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ValueError(f"a lone surrogate, U+{code:04X}, stands at {error.start}: it is no character") from None


def say_not_utf8(error: UnicodeDecodeError) -> str:
    """Which byte is not UTF-8, and where."""
    return f"not UTF-8: byte {error.object[error.start]:#04x} at offset {error.start}"
