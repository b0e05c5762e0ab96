"""Normalized keys of tokens: what the model and the word lists see in place of the text, which is never changed.

Hindi writes one word in several ways that look the same: with composed or decomposed nukta, with ZWJ or without, with nukta
and virama in either order, with a visarga typed for a colon. All of them give one key. Keys have no offsets.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import regex

from hindi_entities.lexicon import read_table

_INVISIBLE = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}]")
_SURROGATE = regex.compile(r"\p{Cs}")
_COMPOSED_NUKTA = str.maketrans({"\u0929": "\u0928\u093c", "\u0931": "\u0930\u093c", "\u0934": "\u0933\u093c"})
_MATRA_NUKTA = regex.compile(r"([\u093a\u093b\u093e-\u094c\u0900-\u0902])\u093c")
_REPEATED_NUKTA = regex.compile(r"\u093c{2,}")
_HOMORGANIC = regex.compile(r"[ङञणनम]\u094d(?=[क-ङच-ञट-णत-नप-म])")
_SIGNS = str.maketrans({**dict.fromkeys("–—‐‑−", "-"), **dict.fromkeys("’‘ʼ", "'"), "॰": "."})
_FINAL_SHORT = {"ि": "ी", "ु": "ू"}
MAX_TOKEN = 200  # characters; no name is longer, and the cache stays small
NOTHING = "-"  # the key of a token of which nothing is left; an encoder needs at least one piece a token


def model_key(token: str) -> str:
    """The form of a token that the model reads: NFKC with every nukta decomposed, invisible characters removed.

    Never empty, and free of surrogates. NFKC also puts virama and nukta into canonical order. Of a token of more than
    `MAX_TOKEN` characters only those count.
    """
    return _model_key(token[:MAX_TOKEN])


@lru_cache(maxsize=1 << 16)
def _model_key(token: str) -> str:
    key = _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", token))
    key = unicodedata.normalize("NFKC", key).translate(_COMPOSED_NUKTA)
    key = _REPEATED_NUKTA.sub("\u093c", _MATRA_NUKTA.sub("\u093c\\1", key))
    if key.endswith("\u0903") and key not in _visarga_words():
        key = key.rstrip("\u0903")
    return "".join(key.split()) or NOTHING


def lookup_key(token: str) -> str:
    """A coarser key for word lists: no nukta, one sign for anusvara, chandrabindu and homorganic nasal, long final vowel.

    Dashes are hyphens, quotes straight and the sign of abbreviation a full stop.
    Latin letters are kept in their case: US is a country, us is not.
    """
    return _lookup_key(token[:MAX_TOKEN])


@lru_cache(maxsize=1 << 16)
def _lookup_key(token: str) -> str:
    key = _model_key(token).replace("\u093c", "").translate(_SIGNS) or NOTHING
    key = _HOMORGANIC.sub("\u0902", key).replace("\u0901", "\u0902")
    return key[:-1] + _FINAL_SHORT.get(key[-1], key[-1])


@cache
def _visarga_words() -> frozenset[str]:
    return frozenset(form for (form,) in read_table("visarga.tsv"))
