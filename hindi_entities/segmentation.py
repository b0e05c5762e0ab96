"""Sentences and tokens of any string, with offsets into it.

Tokens come from indic-nlp-library, one whitespace-separated chunk at a time: inside a chunk its pieces, put together,
are the chunk again, so offsets follow from construction and are never searched for. What it leaves on the words (quotes,
dashes and currency signs beyond ASCII, a Latin word typed on to a Hindi one) is split off here.

Sentences end at । ? ! and at line ends, and at a full stop where the text uses it as one. The rules for the full stop are
small functions over a token's neighbours; abbreviations come from `data/abbreviations.tsv`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import regex
from indicnlp.tokenize.indic_tokenize import trivial_tokenize

from hindi_entities.graphemes import grapheme_borders
from hindi_entities.lexicon import read_table


class Token(NamedTuple):
    """A token: `text` stands at `start:end` (half-open, code points) of the caller's string."""

    text: str
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence: a non-empty tuple of tokens and the span from the first to the last of them."""

    start: int
    end: int
    tokens: tuple[Token, ...]


_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# What separates tokens: white space, controls, and the invisible characters that are grapheme breaks of their own.
_CHUNK = regex.compile(r"[^\s\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_CUT = regex.compile(
    r"(?<=[\p{P}\p{S}])|(?=[\p{P}\p{S}])|(?<=[A-Za-z])(?=[\u0904-\u0939\u0958-\u0961])|(?<=\p{Devanagari})(?=[A-Za-z])",
    regex.V1,
)
_NUMBER = regex.compile(r"\p{Nd}+(?:[,.:/]\p{Nd}+)*")  # 12/05/2024, 3.5, 1,00,000 and 10:30 are tokens
_CLOSING = frozenset("\"'”’»)]}")
_STOPS = frozenset("।॥?!")
# Where only these occur, and marks follow letters, a token border is always a grapheme border.
_EXOTIC = regex.compile(
    r"[^\t\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u0900-\u097f\u200c\u200d\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]"
    r"|(?<![\p{L}\p{M}\u200c\u200d])[\p{M}\u200c\u200d]"
)
_MAX_CREDIT = 6  # tokens between the brackets of an agency credit such as (भाषा) or (एपी)


def segment(text: str) -> list[Sentence]:
    """The sentences of a string with their tokens, in order; text between tokens is white space or control characters.

    Every border of a token is a border of a grapheme (`\\X`) of the text. Any string is accepted, lone surrogates too.
    """
    borders = grapheme_borders(text) if _EXOTIC.search(text) else None
    sentences = []
    for line in _LINE.finditer(text):
        tokens = [token for chunk in _CHUNK.finditer(text, *line.span()) for token in _split_chunk(chunk[0], chunk.start())]
        if borders is not None:
            tokens = _snap(text, tokens, borders)
        sentences += [Sentence(part[0].start, part[-1].end, tuple(part)) for part in _split_line(tokens)]
    return sentences


def tokenize(text: str) -> list[Token]:
    """The tokens of a string that is one sentence."""
    return [token for sentence in segment(text) for token in sentence.tokens]


def _split_chunk(chunk: str, at: int) -> Iterator[Token]:
    for part in _parts(chunk):
        yield Token(part, at, at + len(part))
        at += len(part)


def _parts(chunk: str) -> Iterator[str]:
    """The tokens of a chunk without white space; put together they are the chunk."""
    done = 0
    for number in _NUMBER.finditer(chunk):
        yield from _words(chunk[done : number.start()])
        yield number[0]
        done = number.end()
    yield from _words(chunk[done:])


def _words(chunk: str) -> Iterator[str]:
    if chunk:
        for piece in trivial_tokenize(chunk, lang="hi"):
            yield from filter(None, _CUT.split(piece))


def _snap(text: str, tokens: Sequence[Token], borders: Sequence[int]) -> list[Token]:
    """Widen tokens to grapheme borders and join those that then overlap."""
    spans: list[tuple[int, int]] = []
    for _, start, end in tokens:
        start = borders[bisect_right(borders, start) - 1]
        end = borders[bisect_left(borders, end)]
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return [Token(text[start:end], start, end) for start, end in spans]


def _split_line(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    begin, at = 0, 0
    while at < len(tokens):
        if _ends_sentence(tokens, begin, at):
            after = _skip_credit(tokens, _skip_closing(tokens, at + 1))
            yield list(tokens[begin:after])
            begin = at = after
        else:
            at += 1
    if begin < len(tokens):
        yield list(tokens[begin:])


def _skip_closing(tokens: Sequence[Token], at: int) -> int:
    """Past further stops and past closing quotes and brackets, which stand close and are not the opening of the next word."""
    while at < len(tokens):
        close = _glued(tokens, at - 1)
        if tokens[at].text in _STOPS or (close and tokens[at].text in _CLOSING and not _opens_word(tokens, at)):
            at += 1
        else:
            break
    return at


def _skip_credit(tokens: Sequence[Token], at: int) -> int:
    """Past an agency credit in brackets that ends the line: it belongs to the sentence before it."""
    width = len(tokens) - at
    if 3 <= width <= _MAX_CREDIT + 2 and tokens[at].text == "(" and tokens[-1].text == ")":
        return len(tokens)
    return at


def _ends_sentence(tokens: Sequence[Token], begin: int, at: int) -> bool:
    text = tokens[at].text
    if text == ".":
        return _is_full_stop(tokens, begin, at)
    if text in _STOPS:
        return text in "।॥" or not _inside_address(tokens, at)
    if text == "|":  # typed for a danda
        return at > begin and _is_hindi(tokens[at - 1].text) and (not _glued(tokens, at) or _is_hindi(tokens[at + 1].text))
    return False


def _is_full_stop(tokens: Sequence[Token], begin: int, at: int) -> bool:
    if at == begin or _in_dots(tokens, at):
        return False
    before = tokens[at - 1].text
    if not _glued(tokens, at - 1):  # a stop set off by a space is never part of an abbreviation
        return not _glued(tokens, at)
    if _NUMBER.fullmatch(before):  # "1. रूस" numbers a list; "1947. अगले साल" ends a sentence
        return at - 1 > begin and not _glued_latin(tokens, at)
    if _is_abbreviation(before) or _in_dotted_chain(tokens, begin, at):
        return False
    return not _glued_latin(tokens, at) or _is_hindi(before)


def _in_dots(tokens: Sequence[Token], at: int) -> bool:
    """Whether the stop is one of several in a row, which mark a pause."""
    return (_glued(tokens, at) and tokens[at + 1].text == ".") or (_glued(tokens, at - 1) and tokens[at - 1].text == ".")


def _in_dotted_chain(tokens: Sequence[Token], begin: int, at: int) -> bool:
    """Whether the word before the stop follows a stop itself, with no space: बी.एड. की, एम.फिल. में."""
    return at - 2 > begin and tokens[at - 2].text == "." and _glued(tokens, at - 2) and not _is_long_word(tokens[at - 1].text)


def _inside_address(tokens: Sequence[Token], at: int) -> bool:
    """Whether ? or ! stands inside an address such as https://a.b/c?d=1."""
    return at > 0 and _glued(tokens, at - 1) and _glued_latin(tokens, at) and not _is_hindi(tokens[at - 1].text)


def _is_long_word(text: str) -> bool:
    return len(text) > 4


def _is_abbreviation(text: str) -> bool:
    return (len(text) == 1 and text.isalpha()) or text.casefold() in _abbreviations()


def _glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether a next token follows with nothing between."""
    return 0 <= at < len(tokens) - 1 and tokens[at].end == tokens[at + 1].start


def _glued_latin(tokens: Sequence[Token], at: int) -> bool:
    return _glued(tokens, at) and tokens[at + 1].text[0].isascii() and tokens[at + 1].text[0].isalnum()


def _opens_word(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text in "\"'" and _glued(tokens, at) and tokens[at + 1].text[0].isalnum()


def _is_hindi(text: str) -> bool:
    return "\u0900" <= text[-1] <= "\u0963" or "\u0970" < text[-1] <= "\u097f"


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(form.casefold() for form, _ in read_table("abbreviations.tsv"))
