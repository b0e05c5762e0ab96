"""Plain Stanza models: trained here by Stanza on a few sentences, they say in a pipeline what they say in Stanza."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from stanza.models.common.char_model import CharacterLanguageModel
from stanza.models.common.doc import Document
from stanza.models.common.pretrain import Pretrain
from stanza.models.common.vocab import CharVocab
from stanza.models.ner.data import DataLoader
from stanza.models.ner.trainer import Trainer
from stanza.models.ner_tagger import parse_args
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from hindi_entities import ModelError, Pipeline, cli
from hindi_entities.corpora import Span, parse_inline, spans_of_bioes
from hindi_entities.keys import model_key
from hindi_entities.segmentation import segment
from hindi_entities.tagger import DEFAULT, Tagger
from hindi_entities.tagsets import TO_UNIFIED
from hindi_entities.training.sentences import tag_tokens

LINES = [
    "[व्लादिमीर पुतिन](NEP) [सोमवार](NETI) को [मॉस्को](NEL) में [विश्व स्वास्थ्य संगठन](NEO) से मिले।",
    "[मोदी](NEP) ने [दिल्ली](NEL) में [तीन](NEN) किताबें पढ़ीं।",
    "वह आज घर गया।",
]
FOUND = [("व्लादिमीर पुतिन", "PERSON"), ("सोमवार", "TIME"), ("मॉस्को", "LOCATION"), ("विश्व स्वास्थ्य संगठन", "ORGANIZATION")]


TaggedKeys = list[tuple[str, str]]


def read(line: str) -> list[TaggedKeys]:
    example = parse_inline(line)
    sentences = [sentence.tokens for sentence in segment(example.text)]
    tags = [tag_tokens(tokens, example.spans) for tokens in sentences]
    keys = [[model_key(token.text) for token in tokens] for tokens in sentences]
    return [list(zip(*pair, strict=True)) for pair in zip(keys, tags, strict=True)]


def document(sentences: Sequence[TaggedKeys]) -> Document:
    return Document([[{"id": at, "text": key, "ner": tag} for at, (key, tag) in enumerate(s, 1)] for s in sentences])


def make_words(file: Path, words: set[str], size: int = 16) -> Pretrain:
    torch.manual_seed(2)
    rows = [" ".join([word, *(f"{value:.4f}" for value in torch.randn(size).tolist())]) for word in sorted(words)]
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.with_suffix(".txt")
    text.write_text("\n".join([f"{len(rows)} {size}", *rows]), encoding="utf-8")
    pretrain = Pretrain(str(file), str(text))
    pretrain.load()
    text.unlink()
    return pretrain


def make_charlm(file: Path, characters: set[str], *, forward: bool) -> str:
    torch.manual_seed(3)
    shape = {"char_emb_dim": 8, "char_hidden_dim": 24, "char_num_layers": 1, "char_dropout": 0.0, "char_rec_dropout": 0.0}
    vocabulary = {"char": CharVocab([sorted({*characters, " ", "\n"})])}
    CharacterLanguageModel(shape, vocabulary, is_forward_lm=forward).save(str(file))
    return str(file)


def train(lines: Sequence[str], pretrain: Pretrain | None, *options: str) -> Trainer:
    """Stanza's trainer, after as many steps as it takes to tag the lines right."""
    torch.manual_seed(4)
    network = "--hidden_dim 32 --char_emb_dim 8 --char_hidden_dim 16 --dropout 0 --word_dropout 0 --optim adam --lr 0.02"
    size = str(pretrain.emb.shape[1]) if pretrain else "0"
    args = parse_args([*network.split(), "--shorthand", "hi_tiny", "--word_emb_dim", size, *options])
    sentences = [sentence for line in lines for sentence in read(line)]
    gold = [[tag for _, tag in sentence] for sentence in sentences]
    loader = DataLoader(document(sentences), 8, args, pretrain)
    trainer = Trainer(args=args, vocab=loader.vocab, pretrain=pretrain, device="cpu")
    for _ in range(100):
        for batch in loader:
            trainer.update(batch)
        if predict(trainer, [[key for key, _ in sentence] for sentence in sentences]) == gold:
            return trainer
    raise AssertionError("it does not learn its three sentences")


def predict(trainer: Trainer, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """The tags that Stanza itself gives."""
    untagged = document([[(key, "O") for key in sentence] for sentence in sentences])
    tokenizer = trainer.model.bert_tokenizer
    loader = DataLoader(
        untagged, 32, trainer.args, vocab=trainer.vocab, evaluation=True, preprocess_tags=False, bert_tokenizer=tokenizer
    )
    with torch.no_grad():
        return [tags for batch in loader for tags in trainer.predict(batch)]


@pytest.fixture(scope="module")
def words() -> set[str]:
    return {key for line in LINES for sentence in read(line) for key, _ in sentence}


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory, words: set[str]) -> Path:
    """A folder as Stanza's download leaves it, with three models that were trained elsewhere."""
    root = tmp_path_factory.mktemp("stanza_resources")
    pretrain = make_words(root / "hi" / "pretrain" / "words.pt", words)
    characters = {character for word in words for character in word}
    forward = make_charlm(root / "hi" / "forward_charlm" / "news.pt", characters, forward=True)
    backward = make_charlm(root / "hi" / "backward_charlm" / "news.pt", characters, forward=False)
    (root / "hi" / "ner").mkdir()
    trainer = train(
        LINES,
        pretrain,
        "--charlm",
        "--charlm_forward_file",
        forward,
        "--charlm_backward_file",
        backward,
        "--charlm_shorthand",
        "x",
    )
    trainer.args |= {"charlm_forward_file": "/elsewhere/news.pt", "charlm_backward_file": "saved\\hi_news_backward_charlm.pt"}
    trainer.save(str(root / "hi" / "ner" / "charlm.pt"))
    train(LINES, pretrain).save(str(root / "hi" / "ner" / "nocharlm.pt"))
    return root


def by_stanza(resources: Path, name: str) -> Trainer:
    folder = resources / "hi"
    args = {f"charlm_{way}_file": str(folder / f"{way}_charlm" / "news.pt") for way in ("forward", "backward")}
    pretrain = Pretrain(str(folder / "pretrain" / "words.pt"))
    return Trainer(args=args, model_file=str(folder / "ner" / name), pretrain=pretrain, device="cpu")


def check_tags(path: Path, trainer: Trainer) -> None:
    """Spans and labels as Stanza gives them, of sentences that the model knows and of others."""
    texts = ["".join(parse_inline(line).text for line in LINES), "पुतिन ने दिल्ली में विश्व संगठन से कहा।", "मॉस्को", "क्या Omega 7 ग्यारह?"]
    sentences = [[model_key(token.text) for token in sentence.tokens] for text in texts for sentence in segment(text)]
    expected = [
        [span._replace(label=TO_UNIFIED[span.label]) for span in spans_of_bioes(tags)] for tags in predict(trainer, sentences)
    ]
    assert sum(map(len, expected)) > 6
    tagger = Tagger(path)
    for tagged, spans in zip(tagger.tag(sentences, ["unified"]), expected, strict=True):
        assert list(tagged["unified"].spans) == spans
        assert all(0 < score <= 1 for score in tagged["unified"].scores)


@pytest.mark.parametrize("name", ["charlm.pt", "nocharlm.pt"])
def test_tags_are_those_of_stanza(resources: Path, name: str) -> None:
    check_tags(resources / "hi" / "ner" / name, by_stanza(resources, name))


def test_mentions_have_labels_offsets_and_the_model(resources: Path) -> None:
    doc = Pipeline(resources / "hi" / "ner" / "charlm.pt")("  " + parse_inline(LINES[0]).text)
    assert [(m.text, m.label) for m in doc.mentions] == FOUND
    assert doc.mentions[0].start == 2
    assert (doc.model.name, doc.model.version) == ("charlm", "stanza")
    assert doc.mentions[2].country == "RU"


def test_other_writings_of_a_word_are_read_alike(resources: Path) -> None:
    tagger = Tagger(resources / "hi" / "ner" / "nocharlm.pt")
    pipeline = Pipeline(resources / "hi" / "ner" / "nocharlm.pt")
    assert tagger.labels == [["PERSON", "TIME", "LOCATION", "ORGANIZATION", "NUMBER"]]
    plain, other = pipeline("मोदी ने तीन किताबें पढ़ीं।"), pipeline("मो\u200dदी ने तीन किताबें प\u095dीं।")
    assert [(m.label, m.score) for m in plain.mentions] == [(m.label, m.score) for m in other.mentions] != []


def test_a_sentence_reads_alike_alone_and_among_others(resources: Path) -> None:
    tagger = Tagger(resources / "hi" / "ner" / "charlm.pt")
    sentences = [[key for key, _ in sentence] for line in LINES for sentence in read(line)] + [["मोदी"], ["और", "पुतिन"] * 300]
    together = tagger.tag(sentences, ["unified"])
    assert together[-1]["unified"].marginals.shape == (600, 5)
    for sentence, tagged in zip(sentences, together, strict=True):
        (alone,) = tagger.tag([sentence], ["unified"])
        assert alone["unified"].spans == tagged["unified"].spans
        assert alone["unified"].marginals == pytest.approx(tagged["unified"].marginals, abs=1e-4)


@pytest.mark.parametrize("tuned", [True, False])
def test_a_transformer_is_found_beside_the_checkpoint(tmp_path: Path, words: set[str], tuned: bool) -> None:
    folder = tmp_path / "made" / "tiny"
    torch.manual_seed(5)
    pieces = {piece: number for number, piece in enumerate(["[PAD]", "[UNK]", *sorted(words)])}
    config = BertConfig(vocab_size=len(pieces), num_hidden_layers=2, num_attention_heads=2, hidden_size=32, intermediate_size=64)
    BertModel(config).save_pretrained(folder)
    make_tokenizer = PreTrainedTokenizerFast
    tokenizer = make_tokenizer(tokenizer_object=Tokenizer(WordLevel(pieces, "[UNK]")), pad_token="[PAD]", unk_token="[UNK]")  # type: ignore[no-untyped-call]
    tokenizer.save_pretrained(folder)
    options = ["--bert_hidden_layers", "2", "--bert_model", str(folder), "--no_char"]
    trainer = train(LINES, None, *options, *(["--bert_finetune", "--bert_learning_rate", "0.1"] if tuned else []))
    path = tmp_path / "used" / "model.pt"
    path.parent.mkdir()
    trainer.args["bert_model"] = "nobody/tiny"
    trainer.save(str(path))
    with pytest.raises(ModelError, match=r"needs the transformer nobody/tiny, which is neither .*used/tiny"):
        Pipeline(path)
    folder.rename(path.parent / "tiny")
    check_tags(path, trainer)
    (long,) = Tagger(path).tag([["और", "पुतिन"] * 300], ["unified"])
    assert long["unified"].marginals.shape == (600, 5)


def test_labels_that_mean_the_same_are_one_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    lines = ["[मोदी](PER) ने [दिल्ली](GPE) में [यमुना](LOC) देखी।", "[मोदी](PER) ने [हिंदी](LANGUAGE) में कहा।"]
    pretrain = make_words(tmp_path / "words.pt", {key for line in lines for sentence in read(line) for key, _ in sentence})
    trainer = train(lines, pretrain)
    trainer.args["wordvec_pretrain_file"] = str(tmp_path / "words.pt")
    trainer.save(str(tmp_path / "model.pt"))
    tagger = Tagger(tmp_path / "model.pt")
    assert tagger.labels == [["PERSON", "LOCATION"]]
    sentences = [[key for key, _ in sentence] for line in lines for sentence in read(line)]
    first, second = (tagged["unified"] for tagged in tagger.tag(sentences, ["unified"]))
    assert first.spans == (Span(0, 1, "PERSON"), Span(2, 3, "LOCATION"), Span(4, 5, "LOCATION"))
    assert first.marginals[[2, 4], 1].min() > 0.5
    assert second.spans == (Span(0, 1, "PERSON"),)
    trainer = train(["[हिंदी](LANGUAGE) में कहा।"], pretrain)
    trainer.args["wordvec_pretrain_file"] = str(tmp_path / "words.pt")
    trainer.save(str(tmp_path / "other.pt"))
    with pytest.raises(ModelError, match=r"other\.pt has no label that is known here; it has LANGUAGE"):
        Pipeline(tmp_path / "other.pt")


def test_a_checkpoint_of_an_older_stanza_is_read(resources: Path, tmp_path: Path) -> None:
    saved = torch.load(resources / "hi" / "ner" / "nocharlm.pt", weights_only=True)
    old = {"crits.0._transitions": "crit._transitions", "tag_clfs.0.weight": "tag_clf.weight", "tag_clfs.0.bias": "tag_clf.bias"}
    saved["model"] = {old.get(name, name): weight for name, weight in saved["model"].items()}
    shutil.copytree(resources / "hi" / "pretrain", tmp_path / "pretrain")
    (tmp_path / "ner").mkdir()
    torch.save(saved, tmp_path / "ner" / "old.pt")
    check_tags(tmp_path / "ner" / "old.pt", by_stanza(resources, "nocharlm.pt"))
    del saved["model"]["taggerlstm.lstm.bias_hh_l0"]
    torch.save(saved, tmp_path / "ner" / "old.pt")
    with pytest.raises(ModelError, match=r"old\.pt holds no usable Stanza NER model: it lacks the weights taggerlstm"):
        Pipeline(tmp_path / "ner" / "old.pt")


def test_companions_are_found_in_stanzas_folder(resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shutil.copy(resources / "hi" / "ner" / "charlm.pt", tmp_path / "mine.pt")
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(resources))
    assert [m.text for m in Pipeline(path)("मोदी ने कहा।").mentions] == ["मोदी"]


@pytest.mark.parametrize(
    ("kind", "what"),
    [("pretrain", "word vectors"), ("forward_charlm", "forward character"), ("backward_charlm", "backward character")],
)
def test_a_missing_companion_is_named(
    resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, what: str
) -> None:
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(tmp_path / "none"))
    shutil.copytree(resources / "hi", tmp_path / "hi")
    shutil.rmtree(tmp_path / "hi" / kind)
    with pytest.raises(
        ModelError, match=rf"charlm\.pt needs its {what}.*hi/{kind}/\*\.pt, .*none/hi/{kind}/\*\.pt; put the file"
    ):
        Pipeline(tmp_path / "hi" / "ner" / "charlm.pt")


def test_companions_of_other_models_are_passed_over(
    resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: set[str]
) -> None:
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(tmp_path / "none"))
    folder = Path(shutil.copytree(resources / "hi", tmp_path / "hi"))
    make_words(folder / "pretrain" / "another.pt", words | {"सोना"})
    (folder / "pretrain" / "broken.pt").write_bytes(b"nothing")
    check_tags(folder / "ner" / "charlm.pt", by_stanza(resources, "charlm.pt"))
    (folder / "pretrain" / "words.pt").unlink()
    shutil.copy(folder / "forward_charlm" / "news.pt", folder / "backward_charlm" / "news.pt")
    with pytest.raises(ModelError, match=r"not .*another\.pt: it has another vocabulary; not .*broken\.pt: "):
        Pipeline(folder / "ner" / "charlm.pt")
    shutil.copy(resources / "hi" / "pretrain" / "words.pt", folder / "pretrain")
    with pytest.raises(ModelError, match=r"not .*backward_charlm/news\.pt: it reads in the other direction"):
        Pipeline(folder / "ner" / "charlm.pt")


def test_files_of_other_kinds_are_refused(resources: Path, tmp_path: Path) -> None:
    (tmp_path / "text.pt").write_text("रूस")
    (tmp_path / "empty.pt").touch()
    for path in (tmp_path / "text.pt", tmp_path / "empty.pt", resources / "hi" / "pretrain" / "words.pt"):
        with pytest.raises(ModelError, match=rf"{path.name} is no Stanza NER model"):
            Pipeline(path)


def test_a_lower_precision_is_refused(resources: Path) -> None:
    with pytest.raises(ValueError, match="precision 'bf16' is for the models of this library"):
        Pipeline(resources / "hi" / "ner" / "nocharlm.pt", precision="bf16")
    with pytest.raises(ValueError, match="unknown precision 'int4'"):
        Pipeline(resources / "hi" / "ner" / "nocharlm.pt", precision="int4")  # type: ignore[arg-type]


def test_models_of_the_user_go_by_name(resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "models"
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(resources))
    monkeypatch.setenv("HINDI_ENTITIES_HOME", str(home))
    with pytest.raises(ModelError, match=rf"no model 'mine': neither a path nor a name in {home} .*, which does not exist"):
        Pipeline("mine")
    home.mkdir()
    with pytest.raises(ModelError, match="which has no models"):
        Pipeline("mine")
    shutil.copy(resources / "hi" / "ner" / "nocharlm.pt", home / "mine.pt")
    (home / "folder").symlink_to(DEFAULT)
    (home / "notes").mkdir()
    for name in ("mine", "mine.pt"):
        assert Pipeline(name).model.name == "mine"
    assert Pipeline("folder").model.name != "mine"
    with pytest.raises(ModelError, match=r"no model 'yours': .*, which has folder, mine\.pt$"):
        Pipeline("yours")


def test_the_command_line_takes_a_checkpoint(
    resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.txt").write_text(parse_inline(LINES[0]).text, encoding="utf-8")
    arguments = ["extract", str(tmp_path / "text.txt"), "-f", "csv", "--model", str(resources / "hi" / "ner" / "charlm.pt")]
    monkeypatch.setattr("sys.argv", ["hindi-entities", *arguments])
    with pytest.raises(SystemExit, match="0"):
        cli.run()
    rows = csv.DictReader(capsys.readouterr().out.splitlines())
    assert [(row["text"], row["label"]) for row in rows] == FOUND
