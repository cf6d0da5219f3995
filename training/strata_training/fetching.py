"""Fetches pinned packages from their registries, checks what came by its hash, and unpacks it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

SNAPSHOT = "https://snapshot.debian.org"  # keeps each version that Debian ever served
SNAPSHOT_SECONDS = 60
# What need not be tried again: npm says it of a version that is not there, and pip where the index names other versions.
NO_SUCH_VERSION = re.compile(r"code (E404|E410|ETARGET)\b|\(from versions: (?!none\))")
TRIES = 3
PAUSE_SECONDS = 10
# An answer that was cut off is no OSError, and neither is one that is no JSON, nor a registry's client that failed.
FAILURES = (OSError, HTTPException, ValueError, subprocess.CalledProcessError)


class NotServedError(Exception):
    """The registry says that it does not have this version, or not any more."""


def download(package: dict[str, str], into: Path) -> Path:
    """Fetches the archive of one pinned package into the folder ``into`` and returns its path.

    Raises ``NotServedError``, or one of ``FAILURES`` where it is not known whether the version is served.
    """
    name, version = package["name"], package["version"]
    if package["registry"] == "debian":
        try:
            subprocess.run(["apt-get", "download", "-qq", f"{name}={version}"], cwd=into, check=True)
        except (OSError, subprocess.CalledProcessError):
            return from_snapshot(name, version, into)
        return next(into.glob(f"{name}_*.deb"))
    if package["registry"] == "npm":
        run_client(["npm", "pack", "--loglevel=error", f"{name}@{version}"], into)
        return next(into.glob("*.tgz"))
    # Wheels, because asking for a source archive would make pip run the package's own build code.
    wheel = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", "--platform=manylinux2014_x86_64"]
    run_client([sys.executable, "-m", "pip", "download", "-q", *wheel, "-d", str(into), f"{name}=={version}"], into)
    return next(into.glob("*.whl"))


def run_client(command: Sequence[str], into: Path) -> None:
    """Runs a registry's client in a folder. Raises ``NotServedError`` or ``CalledProcessError``, and what it complained of is shown."""
    done = subprocess.run(command, cwd=into, capture_output=True, text=True)
    if done.returncode == 0:
        return
    print(done.stderr, file=sys.stderr)
    if NO_SUCH_VERSION.search(done.stderr):
        raise NotServedError
    done.check_returncode()


def refresh_lists() -> None:
    """Debian's lists of what its mirrors serve now, which only an administrator may fetch; without them each package comes from the archive."""
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)


def from_snapshot(name: str, version: str, into: Path) -> Path:
    """A Debian package that mirrors have replaced by a later version, as a file in the folder ``into``. Raises what ``download`` does."""
    found = json.loads(ask_snapshot(f"mr/binary/{quote(name)}/{quote(version, safe='')}/binfiles"))["result"]
    builds = {build["architecture"]: build["hash"] for build in found}
    # What is pinned has no machine code in it or was taken from this architecture; the manifest's hash tells if it was another.
    build = builds.get("all") or builds.get("amd64")
    if build is None:
        raise NotServedError
    archive = into / f"{name}_{quote(version, safe='')}.deb"
    archive.write_bytes(ask_snapshot(f"file/{build}"))
    return archive


def ask_snapshot(path: str) -> bytes:
    """What the archive of old packages answers. Raises what ``download`` does."""
    try:
        with urlopen(f"{SNAPSHOT}/{path}", timeout=SNAPSHOT_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except HTTPError as error:
        if error.code in (404, 410):
            raise NotServedError from error
        raise


def unpack(archive: Path, into: Path) -> None:
    """Unpacks a .deb, .tar.* or .zip archive; members that would leave ``into`` are refused."""
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(archive), str(into)], check=True)
    elif archive.suffix in (".zip", ".whl"):
        with zipfile.ZipFile(archive) as z:
            z.extractall(into)
    else:
        with tarfile.open(archive) as t:
            t.extractall(into, filter="data")


def download_patiently(package: dict[str, str], label: str, into: Path) -> Path:
    """As ``download``, but tried again where it fails. Raises ``NotServedError`` where it goes on failing, too."""
    for tried in range(TRIES):
        if tried:
            time.sleep(PAUSE_SECONDS)
        try:
            return download(package, into)
        except FAILURES as error:
            print(f"{label} could not be fetched: {error}", file=sys.stderr)
    raise NotServedError


def fetch(package: dict[str, str], label: str, scratch: Path, lock: bool) -> Path | None:
    """The unpacked files of a package, its hash checked, or noted in the manifest's entry with ``lock``; None where it can be done without."""
    try:
        archive = download_patiently(package, label, scratch)
    except NotServedError:
        # Archives do not keep old versions for ever, and a few texts to train on can be done without; what is measured cannot.
        if package["split"] not in ("train", "more"):
            raise SystemExit(
                f"{label} is not served, and it cannot be done without: run this again when its registry can be reached"
            ) from None
        print(f"{label} is not served: training goes on without it", file=sys.stderr)
        return None
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if lock:
        package["sha256"] = digest
    elif package.get("sha256") != digest:
        raise SystemExit(f"{label}: sha256 is {digest}, the manifest says {package.get('sha256')}")
    root = scratch / "unpacked"
    root.mkdir()
    unpack(archive, root)
    return root
