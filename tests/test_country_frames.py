"""Every name and every demonym in sentences that say nothing but that it is one, with the model.

Many sentences are one text, a line each: a frame is read once for all forms. No form stands twice in a text, so that the
document's rules cannot help.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from hindi_entities import Pipeline
from hindi_entities.contexts import HOME
from hindi_entities.gazetteer import entries, keys_of, plural_of
from hindi_entities.results import Label

NAME_FRAMES = [
    "{} के राष्ट्रपति ने सोमवार को कहा",
    "पिछले साल {} में आम चुनाव हुए थे",
    "भारत ने {} के साथ व्यापार समझौते पर हस्ताक्षर किए",
]
DEMONYM_FRAMES = ["{} सेना ने हमला किया", "{} राष्ट्रपति ने सोमवार को कहा"]
PLURAL_FRAMES = ["सरकार ने {} को देश छोड़ने के लिए कहा", "विमान में सवार {} की पहचान हो गई"]
LINES = 50  # sentences of a text


def forms(label: Label) -> list[tuple[str, str]]:
    """Each form of the lists and of CLDR with its code."""
    found = [(keys, entry) for keys, entry in entries().items() if entry.label is label and entry.code]
    return [(entry.form, str(entry.code)) for keys, entry in found if keys == keys_of(entry.form)]


def plurals() -> list[tuple[str, str]]:
    """The oblique plurals that are derived from the demonyms of the list, each with its code."""
    derived = [(form, code) for demonym, code in forms(Label.NATIONALITY) if (form := plural_of(demonym)) is not None]
    return [(form, code) for form, code in dict.fromkeys(derived) if entries()[keys_of(form)].code == code]


def failures(pipeline: Pipeline, frame: str, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The forms that do not get their code in a frame."""
    texts = ["\n".join(frame.format(form) + "।" for form, _ in wanted[at : at + LINES]) for at in range(0, len(wanted), LINES)]
    at = 0
    for doc in pipeline.pipe(texts):
        lines = doc.text.split("\n")
        start = 0
        for line in lines:
            form, code = wanted[at]
            begin = start + line.index(form)
            if not any(m.start == begin and m.country == code and m.text == form for m in doc.mentions):
                yield form, code
            start += len(line) + 1
            at += 1


@pytest.mark.parametrize("frame", NAME_FRAMES)
def test_names_of_countries_get_their_code(pipeline: Pipeline, frame: str) -> None:
    names = forms(Label.COUNTRY)
    failed = list(failures(pipeline, frame, names))
    assert len(failed) <= 0.01 * len(names), failed


@pytest.mark.parametrize("frame", DEMONYM_FRAMES)
def test_demonyms_get_their_code(pipeline: Pipeline, frame: str) -> None:
    demonyms = [(form, code) for form, code in forms(Label.NATIONALITY) if code != HOME]  # भारतीय सेना is a name
    failed = list(failures(pipeline, frame, demonyms))
    assert len(failed) <= 0.01 * len(demonyms), failed


@pytest.mark.parametrize("frame", PLURAL_FRAMES)
def test_oblique_plurals_get_their_code(pipeline: Pipeline, frame: str) -> None:
    failed = list(failures(pipeline, frame, plurals()))
    assert len(failed) <= 0.01 * len(plurals()), failed
