"""Grapheme borders: where a text may be cut without taking a matra, a joiner or half a flag from its character."""

from __future__ import annotations

import regex

# Pairs of regional indicators (flags) come first: for each of them `\X` counts the whole run before it, which takes
# quadratic time.
_GRAPHEME = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X")


def grapheme_borders(text: str) -> list[int]:
    """The offsets at which an extended grapheme cluster (Unicode UAX 29) begins, and the text's length, in order."""
    return [match.start() for match in _GRAPHEME.finditer(text)] + [len(text)]
