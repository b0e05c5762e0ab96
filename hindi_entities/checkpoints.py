"""Plain Stanza NER models: a checkpoint as Stanza's `Trainer.save` writes it, run by Stanza's own modules.

Such a file lacks what it shares with other models: word vectors, character language models, and a transformer that was not
fine-tuned. The first two are taken from the path in the checkpoint's configuration, from beside the checkpoint, from the folders
`pretrain/`, `forward_charlm/` and `backward_charlm/` in its folder or, as Stanza's download has them, next to it, or from
Stanza's own folder (`STANZA_RESOURCES_DIR`): the first file there that has the checkpoint's vocabulary. A transformer is the
folder that the configuration names, or one of its name beside the checkpoint, or is in the cache of Hugging Face. Nothing is
loaded from the network.

The model reads the keys of tokens (`keys.model_key`), in which different writings of a word are one, as the models of this
library do. Its labels are reported by their unified names (`tagsets.TO_UNIFIED`), in the one column "unified"; labels without
one are not, and scores are the CRF's posteriors, not calibrated. Sentences are padded to the longest of a batch, so that scores
may differ in the last digits with what else is read at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath
from threading import Lock
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from hindi_entities.errors import ModelError
from hindi_entities.loading import Loaded, make_column, sha256_of
from hindi_entities.network import tag_names
from hindi_entities.precision import choose_precision
from hindi_entities.results import ModelInfo
from hindi_entities.stanza_parts import (
    DEFAULT_MODEL_DIR,
    BaseVocab,
    CharacterLanguageModel,
    DataLoader,
    Document,
    MultiVocab,
    NERTagger,
    Pretrain,
    load_tokenizer,
    unpack_batch,
)
from hindi_entities.tagsets import TO_UNIFIED, UNIFIED

WINDOW = 2000  # characters of a sentence that are read together
PIECE = 4  # characters, about

Kind = Literal["pretrain", "forward_charlm", "backward_charlm"]
_WHAT: dict[Kind, tuple[str, str]] = {  # in words, and as the configuration names the file
    "pretrain": ("word vectors", "wordvec_pretrain_file"),
    "forward_charlm": ("forward character language model", "charlm_forward_file"),
    "backward_charlm": ("backward character language model", "charlm_backward_file"),
}


class Companion(NamedTuple):
    """A file that a checkpoint needs: its vocabulary, and of word vectors the vectors [words, dimensions]."""

    file: str
    units: list[str]
    vectors: Tensor | None


class Words(NamedTuple):
    """One window: keys of tokens."""

    keys: list[str]

    @property
    def size(self) -> int:
        """What it costs, in about pieces."""
        return sum(len(key) + 1 for key in self.keys) // PIECE + 1

    @property
    def tokens(self) -> int:
        """The number of tokens."""
        return len(self.keys)


class StanzaEmitter:
    """The emissions of any `NERTagger`, in batches as Stanza's own loader makes them."""

    def __init__(self, network: NERTagger, device: torch.device) -> None:
        self._network = network.to(device)
        self._device = device
        self._lock = Lock()  # tokenizers of transformers are not for several threads

    def cut(self, sentences: Sequence[Sequence[str]]) -> list[list[Words]]:
        """The windows of each sentence of token keys; one of more than `WINDOW` characters has several, cut between tokens."""
        return [list(_cut(sentence)) for sentence in sentences]

    def __call__(self, windows: Sequence[Words], columns: Sequence[int]) -> list[Tensor]:
        """For each of the columns the emissions [windows, tokens, tags] in float32 on the CPU, rows padded at the end."""
        rows = [[{"id": at, "text": key} for at, key in enumerate(window.keys, 1)] for window in windows]
        # without the transformer's name, by which the loader may leave long sentences out
        config = {**self._network.args, "bert_model": None}
        (batch,) = DataLoader(
            Document(rows), len(rows), config, vocab=self._network.vocab, evaluation=True, preprocess_tags=False
        )
        inputs, order, words, characters, lengths, widths, spans, offsets = unpack_batch(batch, self._device)
        keys, word_characters, mask, sequences, gold = inputs
        with self._lock:
            _, scores, _ = self._network(
                *(keys, word_characters, mask, gold, words, lengths, widths, sequences, offsets, spans, characters)
            )
        back = torch.tensor(order).argsort()
        return [scores[column].float().cpu()[back] for column in columns]


def load_checkpoint(path: Path, device: torch.device, precision: str) -> Loaded:
    """A Stanza NER model from its file. It runs in fp32.

    Raises ModelError where the file is no such model, where what it needs is not found (with the places that were searched), or
    where none of its labels is known here; ValueError for a precision that it has not.
    """
    if precision != "auto" and choose_precision(precision, device) != "fp32":
        raise ValueError(f"precision {precision!r} is for the models of this library; the Stanza model {path} runs in fp32")
    saved = _read(path)
    try:
        network = _build(path, saved)
    except (OSError, LookupError, RuntimeError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise ModelError(f"{path} holds no usable Stanza NER model: {error}") from error
    number = saved["config"].get("predict_tagset") or 0
    known = dict.fromkeys(tag[2:] for tag in tag_names(network.vocab, number) if tag != "O")
    labels = {label: TO_UNIFIED[label] for label in known if label in TO_UNIFIED}
    if not labels:
        raise ModelError(f"{path} has no label that is known here; it has {', '.join(known) or 'none'}")
    info = ModelInfo(name=path.stem, version="stanza", sha256=sha256_of(path))
    column = make_column(network, number, UNIFIED, labels=labels)
    return Loaded(info, [column], StanzaEmitter(network, device), "fp32")


def _read(path: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # the reader raises whatever the bytes lead it to
        raise ModelError(f"{path} is no Stanza NER model: {(str(error) or repr(error)).splitlines()[0]}") from error
    parts = [saved.get(name) for name in ("model", "config", "vocab")] if isinstance(saved, dict) else [None]
    if not all(isinstance(part, dict) for part in parts) or "tag" not in saved["vocab"]:
        raise ModelError(f"{path} is no Stanza NER model, which has model, config, and a vocabulary of tags")
    if saved.get("bert_lora") or saved["config"].get("use_peft"):
        raise ModelError(f"{path} has its transformer's weights as a LoRA adapter, which is not supported")
    return saved


def _build(path: Path, saved: dict[str, Any]) -> NERTagger:
    config, weights = dict(saved["config"]), _renamed(saved["model"])
    vocabulary = MultiVocab.load_state_dict(saved["vocab"])
    vectors = None
    if config["word_emb_dim"] > 0 and "word" in vocabulary and "word_emb.weight" not in weights:
        vectors = _find("pretrain", path, config, vocabulary["word"]).vectors
    if config["char"] and config["char_emb_dim"] > 0 and config.get("charlm"):
        config["charlm_forward_file"] = _find("forward_charlm", path, config, vocabulary["char"]).file
        config["charlm_backward_file"] = _find("backward_charlm", path, config, vocabulary["char"]).file
    bert, tokenizer = None, None
    tuned = any(name.startswith("bert_model.") for name in weights)
    if config.get("bert_model"):
        bert, tokenizer = _load_transformer(path, config["bert_model"], tuned=tuned)
    network = NERTagger(config, vocabulary, emb_matrix=vectors, bert_model=bert, bert_tokenizer=tokenizer, force_bert_saved=tuned)
    missing = network.load_state_dict(weights, strict=False).missing_keys
    lost = [name for name in missing if name.split(".")[0] not in network.unsaved_modules and ".pooler." not in name]
    if lost:
        raise ValueError(f"it lacks the weights {', '.join(lost)}")
    return network.eval()


def _renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights of the time when Stanza had one tag column only, by their present names."""
    old = {"crit._transitions": "crits.0._transitions", "tag_clf.weight": "tag_clfs.0.weight", "tag_clf.bias": "tag_clfs.0.bias"}
    return {old.get(name, name): weight for name, weight in weights.items()}


def _find(kind: Kind, path: Path, config: dict[str, Any], vocabulary: BaseVocab) -> Companion:
    """The first file of a kind with this vocabulary; see the module's docstring for the places."""
    what, key = _WHAT[kind]
    named = config.get(key) or ""
    name = PureWindowsPath(named).name  # which knows the separators of all systems
    language = config.get("lang") or str(config.get("shorthand") or "hi").partition("_")[0]
    downloads = Path(os.environ.get("STANZA_RESOURCES_DIR") or DEFAULT_MODEL_DIR).expanduser()
    folders = [path.parent / kind, path.absolute().parent.parent / kind, downloads / language / kind]
    places = [Path(named), path.parent / name, *(folder / name for folder in folders)] if name else []
    unfit: dict[Path, str] = {}
    for place in [*places, *(file for folder in folders for file in sorted(folder.glob("*.pt")))]:
        if place in unfit or not place.is_file():
            continue
        try:
            found = _open(kind, place)
        except Exception as error:  # torch's reader raises whatever the bytes lead it to
            unfit[place] = (str(error) or repr(error)).splitlines()[0]
        else:
            if found.units == vocabulary._id2unit:
                return found
            unfit[place] = "it has another vocabulary"
    searched = ", ".join(map(str, dict.fromkeys([*places, *(folder / "*.pt" for folder in folders)])))
    reasons = "".join(f"; not {place}: {reason}" for place, reason in unfit.items())
    raise ModelError(
        f"{path} needs its {what}, which was looked for as {searched}{reasons}; put the file in one of these places, or let "
        "STANZA_RESOURCES_DIR name the folder of Stanza's downloads"
    )


def _open(kind: Kind, file: Path) -> Companion:
    """Read a file. Raises ValueError, or what torch raises, where it is not of this kind."""
    if kind == "pretrain":
        pretrain = Pretrain(str(file))
        return Companion(str(file), pretrain.vocab._id2unit, pretrain.emb)
    model = CharacterLanguageModel.load(str(file))
    if model.is_forward_lm != (kind == "forward_charlm"):
        raise ValueError("it reads in the other direction")
    return Companion(str(file), model.char_vocab()._id2unit, None)


def _load_transformer(path: Path, name: str, *, tuned: bool) -> tuple[Any, Any]:
    """The transformer, of its shape only where the checkpoint has its weights, and its tokenizer, from this machine's files."""
    from transformers import AutoConfig, AutoModel

    folders = [Path(name), path.parent / PureWindowsPath(name).name]
    source = next((str(folder) for folder in folders if folder.is_dir()), name)
    try:
        if tuned:
            bert = AutoModel.from_config(AutoConfig.from_pretrained(source, local_files_only=True), dtype=torch.float32)  # type: ignore[no-untyped-call]
        else:
            bert = AutoModel.from_pretrained(source, local_files_only=True, dtype=torch.float32)
        tokenizer = load_tokenizer(source, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} needs the transformer {name}, which is neither a folder, nor one beside the checkpoint "
            f"({folders[1]}), nor in the cache of Hugging Face on this machine ({str(error).splitlines()[0]})"
        ) from error
    positions = getattr(bert.config, "max_position_embeddings", None) or tokenizer.model_max_length
    if tokenizer.model_max_length > positions:  # unknown to the tokenizer: Stanza reads longer sentences in parts
        tokenizer.model_max_length = positions - 2
    return bert, tokenizer


def _cut(sentence: Sequence[str]) -> Iterator[Words]:
    keys: list[str] = []
    characters = 0
    for key in sentence:
        if keys and characters + len(key) + 1 > WINDOW:
            yield Words(keys)
            keys, characters = [], 0
        keys.append(key)
        characters += len(key) + 1
    yield Words(keys)
