"""Writes the conversation of docs/protocol.md anew, when the protocol changed:

    python3 Tests/Conformance/write_example.py
"""

import re
import socket
from typing import Any

from content import ABSENT
from rig import ROOT, Daemon, larder

PAGE = ROOT / "docs/protocol.md"
BLOCK = re.compile(r"(?<=\n## A conversation\n).*?^```\n(.*?)^```", re.DOTALL | re.MULTILINE)

TITLES = [
    "> HELLO, request 1: versions 1 to 1",
    "< HELLO: version 1, realm, limits",
    "> PUT, request 2: accepted, not named, 14 bytes",
    "< PUT: digest, size, new to this realm",
    "> HAS, request 3: that digest, and 32 zeros",
    "< HAS: present, absent",
    "> GET, request 4: as bytes: 6 from 7 of that digest, and all of the zeros",
    "< GET, MORE and DATA: item 0, status 0, a blob of 14 bytes, 6 of them",
    "< GET, DATA: item 1, status 1",
]


def converse(client: larder.Client) -> list[larder.Item]:
    """What the page shows after HELLO."""
    stored = client.put(b"hello, larder\n")
    client.has([stored.digest, ABSENT])
    return client.get_many([(stored.digest, 7, 6), (ABSENT, 0, larder.TO_THE_END)], places=False)


class Recorder(socket.socket):
    """Keeps what went each way."""

    def __init__(self) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        self.bytes: dict[str, bytes] = {">": b"", "<": b""}

    def send(self, data: Any, *flags: int) -> int:
        sent = super().send(data, *flags)
        self.bytes[">"] += bytes(data[:sent])
        return sent

    def recvmsg(self, *arguments: int) -> Any:
        found = super().recvmsg(*arguments)
        self.bytes["<"] += found[0]
        return found


def dump(frame: bytes) -> str:
    rows = (frame[at : at + 16] for at in range(0, len(frame), 16))
    return "".join(f"  {row.hex(' '):47} {shown(row)}".rstrip() + "\n" for row in rows)


def shown(row: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)


def main() -> None:
    daemon = Daemon()
    try:
        recorder = Recorder()
        recorder.connect(daemon.socket)
        with larder.Client(recorder) as client:
            converse(client)
    finally:
        daemon.remove()
    text = ""
    for title in TITLES:
        found = recorder.bytes[title[0]]
        end = 16 + int.from_bytes(found[:4], "little")
        text += f"{title}\n{dump(found[:end])}"
        recorder.bytes[title[0]] = found[end:]
    assert not any(recorder.bytes.values()), "there are more frames than titles"
    page = PAGE.read_text()
    [block] = BLOCK.finditer(page)
    PAGE.write_text(page[: block.start(1)] + text + page[block.end(1) :])


if __name__ == "__main__":
    main()
