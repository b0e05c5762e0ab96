"""Keys of names: what stays of a mention's text when its spelling is set aside.

A name is a tuple of words. A word that is spelled in several ways has one key (नरेन्द्र, नरेंद्र; ज़ेलेंस्की, जेलेंस्की; पूतिन, पुतिन). A letter,
by its name in Hindi or in Latin script, is the letter with a full stop (पी. चिदंबरम: `P.`, `चिदंबरम`), and an acronym nothing but
letters, however it is written (एनसीपी, एन.सी.पी., NCP: `N.`, `C.`, `P.`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product

import regex

from hindi_entities.gazetteer import country, demonym_at
from hindi_entities.keys import lookup_key
from hindi_entities.lexicon import read_table
from hindi_entities.results import Label
from hindi_entities.segmentation import tokenize
from hindi_entities.sounds import is_latin

Name = tuple[str, ...]

LONG = 3  # letters of a word from which the length of i and u and the openness of e and o tell no names apart
VERY_LONG = 4  # letters from which the length of an inner a does not either
MAX_LETTERS = 8  # letters of an acronym
MAX_INITIALS = 3  # capitals in a row that stand for given names: MS Dhoni, but not AMIT Shah
MAX_LATIN = 4  # capitals in a row, in a name with other words, that are letters: IIIT Delhi, but not GOOGLE India

_LETTER = regex.compile(r"[अ-ह]")
_SHORT = str.maketrans("ीूईऊ", "िुइउ")
_CLOSE = str.maketrans("ैौॉॅऐऔऑ", "ेोोेएओओ")
_NASAL = regex.compile(r"[ञणन]्(?=[शषस])")
_GLIDE = regex.compile(r"ाय(?=[क-ह])")
_LAST_E = regex.compile(r"(?<=[क-हअ-औ])े(?=[क-ह]$)")
_INNER_LONG_A = regex.compile(r"(?<=[अ-ह].*[क-ह])ा(?=.*[अ-ह])")
_CAPITALS = regex.compile(rf"[A-Z]{{2,{MAX_LETTERS}}}")
_SYLLABLE = regex.compile(r"(?:([क-ह])((?:्[क-ह])*)|[अ-औ])([ा-ौृ]?)(\u0902?)")


def spelling_key(word: str) -> str:
    """The key of a word of a name: coarser than `lookup_key`, the more so the longer the word is; Latin in lower case.

    In words of `LONG` letters i and u have no length (सुनील, सुनिल), e and o are not open or closed (मैक्रों, मेक्रों), and न् before a
    sibilant is an anusvara; in those of `VERY_LONG` a after the first syllable has no length (डॉनल्ड, डोनाल्ड), and बाइडन, बायडन,
    बाइडेन are one. A ा at the end counts: विमल is not विमला.
    """
    key = lookup_key(word)
    if is_latin(key):
        return key.casefold()
    letters = len(_LETTER.findall(key))
    if letters >= LONG:
        key = _NASAL.sub("\u0902", key.translate(_SHORT).translate(_CLOSE))
    if letters >= VERY_LONG:
        key = _INNER_LONG_A.sub("", _LAST_E.sub("", _GLIDE.sub("ाइ", key)))
    return key


def read_name(text: str, label: Label) -> Name:
    """The key of a mention, never empty."""
    return _read_name(text, label)


@lru_cache(maxsize=1 << 16)
def _read_name(text: str, label: Label) -> Name:
    tokens = [token.text for token in tokenize(text) if token.text[0].isalnum()]
    if label in (Label.TIME, Label.NUMBER):
        return tuple(map(lookup_key, tokens)) or (lookup_key(text),)
    letters = _read_acronym(tokens)
    if letters:
        return letters
    if label is Label.PERSON:
        return tuple(_with_initials(tokens)) or (lookup_key(text),)
    words = [token for token in tokens if spelling_key(token) not in _joining_words()]
    return tuple(_with_letters(words or tokens)) or (lookup_key(text),)


def _read_acronym(tokens: Sequence[str]) -> Name:
    """The letters of एनसीपी, NCP or एन.सी.पी., with the number of जी-20; empty for what is none."""
    if len(tokens) == 1:
        letters = letters_of(tokens[0])
        return tuple(f"{letter}." for letter in letters) if len(letters) > 1 else ()
    parts = [_decimal(token) or letters_of(token) for token in tokens]
    if any(not part or (len(part) > 1 and not part.isdecimal()) for part in parts) or all(map(str.isdecimal, parts)):
        return ()
    return tuple(part if part.isdecimal() else f"{part}." for part in parts)


def _decimal(token: str) -> str:
    """A number in the digits 0 to 9; empty for what is none."""
    return "".join(str(unicodedata.decimal(digit)) for digit in token) if token.isdecimal() else ""


def _with_letters(tokens: Sequence[str]) -> Iterator[str]:
    """The words of a name; letters in it one by one, as in आईआईटी दिल्ली and IIT दिल्ली."""
    for token in tokens:
        letters = letters_of(token) if len(tokens) > 1 else ""
        if letters and not (is_latin(token) and len(letters) > MAX_LATIN):
            yield from (f"{letter}." for letter in letters)
        else:
            yield spelling_key(token)


def _with_initials(tokens: Sequence[str]) -> Iterator[str]:
    """The words of a person's name; letters before its last word are initials, one by one."""
    shouted = tokens and _CAPITALS.fullmatch(tokens[-1])
    for at, token in enumerate(tokens):
        letters = letters_of(token) if at < len(tokens) - 1 else ""
        if letters and not (is_latin(token) and (shouted or len(letters) > MAX_INITIALS)):
            yield from (f"{letter}." for letter in letters)
        else:
            yield spelling_key(token)


def letters_of(word: str) -> str:
    """The Latin letters that a word spells: एनसीपी and NCP are NCP, पी is P; empty for a word that spells none."""
    if is_latin(word):
        return word if _CAPITALS.fullmatch(word) else word.upper() if len(word) == 1 else ""
    match = _letter_names().fullmatch(_letter_form(word))
    return "".join(_letters_by_form()[name] for name in match.captures(1)) if match else ""


def is_initial(word: str) -> bool:
    """Whether a word of a `Name` is a letter."""
    return word[-1] == "." and len(word) > 1


def is_acronym(name: Name) -> bool:
    """Whether a name is of two or more letters and numbers only."""
    return len(name) > 1 and is_initial(name[0]) and all(is_initial(word) or word.isdecimal() for word in name)


@lru_cache(maxsize=1 << 14)
def first_letters(word: str) -> frozenset[str]:
    """The letters that an acronym may have for a word of a `Name`: K and C for कांग्रेस."""
    if is_initial(word) or is_latin(word):
        return frozenset(word[0].upper())
    start, beginnings = _letter_form(word[:3]), _beginnings()
    return frozenset(letter for width in (1, 2, 3) for letter in beginnings.get(start[:width], ()))


def spellings(name: Name, text: str) -> Iterator[tuple[frozenset[str], ...]]:
    """The letters that each word of a name may have in its acronym, in the acronym's order; `text` is a mention of the name.

    A demonym in front may be English (I for भारतीय) and may stand last: भारतीय रिज़र्व बैंक is the Reserve Bank of India.
    """
    own = tuple(map(first_letters, name))
    yield own
    demonym = demonym_at([lookup_key(token.text) for token in tokenize(text)], 0)
    if demonym is not None and demonym[1] is not None and demonym[0] < len(name):
        english = frozenset(country(demonym[1]).name_en[0])
        yield (english, *own[demonym[0] :])
        yield (*own[demonym[0] :], english)


def spelled(options: Sequence[Collection[str]], prefixes: Collection[str]) -> set[str]:
    """The strings of one letter of each of the options, in order, among those whose every beginning is in `prefixes`."""
    done = {""}
    for letters in options:
        done = {start + letter for start in done for letter in letters if start + letter in prefixes}
    return done


def syllable_acronyms(name: Name) -> set[str]:
    """The words made of the first syllables of a name of two or more words: भाजपा of भारतीय जनता पार्टी.

    Of all words or of none a syllable has its anusvara (राकांपा) and its whole conjunct (द्रमुक).
    """
    first = [_SYLLABLE.match(word) for word in name]
    if len(name) < 2 or not all(first):
        return set()
    parts = [match.groups("") if match[1] else (match[0][:1], "", match[3], match[4]) for match in first if match]
    return {
        spelling_key("".join(head + tail * conjunct + vowel + nasal * nasals for head, tail, vowel, nasal in parts))
        for conjunct, nasals in product((0, 1), repeat=2)
    }


def syllable_letters(word: str) -> tuple[frozenset[str], ...]:
    """The letters that each syllable of a word begins with in English: B, J, P for भाजपा; none for a Latin word."""
    matches = [] if is_latin(word) else list(_SYLLABLE.finditer(word))
    return tuple(first_letters(match[0]) for match in matches) if "".join(match[0] for match in matches) == word else ()


def _letter_form(word: str) -> str:
    return lookup_key(word).replace("ि", "ी").replace("ु", "ू").replace("ऐ", "ए")


@cache
def _letters_by_form() -> Mapping[str, str]:
    return {_letter_form(form): letter for letter, kind, form in read_table("letter_names.tsv") if kind == "name"}


@cache
def _letter_names() -> regex.Pattern[str]:
    forms = sorted(_letters_by_form(), key=len, reverse=True)
    return regex.compile(f"(?:({'|'.join(forms)})){{1,{MAX_LETTERS}}}")


@cache
def _beginnings() -> Mapping[str, frozenset[str]]:
    result: dict[str, set[str]] = {}
    for letter, kind, form in read_table("letter_names.tsv"):
        if kind == "initial":
            result.setdefault(_letter_form(form), set()).add(letter)
    return {form: frozenset(letters) for form, letters in result.items()}


@cache
def _joining_words() -> frozenset[str]:
    return frozenset(spelling_key(form) for (form,) in read_table("joining_words.tsv"))
