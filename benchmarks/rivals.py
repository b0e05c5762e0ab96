"""The systems that the speed of the library is compared with, made from what is installed; nothing is downloaded.

Where time does not depend on the weights they are random.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from hindi_entities.keys import model_key
from hindi_entities.network import load_network
from hindi_entities.segmentation import segment
from hindi_entities.tagger import DEFAULT

Run = Callable[[Sequence[str]], Any]
Tokens = list[list[str]]

STANZA_BATCH = 32  # sentences; Stanza's default for its models
PIPELINE_BATCH = 32

SPECIAL = {"pad_token": "<pad>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>"}


def make_plain_stanza(folder: Path, *, bulk: bool) -> Run:
    """`stanza.Pipeline` with the shipped checkpoint, on the library's own tokens: a document at a time, or all in bulk."""
    from transformers import PreTrainedTokenizerFast

    encoder = folder / "encoder"
    tokenizer = str(DEFAULT / "encoder" / "tokenizer.json")
    PreTrainedTokenizerFast(tokenizer_file=tokenizer, model_max_length=512, **SPECIAL).save_pretrained(encoder)  # type: ignore[no-untyped-call]
    saved = torch.load(DEFAULT / "tagger.pt", weights_only=True)
    load_network(saved, DEFAULT / "encoder").bert_model.save_pretrained(encoder)
    saved["config"] |= {"bert_model": str(encoder)}
    torch.save(saved, folder / "tagger.pt")
    return _run_stanza(folder, folder / "tagger.pt", {}, bulk=bulk)


def make_stanza_hindi(folder: Path) -> Run:
    """Stanza's own Hindi architecture: character models of 1,024 units each way, vectors of 100, BiLSTM of 256, CRF; in bulk."""
    from stanza.models.common.char_model import CharacterLanguageModel
    from stanza.models.common.pretrain import Pretrain
    from stanza.models.ner.trainer import Trainer
    from stanza.models.ner.vocab import MultiVocab
    from stanza.models.pos.vocab import CharVocab, CompositeVocab

    letters = CharVocab([[(chr(code),) for code in (10, *range(0x20, 0x7F), *range(0x900, 0x980))]], "hi")
    characters = {"char_emb_dim": 100, "char_hidden_dim": 1024, "char_num_layers": 1}
    characters |= {"char_dropout": 0, "char_rec_dropout": 0}
    files = {name: folder / f"{name}.pt" for name in ("forward_charlm_path", "backward_charlm_path", "pretrain_path")}
    for name, path in list(files.items())[:2]:
        CharacterLanguageModel(characters, {"char": letters}, is_forward_lm=name.startswith("forward")).save(str(path))
    vectors = folder / "vectors.txt"
    words = sorted({key for line in _corpus_lines() for sentence in tokens_of(line) for key in sentence})
    vectors.write_text(f"{len(words)} 100\n" + "".join(f"{word} {' '.join(['0.1'] * 100)}\n" for word in words), encoding="utf-8")
    pretrain = Pretrain(str(files["pretrain_path"]), str(vectors))
    pretrain.load()
    tags = [f"{prefix}-{label}" for label in ("NEP", "NEL", "NEO", "NEN", "NETI", "NEAR") for prefix in "BIES"]
    vocabulary = MultiVocab(
        {"char": letters, "tag": CompositeVocab([[((tag,),) for tag in ["O", *tags]]], "hi", idx=0), "word": pretrain.vocab}
    )
    args = {
        "word_emb_dim": 100,
        "emb_finetune": True,
        "lowercase": True,
        "char": True,
        "charlm": True,
        **characters,
        "charlm_forward_file": str(files["forward_charlm_path"]),
        "charlm_backward_file": str(files["backward_charlm_path"]),
        "bert_model": None,
        "bert_finetune": False,
        "use_peft": False,
        "input_transform": True,
        "hidden_dim": 256,
        "num_layers": 1,
        "dropout": 0.5,
        "word_dropout": 0.01,
        "locked_dropout": 0.0,
        "scheme": "bioes",
        "optim": "sgd",
        "lr": 0.1,
        "momentum": 0,
        "shorthand": "hi_ilner",
        "mode": "predict",
        "char_lowercase": False,
    }
    Trainer(args=args, vocab=vocabulary, pretrain=pretrain, device="cpu").save(str(folder / "hi.pt"))
    return _run_stanza(folder, folder / "hi.pt", files, bulk=True)


def make_xlmr(folder: Path) -> Run:
    """The pipeline of the package transformers with a token classifier of the size of XLM-R base, on sentences in batches."""
    from transformers import (
        PreTrainedTokenizerFast,
        TokenClassificationPipeline,
        XLMRobertaConfig,
        XLMRobertaForTokenClassification,
    )

    config = XLMRobertaConfig(vocab_size=250_002, max_position_embeddings=514, type_vocab_size=1)
    config.num_labels = 7
    model = XLMRobertaForTokenClassification(config).eval()  # type: ignore[no-untyped-call]
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(DEFAULT / "encoder" / "tokenizer.json"), model_max_length=512, **SPECIAL
    )
    options = {"aggregation_strategy": "simple", "device": "cpu"}
    tagger = TokenClassificationPipeline(model=model, tokenizer=tokenizer, **options)  # type: ignore[no-untyped-call]

    def run(texts: Sequence[str]) -> Any:
        sentences = [text[s.start : s.end] for text in texts for s in segment(text)]
        return tagger(sentences, batch_size=PIPELINE_BATCH)

    return run


def tokens_of(text: str) -> Tokens:
    """The keys of a text's tokens, by sentence."""
    return [[model_key(token.text) for token in sentence.tokens] for sentence in segment(text)]


def _run_stanza(folder: Path, checkpoint: Path, files: dict[str, Path], *, bulk: bool) -> Run:
    import stanza

    logging.getLogger("stanza").setLevel(logging.ERROR)
    (folder / "resources.json").write_text('{"hi": {"default_processors": {}, "packages": {}}}', encoding="utf-8")
    paths = {f"ner_{name}": str(files.get(name, "")) for name in ("forward_charlm_path", "backward_charlm_path", "pretrain_path")}
    nlp = stanza.Pipeline(
        "hi",
        dir=str(folder),
        processors="tokenize,ner",
        package=None,
        download_method=None,
        use_gpu=False,
        tokenize_pretokenized=True,
        ner_model_path=str(checkpoint),
        ner_batch_size=STANZA_BATCH,
        verbose=False,
        **paths,
    )

    def run_each(texts: Sequence[str]) -> Any:
        return [nlp(tokens_of(text)) for text in texts]

    def run_bulk(texts: Sequence[str]) -> Any:
        return nlp.bulk_process([_to_document(tokens_of(text)) for text in texts])

    return run_bulk if bulk else run_each


def _to_document(tokens: Tokens) -> Any:
    import stanza

    return stanza.Document([[{"id": at, "text": text} for at, text in enumerate(sentence, 1)] for sentence in tokens])


def _corpus_lines() -> list[str]:
    from benchmarks.texts import shipped_sentences

    return shipped_sentences()
