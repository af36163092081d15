"""Applications of ours that a real webpack built, and their way into a daemon."""

import functools
import json
import subprocess
from pathlib import Path
from typing import Any

from rig import ROOT, larder


@functools.cache
def applications() -> Path:
    """The folder of Tests/Fixtures/build; see Tests/Fixtures/README.md."""
    command = [str(ROOT / "Tests/Fixtures/build"), "apps", "--seed", "1"]
    return Path(subprocess.check_output(command, text=True).strip())


@functools.cache
def facts() -> dict[str, Any]:
    """fixtures.json: names and exposes by role."""
    found: dict[str, Any] = json.loads((applications() / "fixtures.json").read_text())
    return found


def app(role: str) -> str:
    """The name of the application in a role: shell, catalog or cart."""
    name: str = facts()["apps"][role]["name"]
    return name


def expose(role: str, which: str) -> dict[str, str]:
    """A request of a plan."""
    return {"remote": app(role), "expose": facts()["apps"][role]["exposes"][which]}


def folder(role: str, variant: str, deploy: str = "dist") -> Path:
    return applications() / deploy / app(role) / variant


def variant(client: larder.Client, built: Path) -> larder.Json:
    """Puts every file of a build and returns what PUBLISH takes for it."""
    files = []
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        stored = client.put(path.read_bytes(), durable=True)
        relative = path.relative_to(built).as_posix()
        files.append({"path": relative, "digest": stored.digest, "size": stored.size})
    [stats] = [file["digest"] for file in files if file["path"] == "stats.json"]
    return {"stats": stats, "files": files}


def publish(client: larder.Client, role: str, *variants: str, deploy: str = "dist") -> larder.Json:
    built = [variant(client, folder(role, each, deploy)) for each in variants]
    return client.publish(app(role), built)
