"""Fetches pinned packages from their registries, checks what came by its hash, and unpacks it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

SNAPSHOT = "https://snapshot.debian.org"  # keeps each version that Debian ever served
SNAPSHOT_SECONDS = 60


def download(package: dict[str, str], into: Path) -> Path:
    """Fetches the archive of one pinned package into the folder ``into`` and returns its path.

    Raises ``OSError`` or ``subprocess.CalledProcessError`` where the registry does not serve that version.
    """
    name, version = package["name"], package["version"]
    if package["registry"] == "debian":
        try:
            subprocess.run(["apt-get", "download", "-qq", f"{name}={version}"], cwd=into, check=True)
        except (OSError, subprocess.CalledProcessError):
            return from_snapshot(name, version, into)
        return next(into.glob(f"{name}_*.deb"))
    if package["registry"] == "npm":
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=into, check=True, stdout=subprocess.DEVNULL)
        return next(into.glob("*.tgz"))
    # Wheels, because asking for a source archive would make pip run the package's own build code.
    wheel = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", "--platform=manylinux2014_x86_64"]
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", *wheel, "-d", str(into), f"{name}=={version}"], check=True)
    return next(into.glob("*.whl"))


def refresh_lists() -> None:
    """Debian's lists of what its mirrors serve now, which only an administrator may fetch; without them each package comes from the archive."""
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)


def from_snapshot(name: str, version: str, into: Path) -> Path:
    """A Debian package that mirrors have replaced by a later version, as a file in the folder ``into``. Raises ``OSError`` where that fails too."""
    with urlopen(f"{SNAPSHOT}/mr/binary/{quote(name)}/{quote(version, safe='')}/binfiles", timeout=SNAPSHOT_SECONDS) as answer:
        builds = {build["architecture"]: build["hash"] for build in json.load(answer)["result"]}
    # What is pinned has no machine code in it or was taken from this architecture; the manifest's hash tells if it was another.
    build = builds.get("all") or builds.get("amd64")
    if build is None:
        raise OSError(f"{SNAPSHOT} has {name}={version} only for {', '.join(builds)}")
    archive = into / f"{name}_{quote(version, safe='')}.deb"
    with urlopen(f"{SNAPSHOT}/file/{build}", timeout=SNAPSHOT_SECONDS) as answer:
        archive.write_bytes(answer.read())
    return archive


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


def fetch(package: dict[str, str], label: str, scratch: Path, lock: bool) -> Path | None:
    """The unpacked files of a package, its hash checked, or noted in the manifest's entry with ``lock``; None where it can be done without."""
    try:
        archive = download(package, scratch)
    except (OSError, subprocess.CalledProcessError):
        # Archives do not keep old versions for ever, and a few texts to train on can be done without; what is measured cannot.
        if package["split"] not in ("train", "more"):
            raise
        print(f"{label} is not served any more: training goes on without it", file=sys.stderr)
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
