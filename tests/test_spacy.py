"""The component in spaCy: found by its name, on texts that spaCy cuts elsewhere, through streams, processes and files."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from hindi_entities import Document, Label
from hindi_entities.integrations.spacy import HindiEntities, register_extensions
from tests.test_packaging import python

KREMLIN = "रूस के राष्ट्रपति व्लादिमीर पुतिन ने मॉस्को में चेताया।पुतिन जल्द ही भारत आएंगे।"
TRAPS = [
    KREMLIN,
    "",
    "  \n\t ",
    "भारत-पाकिस्तान सीमा पर तनाव, भारत–चीन वार्ता और ‘भारत’—‘चीन’ मैच।",
    "श्री नरेंद्र मोदी जी🙂दिल्ली में।\n\nराहुल गांधी, बोले: 'हाँ'",
    "2024में राष्ट्रपति पुतिन(71)भारत आए।",
    "भारत_पाकिस्तान मैच के बाद राष्ट्रपति “पुतिन”ने कहा",
    "#भारत पर @narendramodi ने 👨‍👩‍👧 लिखा: अमेरिका’—‘US' ने फ़्रांस को चुना।",
]


def make(**config: Any) -> Language:
    nlp = spacy.blank("hi")
    nlp.add_pipe("hindi_entities", config=config)
    return nlp


def component(nlp: Language) -> HindiEntities:
    return cast("HindiEntities", nlp.get_pipe("hindi_entities"))


def shown(doc: Doc) -> list[tuple[str, str]]:
    return [(ent.text, ent.label_) for ent in doc.ents]


def everything(doc: Doc) -> list[Any]:
    """All that the component writes into a doc."""
    fields = ("score", "country", "honorific", "entity", "hindi_entities", "expanded")
    spans = [*doc.ents, *doc.spans["hindi_entities"]]
    return [doc._.hindi_entities, *((s.start, s.end, s.label_, s.id_, *(s._.get(name) for name in fields)) for s in spans)]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return make()


def test_spacy_finds_it_by_name_and_loads_nothing_before_it_is_used() -> None:
    code = f"""
import spacy, sys
nlp = spacy.blank("hi")
assert "hindi_entities.results" not in sys.modules
nlp.add_pipe("hindi_entities")
assert not {{"stanza", "hindi_entities.pipeline"}} & set(sys.modules)
print(*nlp({KREMLIN!r}).ents, sep="|")
"""
    assert python(code) == "रूस|व्लादिमीर पुतिन|मॉस्को|चेताया।पुतिन|भारत\n"


def test_without_spacy_the_error_says_how_to_install_it() -> None:
    code = """
import sys
sys.modules["spacy"] = None
from hindi_entities import MissingExtraError
try:
    import hindi_entities.integrations.spacy
except MissingExtraError as error:
    print(error)
"""
    assert 'pip install "hindi-entities[spacy]"' in python(code)


def test_an_entity_says_what_it_is(nlp: Language) -> None:
    doc = nlp("श्री व्लादिमीर पुतिन ने मॉस्को में रूसी सेना की बात की। पुतिन रूस के राष्ट्रपति हैं।")
    putin, moscow, russian, again, russia = doc.ents
    assert [(ent.text, ent.label_, ent._.country) for ent in doc.ents] == [
        ("व्लादिमीर पुतिन", "PERSON", None),
        ("मॉस्को", "LOCATION", "RU"),
        ("रूसी", "NATIONALITY", "RU"),
        ("पुतिन", "PERSON", None),
        ("रूस", "COUNTRY", "RU"),
    ]
    assert putin._.honorific == "श्री"
    assert putin._.entity == again._.entity == doc._.hindi_entities.people[0]
    assert putin.id_ == again.id_ == putin[0].ent_id_ != russia.id_ == russian.id_
    assert 0.5 < moscow._.score == moscow._.hindi_entities.score <= 1


def test_what_others_find_has_no_attributes_of_ours(nlp: Language) -> None:
    doc = nlp(KREMLIN)
    (word,) = (doc[token.i : token.i + 1] for token in doc if token.text == "राष्ट्रपति")
    assert [word._.hindi_entities, word._.score, word._.entity, word._.expanded] == [None] * 4
    assert nlp.make_doc(KREMLIN)._.hindi_entities is None


@pytest.mark.parametrize(
    ("text", "ents", "mentions"),
    [
        ("(रूस), भारत-पाकिस्तान; अमेरिका।", "रूस भारत पाकिस्तान अमेरिका", "रूस भारत पाकिस्तान अमेरिका"),
        ("मॉस्को में पुतिन ने चेताया।पुतिन रूस में हैं।", "मॉस्को पुतिन चेताया।पुतिन रूस", "मॉस्को पुतिन पुतिन रूस"),
        ("‘भारत’—‘चीन’ वार्ता दिल्ली में हुई।", "भारत’—‘चीन दिल्ली", "भारत चीन दिल्ली"),
        ("भारत_पाकिस्तान सीमा", "भारत_पाकिस्तान", "भारत पाकिस्तान"),
        ("अमेरिका’—‘US’ ने कहा", "अमेरिका’—‘US", "अमेरिका US"),
    ],
)
def test_a_mention_inside_a_token_takes_the_token(nlp: Language, text: str, ents: str, mentions: str) -> None:
    doc = nlp(text)
    assert [ent.text for ent in doc.ents] == ents.split()
    assert [mention.text for mention in doc._.hindi_entities.mentions] == mentions.split()


def test_two_mentions_in_one_token_are_both_in_the_span_group(nlp: Language) -> None:
    doc = nlp("‘भारत’—‘चीन’ वार्ता दिल्ली में हुई।")
    assert [(span.text, span._.hindi_entities.text, span._.country, span._.expanded) for span in doc.spans["hindi_entities"]] == [
        ("भारत’—‘चीन", "भारत", "IN", True),
        ("भारत’—‘चीन", "चीन", "CN", True),
        ("दिल्ली", "दिल्ली", "IN", False),
    ]
    assert [ent._.hindi_entities.text for ent in doc.ents] == ["भारत", "दिल्ली"]


@pytest.mark.parametrize("text", TRAPS)
def test_no_mention_is_lost(nlp: Language, text: str) -> None:
    doc = nlp(text)
    document = doc._.hindi_entities
    assert doc.text == text
    assert document == component(nlp).pipeline(text)
    for span, mention in zip(doc.spans["hindi_entities"], document.mentions, strict=True):
        assert text[mention.start : mention.end] == mention.text
        assert span.start_char <= mention.start < mention.end <= span.end_char
        assert span.label_ == mention.label
        assert mention in span._.entity.mentions
        assert span._.expanded is ((span.start_char, span.end_char) != (mention.start, mention.end))
    covered = {token.i for ent in doc.ents for token in ent}
    assert covered >= {token.i for span in doc.spans["hindi_entities"] for token in span if not span._.expanded}


@pytest.mark.parametrize(
    ("overwrite", "ents"),
    [
        (False, [("व्लादिमीर", "GIVEN"), ("मॉस्को में", "WHERE"), ("भारत", "COUNTRY")]),
        (True, [("व्लादिमीर पुतिन", "PERSON"), ("मॉस्को", "LOCATION"), ("भारत", "COUNTRY")]),
    ],
)
def test_entities_that_are_there_stay_or_are_overwritten(overwrite: bool, ents: list[tuple[str, str]]) -> None:
    nlp = make(overwrite_ents=overwrite)
    ruler = cast("Any", nlp.add_pipe("entity_ruler", before="hindi_entities"))
    ruler.add_patterns([{"label": "GIVEN", "pattern": "व्लादिमीर"}, {"label": "WHERE", "pattern": "मॉस्को में"}])
    doc = nlp("व्लादिमीर पुतिन मॉस्को में भारत की बात करेंगे।")
    assert shown(doc) == ents
    assert len(doc.spans["hindi_entities"]) == 3


def test_options_are_those_of_the_pipeline() -> None:
    some = make(labels=["PERSON", "COUNTRY"])
    assert shown(some(KREMLIN)) == [("रूस", "COUNTRY"), ("व्लादिमीर पुतिन", "PERSON"), ("चेताया।पुतिन", "PERSON"), ("भारत", "COUNTRY")]
    assert component(some).labels == ("COUNTRY", "PERSON")
    assert set(component(make()).labels) == set(Label)
    assert make(min_score=1.0)(KREMLIN).ents == ()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"labels": ["PERSON", "GPE"]}, "unknown label 'GPE'; the labels are PERSON, COUNTRY"),
        ({"min_score": 2.0}, "from 0 to 1, not 2.0"),
        ({"labels": "PERSON"}, "'PERSON' is not list"),
        ({"threshold": 0.5}, "threshold"),
    ],
)
def test_a_wrong_option_is_refused_when_the_component_is_made(config: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make(**config)


def test_components_with_the_same_options_share_the_weights(nlp: Language) -> None:
    assert component(nlp).pipeline is component(make(overwrite_ents=True)).pipeline
    assert component(pickle.loads(pickle.dumps(nlp))).pipeline is component(nlp).pipeline
    assert len(pickle.dumps(component(nlp))) < 1000


def test_a_stream_is_the_same_as_single_calls(nlp: Language) -> None:
    numbered = list(nlp.pipe(((text, number) for number, text in enumerate(TRAPS)), as_tuples=True, batch_size=3))
    assert [number for _, number in numbered] == list(range(len(TRAPS)))
    assert [everything(doc) for doc, _ in numbered] == [everything(nlp(text)) for text in TRAPS]


@Language.component("lock_yadav")
def lock_yadav(doc: Doc) -> Doc:
    """A component that spoils a doc: nothing can be stored in it."""
    if "यादव" in doc.text:
        doc.user_data = cast("Any", MappingProxyType({}))
    return doc


def test_a_bad_doc_goes_to_the_error_handler_and_the_others_are_read() -> None:
    nlp = make()
    nlp.add_pipe("lock_yadav", before="hindi_entities")
    texts = ["पुतिन रूस में हैं।", "अखिलेश यादव लखनऊ में हैं।", "मोदी भारत में हैं।"]
    with pytest.raises(TypeError, match="mappingproxy"):
        list(nlp.pipe(texts))
    reported: list[tuple[str, str, type]] = []

    def report(name: str, _: object, docs: list[Doc], error: Exception) -> None:
        reported.append((name, docs[0].text, type(error)))

    nlp.set_error_handler(cast("Any", report))  # declared to raise always, which it need not
    assert [doc.text for doc in nlp.pipe(texts)] == [texts[0], texts[2]]
    assert reported == [("hindi_entities", texts[1], TypeError)]
    assert nlp(texts[1]).text == texts[1]
    assert len(reported) == 2


@pytest.mark.parametrize("method", ["default", "spawn"])
def test_two_processes_give_what_one_gives(method: str, tmp_path: Path) -> None:
    """Also where torch has run before the fork, with threads that a forked process waits for in vain."""
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import multiprocessing, sys
import spacy, torch

if __name__ == "__main__":
    if {method!r} != "default":
        multiprocessing.set_start_method({method!r})
    torch.set_num_threads(4)
    nlp = spacy.blank("hi")
    nlp.add_pipe("hindi_entities")
    texts = {TRAPS!r}
    alone = [(doc._.hindi_entities, [(ent.text, ent._.score) for ent in doc.ents]) for doc in nlp.pipe(texts)]
    pairs = nlp.pipe([(text, number) for number, text in enumerate(texts)], n_process=2, batch_size=2, as_tuples=True)
    together = [(doc._.hindi_entities, [(ent.text, ent._.score) for ent in doc.ents], number) for doc, number in pairs]
    assert together == [(*one, number) for number, one in enumerate(alone)]
    print(sum(len(ents) for _, ents in alone))
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_a_pipeline_comes_back_from_disk_and_bytes(tmp_path: Path) -> None:
    nlp = make(labels=["PERSON"], min_score=0.1, overwrite_ents=True)
    wanted = everything(nlp(KREMLIN))
    nlp.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    assert loaded.get_pipe_config("hindi_entities") == nlp.get_pipe_config("hindi_entities")
    assert everything(loaded(KREMLIN)) == wanted
    assert sum(file.stat().st_size for file in (tmp_path / "nlp").rglob("*") if file.is_file()) < 1e6
    again = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert everything(again(KREMLIN)) == wanted


def test_docs_come_back_from_bytes_and_pickles(nlp: Language) -> None:
    docs = list(nlp.pipe(TRAPS))
    packed = DocBin(store_user_data=True, docs=docs).to_bytes()
    assert [everything(doc) for doc in DocBin().from_bytes(packed).get_docs(spacy.blank("hi").vocab)] == list(
        map(everything, docs)
    )
    doc = docs[0]
    for copy in (Doc(nlp.vocab).from_bytes(doc.to_bytes()), pickle.loads(pickle.dumps(doc)), doc.copy()):
        assert everything(copy) == everything(doc)
        assert isinstance(copy._.hindi_entities, Document)


def test_a_doc_bin_without_user_data_has_the_entities_only(nlp: Language) -> None:
    (doc,) = DocBin(docs=[nlp(KREMLIN)]).get_docs(nlp.vocab)
    assert [(ent.text, ent.label_, ent.id_) for ent in doc.ents] == [(e.text, e.label_, e.id_) for e in nlp(KREMLIN).ents]
    assert doc._.hindi_entities is None
    assert doc.ents[0]._.score is None


def test_stored_docs_are_read_where_no_component_was_made(nlp: Language, tmp_path: Path) -> None:
    DocBin(store_user_data=True, docs=[nlp(KREMLIN)]).to_disk(tmp_path / "docs.spacy")
    code = f"""
import spacy, sys
from spacy.tokens import DocBin
from hindi_entities.integrations.spacy import register_extensions
register_extensions()
(doc,) = DocBin().from_disk({str(tmp_path / "docs.spacy")!r}).get_docs(spacy.blank("hi").vocab)
print(doc.ents[0]._.country, len(doc._.hindi_entities.people), "stanza" in sys.modules)
"""
    assert python(code) == "RU 1 False\n"


def test_displacy_draws_it(nlp: Language) -> None:
    doc = nlp("‘भारत’—‘चीन’ वार्ता दिल्ली में हुई।")
    entities = displacy.render(doc, style="ent", jupyter=False)
    assert entities.count("<mark") == 2
    assert "दिल्ली" in entities
    assert "LOCATION" in entities
    spans = displacy.render(doc, style="span", options={"spans_key": "hindi_entities"}, jupyter=False)
    assert spans.count("COUNTRY") == 2


def test_it_is_evaluated_like_any_other(nlp: Language) -> None:
    gold = nlp.make_doc(KREMLIN)
    gold.ents = [Span(gold, e.start, e.end, label="PERSON" if e.text == "भारत" else e.label_) for e in nlp(KREMLIN).ents]
    scores = nlp.evaluate([Example(nlp.make_doc(KREMLIN), gold)])
    assert scores["ents_p"] == scores["ents_r"] == pytest.approx(4 / 5)
    assert scores["ents_per_type"]["LOCATION"]["f"] == 1


@pytest.fixture
def score_of_another() -> Iterator[None]:
    Span.set_extension("score", default="another's", force=True)
    yield
    Span.remove_extension("score")
    register_extensions()


@pytest.mark.usefixtures("score_of_another")
def test_an_attribute_of_another_extension_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="hindi_entities"):
        nlp = make()
    assert "span._.score belongs to another extension" in caplog.text
    first = nlp(KREMLIN).ents[0]
    assert first._.score == "another's"
    assert 0 < first._.hindi_entities.score <= 1
