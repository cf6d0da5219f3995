"""Packages come from registries that fail, forget old versions and are asked again."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from strata_training import fetching


class Archive(BaseHTTPRequestHandler):
    """Serves one old package as snapshot.debian.org does, after answers that go wrong in some way."""

    wrong: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.wrong:
            kind = self.wrong.pop()
            self.send_response(503 if kind == "busy" else 200)
            self.send_header("Content-Length", "900" if kind == "cut off" else "6")
            self.end_headers()
            self.wfile.write(b"<html>")
            return
        found = {
            "/mr/binary/words/2%3A1.0%2Bx-1/binfiles": b'{"result": [{"architecture": "arm64", "hash": "a"}, {"architecture": "all", "hash": "b"}]}',
            "/mr/binary/words/2%3A2.0/binfiles": b'{"result": [{"architecture": "arm64", "hash": "a"}]}',
            "/file/b": b"an old package",
        }.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def snapshot(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mirror that serves nothing, and an archive of old versions."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Archive) as server:
        Thread(target=server.serve_forever).start()
        monkeypatch.setattr(fetching, "SNAPSHOT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0)
        monkeypatch.setenv("PATH", "")
        yield
        server.shutdown()


def old_package(version: str, split: str = "dev") -> dict[str, str]:
    return {"registry": "debian", "name": "words", "version": version, "split": split, "sha256": "no package has it"}


def test_a_package_that_mirrors_have_replaced_comes_from_the_archive_of_old_ones(snapshot: None, tmp_path: Path) -> None:
    assert fetching.download(old_package("2:1.0+x-1"), tmp_path).read_bytes() == b"an old package"
    with pytest.raises(SystemExit, match="sha256"):
        fetching.fetch(old_package("2:1.0+x-1"), "words", tmp_path, lock=False)


@pytest.mark.parametrize("version", ["2:2.0", "2:3.0"])
def test_training_goes_on_without_a_package_that_nobody_serves_but_nothing_is_measured(
    snapshot: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str
) -> None:
    assert fetching.fetch(old_package(version, "train"), "words", tmp_path, lock=False) is None
    assert "words is not served: training goes on without it" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="words is not served, and it cannot be done without"):
        fetching.fetch(old_package(version, "dev"), "words", tmp_path, lock=False)


@pytest.mark.parametrize("name", ["words.whl", "words.zip", "words.tgz"])
def test_an_archive_is_unpacked_and_none_of_it_lands_elsewhere(tmp_path: Path, name: str) -> None:
    archive, into = tmp_path / name, tmp_path / "unpacked" / "here"
    members = {"words/a.py": b"a = 1\n", "words/b.txt": b"b"}

    def write(path: Path, files: dict[str, bytes]) -> None:
        if path.suffix == ".tgz":
            with tarfile.open(path, "w:gz") as tar:
                for member, data in files.items():
                    info = tarfile.TarInfo(member)
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
        else:
            with zipfile.ZipFile(path, "w") as whole:
                for member, data in files.items():
                    whole.writestr(member, data)

    write(archive, members)
    fetching.unpack(archive, into)
    assert {member: (into / member).read_bytes() for member in members} == members
    write(archive, {"../escaped.py": b"bad"})
    with contextlib.suppress(tarfile.OutsideDestinationError):
        fetching.unpack(archive, into)
    assert not (tmp_path / "unpacked" / "escaped.py").exists()


@pytest.mark.parametrize("kind", ["busy", "cut off", "no JSON"])
def test_a_registry_that_fails_is_asked_again_before_a_package_is_given_up(
    snapshot: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    package = old_package("2:1.0+x-1", "train")
    monkeypatch.setattr(Archive, "wrong", [kind] * (fetching.TRIES - 1))
    assert fetching.download_patiently(package, "words", tmp_path).read_bytes() == b"an old package"
    monkeypatch.setattr(Archive, "wrong", [kind] * fetching.TRIES)
    assert fetching.fetch(package, "words", tmp_path, lock=False) is None
    assert capsys.readouterr().err.count("words could not be fetched") == 2 * fetching.TRIES - 1


@pytest.mark.parametrize(
    ("complaint", "error"),
    [
        ("npm error code ETARGET\nnpm error notarget No matching version found for words@9.", fetching.NotServedError),
        ("npm ERR! code E404\nnpm ERR! 404 Not Found", fetching.NotServedError),
        ("npm error code ENOTFOUND", subprocess.CalledProcessError),
        ("ERROR: Could not find a version that satisfies the requirement words==9 (from versions: 1.0, 2.0)", fetching.NotServedError),
        ("ERROR: Could not find a version that satisfies the requirement words==9 (from versions: none)", subprocess.CalledProcessError),
    ],
)
def test_only_what_the_registry_says_is_missing_is_missing(tmp_path: Path, complaint: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        fetching.run_client([sys.executable, "-c", f"raise SystemExit({complaint!r})"], tmp_path)
