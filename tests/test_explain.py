"""Every mention can say why it is one."""

from __future__ import annotations

from hindi_entities import Document, Entity, Label, Mention, ModelInfo, Pipeline, Sentence
from hindi_entities.results import Rule, Source

TEXT = "रूसियों ने शोइगु और सर्गेई शोइगु को"


def mention(form: str, at: int, label: str, source: Source, rule: Rule | None, country: str | None = None) -> Mention:
    return Mention(
        text=form,
        label=Label(label),
        start=at,
        end=at + len(form),
        sentence=0,
        score=0.9,
        country=country,
        source=source,
        rule=rule,
    )


def test_a_decision_names_the_form_of_the_list_or_the_mention_it_rests_on() -> None:
    russians = mention("रूसियों", 0, "NATIONALITY", "lexicon", "list", "RU")
    short = mention("शोइगु", TEXT.index("शोइगु"), "PERSON", "document", "recalled")
    full = mention("सर्गेई शोइगु", TEXT.index("सर्गेई"), "PERSON", "model", None)
    doc = Document(
        text=TEXT,
        sentences=(Sentence(start=0, end=len(TEXT)),),
        mentions=(russians, short, full),
        entities=(
            Entity(id=0, name="सर्गेई शोइगु", label=Label.PERSON, mentions=(short, full)),
            Entity(id=1, name="रूसियों", label=Label.NATIONALITY, mentions=(russians,), country="RU"),
        ),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )
    listed, recalled, found = doc.explain()
    assert (listed.mention, listed.form, listed.file) == (russians, "रूसी", "countries.tsv")
    assert listed.reason == "रूसियों (NATIONALITY) is in a word list: रूसी in countries.tsv"
    assert recalled.witness == full
    assert "सर्गेई शोइगु at" in recalled.reason
    assert found.reason == "सर्गेई शोइगु (PERSON) was found by the model, score 0.90"
    assert (found.form, found.file, found.witness) == (None, None, None)
    assert Document.model_validate_json(doc.model_dump_json()) == doc
    assert "document: recalled" in doc.to_html()
    assert doc.to_records()[1]["rule"] == "recalled"


def test_every_mention_of_an_article_is_explained(pipeline: Pipeline, seed: str) -> None:
    doc = pipeline(seed)
    explanations = doc.explain()
    assert tuple(each.mention for each in explanations) == doc.mentions
    for each in explanations:
        assert (each.form is not None) == (each.mention.rule in ("list", "belief", "context", "compound"))
        assert each.mention.rule is not None or each.mention.label is not Label.COUNTRY
