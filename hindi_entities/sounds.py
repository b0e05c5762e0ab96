"""Keys by sound: the same name in Latin and in Devanagari letters (Putin, पुतिन) has a key in common.

A key has the consonants in classes that both alphabets tell apart (t for त, थ, ट, ठ and for t, th), whether the name begins
with a vowel, the vowel it ends in, and the first vowel inside as far as English spelling is reliable: i and o are, while a, e
and u are written for each other (Trump, ट्रंप). Names of one or two consonants keep all vowels but a. Where a spelling can be
read in two ways (g of Sergei and of George, the end of Shinde and of Blake) a name has a key for each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from hindi_entities.keys import lookup_key

FEW = 2  # consonants up to which a name keeps its vowels
MAX_WORD = 40  # characters of a word that count

Rules = tuple[tuple[regex.Pattern[str], tuple[str, ...]], ...]


def _rules(*rules: tuple[str, *tuple[str, ...]]) -> Rules:
    return tuple((regex.compile(pattern), forms) for pattern, *forms in rules)  # type: ignore[misc]


# Letters to sounds: consonants are written b c d g h j k l m n p r s t v y, with c for च and D for ड; vowels a e i o u. Of
# Devanagari, A is ा, which may be an English o (कांग्रेस), E is े and ै, and @ the vowel that is not written. A rule with
# several forms gives a reading for each.
_SOUNDS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसहअआइईउऊएऐओऔऑािीुूेैोौॉॅंँः",
        "kkggnccjjnttDDnttddnppbbmyrllvssshaAiiuuEEoooAiiuuEEoooEnn@",
        strict=True,
    )
) | {"ऋ": "ri", "ृ": "ri", "ज्ञ": "gy"}
_LATIN = _rules(
    (r"tch", "ch"),
    (r"ngh$", "nh"),  # Singh, सिंह
    (r"ch", "C", "k"),  # Chopra, Michael
    (r"g(?=[eiy])", "g", "j"),
    (r"ck|q", "k"),
    (r"^x", "s"),
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"e$", "e", ""),  # Shinde, Blake
    (r"c", "k"),
    (r"C", "c"),
    (r"ph|f", "p"),
    (r"w", "v"),
    (r"z", "j"),
    (r"(?<=[bcdgjkpstv])h", ""),
    (r"(?<=[aeiouy])h(?=[bcdgjklmnprstv])", ""),  # Johnson, Nehru
    (r"m(?=[pb])", "n"),
    (r"([bcdgjklmnprstv])\1+", r"\1"),
    (r"(?<=.)y(?=[aeiou])", ""),
    (r"(?<=.)y", "i"),
)
_DEVANAGARI = _rules(
    (r"(?<=[aAEiou@])D(?=[aAEiou@])", "d", "r"),  # ड and ड़, which have one key
    (r"D", "d"),
    (r"h(?=[bcdgjklmnprstv])", ""),
    (r"h@(?=[bcdgjklmnprstv])", "h@", ""),  # राहत, नेहरू
    (r"([bcdgjklmnprstv])\1+", r"\1"),
    (r"(?<=A)y@(?=[bcdgjklmnprstv])", "i", "@"),  # नायर, नायक
    (r"y@$", "@", "a"),  # विजय, भारतीय
    (r"(?<=.)y", ""),
    (r"^yu", "yu", "u"),  # यूसुफ, यूनेस्को
    (r"(?<=[b-df-hj-np-tv-z]{2})@+$", "", "a"),  # मार्क, मिश्र
    (r"@+$", ""),
)
_INHERENT = regex.compile(r"([क-ह])(?![ा-्ृ])")
_VIRAMA = "\u094d"
_VOWELS = regex.compile(r"[aAEeiou@]+")
_FINAL = {"e": "i", "E": "i", "i": "i", "o": "u", "u": "u", "a": "a", "A": "a"}


@lru_cache(maxsize=1 << 14)
def sound_keys(word: str) -> tuple[str, ...]:
    """The keys of a word in Latin or Devanagari letters; none for a word in others or of a single sound."""
    plain = lookup_key(word)[:MAX_WORD]
    if is_latin(plain):
        letters = unicodedata.normalize("NFD", plain.lower())
        readings = _read("".join(letter for letter in letters if "a" <= letter <= "z"), _LATIN)
    else:
        marked = _INHERENT.sub(r"\1@", plain.replace("ज्ञ", "ग्य"))
        readings = _read("".join(_SOUNDS.get(letter, letter) for letter in marked if letter != _VIRAMA), _DEVANAGARI)
    keys = (key for reading in readings if reading.isascii() for key in _keys(reading))
    return tuple(dict.fromkeys(key for key in keys if len(key) > 1))


def is_latin(word: str) -> bool:
    """Whether a word begins with a Latin letter."""
    return word[:1].isascii() and word[:1].isalpha()


def _read(word: str, rules: Rules) -> Iterable[str]:
    readings = {word: None}
    for pattern, forms in rules:
        readings = {pattern.sub(form, reading): None for reading in readings for form in forms}
    return readings


def _keys(sounds: str) -> Iterator[str]:
    consonants = _VOWELS.sub("", sounds)
    final = _FINAL.get(sounds[-1:], "")
    if len(consonants) <= FEW:
        inner = "".join(_FINAL.get(sound, sound) for sound in sounds if sound not in "aA@")
        initial = "a" if sounds[:1] in ("a", "A") else ""
        yield initial + regex.sub(r"(.)\1+", r"\1", inner) + ("a" if final == "a" else "")
        return
    run = _VOWELS.search(sounds)
    for first in _first_vowels(run[0].replace("@", "") if run else ""):
        yield f"{'+' if _VOWELS.match(sounds) else ''}{consonants}:{first}:{final}"


def _first_vowels(run: str) -> tuple[str, ...]:
    """The classes of the first vowels of a name: i, o, or - for the others."""
    if run.startswith("i") or run == "ee":
        return ("i",)
    if run.startswith("Ai"):  # बाइडन, साइना
        return ("i", "-")
    if run == "A":
        return ("-", "o")
    if run in ("e", "ea"):  # Ramesh, Peter
        return ("-", "i")
    if run == "eo":
        return ("-", "o")
    return ("o",) if run == "au" or (run.startswith("o") and run != "oo") else ("-",)
