"""The exported graph against PyTorch, on real trees that the engine packs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from conftest import with_effect

import export
from export import export_graph, largest_difference, make_manifest, sha256, stored_changes
from strata_training.config import GENRES, SCALES
from strata_training.exported import PREFIX, load_exported
from strata_training.graph import INPUTS, Graph, graph_inputs
from strata_training.low_rank import attach, changes, merged_state
from strata_training.model import Encoder
from strata_training.packed import Packed, make_batch
from strata_training.paths import ROOT
from strata_training.quantise import quantise_weights
from strata_training.runtime import cpu_session
from strata_training.start_weights import start_encoder

FILES = ("src/engine/encoder/segments.ts", "training/strata_training/config.py", "NOTICE")


@pytest.fixture(scope="module")
def trees(packed_files: Callable[[Iterable[str]], list[Packed]]) -> list[Packed]:
    return packed_files(FILES)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Start weights with an open tree and a speaking upper stage, so that every part of the graph counts."""
    torch.manual_seed(0)
    model = start_encoder()
    with torch.no_grad():
        # Nothing may be equal to anything else: the upper layers start as copies, the exporter stores equal weights once.
        for part in (model.upper_layers, model.upper_output, model.token_output):
            for parameter in part.parameters():
                parameter.add_(torch.randn_like(parameter) * 0.01)
        for layer in [*model.token_layers, *model.upper_layers]:
            bias = layer.get_parameter("bias")
            bias.normal_(0, 0.5)
    return model.eval()


@pytest.fixture(scope="module")
def exported(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "encoder.onnx"
    export_graph(encoder, path)
    return path


def test_packed_trees_add_up(trees: list[Packed]) -> None:
    assert [t.id for t in trees] == list(FILES)
    for tree in trees:
        counts = [tree.tokens, *(len(s) for s in tree.sizes)]
        assert [int(s.sum()) for s in tree.sizes] == counts[:4]


def test_the_export_equals_pytorch(encoder: Encoder, exported: Path, trees: list[Packed]) -> None:
    assert largest_difference(encoder, exported, trees) <= 1e-4


def test_rounded_weights_change_vectors_by_little(encoder: Encoder, exported: Path, trees: list[Packed], tmp_path: Path) -> None:
    model = onnx.load(str(exported))
    quantise_weights(model)
    path = tmp_path / "rounded.onnx"
    onnx.save(model, str(path))
    assert path.stat().st_size < 0.35 * exported.stat().st_size
    session = cpu_session(path)
    for tree in trees:
        inputs = graph_inputs(make_batch([tree]), encoder.config)
        with torch.no_grad():
            expected = Graph(encoder)(*inputs)[1].numpy()
        (found,) = session.run(["piece_own"], {n: t.numpy() for n, t in zip(INPUTS, inputs, strict=True)})
        cosines = (expected * found).sum(1) / np.linalg.norm(expected, axis=1) / np.linalg.norm(found, axis=1)
        assert cosines.min() > 0.99


def test_the_runtime_leaves_nothing_behind_that_it_would_send(exported: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from strata_training.runtime import cpu_session; cpu_session(Path(sys.argv[1]))"
    # In the environment of a test it would not, whatever was switched off.
    subprocess.run([sys.executable, "-c", code, exported], cwd=ROOT / "training", env={"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []


def test_training_can_go_on_from_an_exported_model(encoder: Encoder, exported: Path, tmp_path: Path) -> None:
    model = onnx.load(str(exported))
    quantise_weights(model)
    onnx.save(model, str(tmp_path / "encoder.onnx"))
    weights = {genre: dict.fromkeys(SCALES, 0.5) for genre in GENRES}
    (tmp_path / "manifest.json").write_text(json.dumps({"heat": {"weights": weights}}))
    loaded, extra = load_exported(tmp_path)
    # All that the export rounded, and nothing else, differs by less than a step of the rounding.
    theirs = loaded.state_dict()
    rounded = {i.name for i in model.graph.initializer}
    for name, ours in encoder.state_dict().items():
        if f"{PREFIX}{name}.int8" in rounded:
            assert float((ours - theirs[name]).abs().max()) <= float(ours.abs().max()) / 127, name
        else:
            assert torch.equal(ours, theirs[name]), name
    assert torch.equal(extra["heat.code"], torch.full((len(SCALES),), 0.5))


def test_a_low_rank_change_leaves_the_stored_bytes_as_they_are(
    encoder: Encoder, exported: Path, trees: list[Packed], tmp_path: Path
) -> None:
    before = onnx.load(str(exported))
    quantise_weights(before)
    weights = {genre: dict.fromkeys(SCALES, 0.5) for genre in GENRES}

    def written(model: onnx.ModelProto, name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        onnx.save(model, str(folder / "encoder.onnx"))
        (folder / "manifest.json").write_text(json.dumps({"heat": {"weights": weights}}))
        return folder

    changed, extra = load_exported(written(before, "before"))
    attach(changed, 4, extra)
    with_effect(changed)
    parts = changes(changed)
    merged = Encoder()
    merged.load_state_dict(merged_state(changed))
    path = tmp_path / "merged.onnx"
    export_graph(merged.eval(), path)
    after = onnx.load(str(path))
    quantise_weights(after, stored_changes(parts))
    stored = {i.name: onnx.numpy_helper.to_array(i) for i in before.graph.initializer}
    kept = [i for i in after.graph.initializer if i.name.endswith(".int8")]
    assert len(kept) > 40 and all(np.array_equal(onnx.numpy_helper.to_array(i), stored[i.name]) for i in kept)
    folder = written(after, "after")
    assert largest_difference(merged, folder / "encoder.onnx", trees) < 0.02  # the change is rounded to float16
    read, known = load_exported(folder)
    assert all(torch.allclose(a, b, atol=2e-4) for a, b in zip(read.state_dict().values(), merged.state_dict().values(), strict=True))
    assert {n: t.shape for n, t in known.items() if not n.startswith("heat")} == {n: t.shape for n, t in parts.items()}


def test_the_manifest_keeps_the_training_commit_of_an_encoder_that_stays(encoder: Encoder, exported: Path, tmp_path: Path) -> None:
    (exported.parent / "tokenizer.json").write_text("{}")
    before = tmp_path / "before"
    before.mkdir()

    def written(encoder_hash: str) -> dict[str, object]:
        (before / "manifest.json").write_text(json.dumps({"files": {"encoder.onnx": encoder_hash}, "trainingCommit": "1234567"}))
        return make_manifest(exported.parent, encoder, {}, "tree", "10.4", before)

    same, other = written(sha256(exported)), written("0" * 64)
    assert same["version"] == other["version"] == "10.4"
    assert same["trainingCommit"] == "1234567"
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other["trainingCommit"] == head.stdout.strip()
    # Everything else that the engine reads of the shipped manifest is there.
    assert set(json.loads((ROOT / "models" / "manifest.json").read_text(encoding="utf-8"))) == set(same)


def test_the_command_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "training" / "export.py"), "--from", str(tmp_path), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    last = done.stderr.splitlines()[-1]
    assert done.returncode != 0 and last.startswith("FileNotFoundError") and str(tmp_path / "checkpoint.pt") in last
    assert not (tmp_path / "out").exists()


def test_a_trained_encoder_is_not_exported_as_the_flat_start_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["export.py", "--flat", "--from", str(tmp_path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit):
        export.main()
    assert not (tmp_path / "out").exists()
