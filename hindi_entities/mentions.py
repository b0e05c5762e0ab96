"""From labelled spans of tokens to the mentions of a text: offsets, and honorifics beside a name and not inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from hindi_entities.corpora import Span
from hindi_entities.countries import Found
from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Label, Mention
from hindi_entities.segmentation import Token


def make_mentions(text: str, number: int, tokens: Sequence[Token], found: Iterable[Found]) -> Iterator[Mention]:
    """The mentions of the sentence with this number."""
    for one in found:
        start, end = tokens[one.span.start].start, tokens[one.span.end - 1].end
        yield Mention(
            text=text[start:end],
            label=Label(one.span.label),
            start=start,
            end=end,
            sentence=number,
            score=min(1.0, max(0.0, round(one.score, 4))),
            country=one.country,
            source=one.source,
            rule=one.rule,
            honorific=_honorific_of(one, tokens, text),
        )


def without_honorifics(one: Found, tokens: Sequence[Token]) -> Found:
    """A person without the honorifics that the tagger put inside; as it is where no name would be left (मुफ्ती alone)."""
    start, end, label = one.span
    if label != Label.PERSON:
        return one
    while start < end and _is_honorific(tokens, start, "before"):
        start += 2 if start + 1 < end and tokens[start + 1].text == "." else 1
    while end > start and _is_honorific(tokens, end - 1, "after"):
        end -= 1
    return one._replace(span=Span(start, end, label)) if start < end else one


def _honorific_of(one: Found, tokens: Sequence[Token], text: str) -> str | None:
    """The honorifics on both sides of a person's name as they are written: डॉ., जी, or श्री … जी."""
    if one.span.label != Label.PERSON:
        return None
    parts = []
    at = one.span.start - 1
    if at > 0 and tokens[at].text == ".":
        at -= 1
    if at >= 0 and _is_honorific(tokens, at, "before"):
        parts.append(text[tokens[at].start : tokens[one.span.start - 1].end])
    if one.span.end < len(tokens) and _is_honorific(tokens, one.span.end, "after"):
        parts.append(tokens[one.span.end].text)
    return " … ".join(parts) or None


def _is_honorific(tokens: Sequence[Token], at: int, place: str) -> bool:
    """Whether the token is a title of respect that stands there; जी of जी-20 is none."""
    if lookup_key(tokens[at].text) not in _honorifics(place):
        return False
    return not (place == "after" and at + 1 < len(tokens) and tokens[at + 1].text == "-")


@cache
def _honorifics(place: str) -> frozenset[str]:
    return frozenset(lookup_key(form) for form, where in read_table("honorifics.tsv") if where == place)
