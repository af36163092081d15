"""The conversation that docs/protocol.md shows, held against the daemon and against the client."""

import json
import re
import socket
import threading
import unittest

from rig import PATIENCE_SECONDS, ROOT, DaemonCase, Peer, larder


def page() -> list[tuple[str, bytes]]:
    """Frames with the side that sent them, `>` or `<`."""
    text = (ROOT / "docs/protocol.md").read_text()
    [block] = re.findall(r"^## A conversation\n.*?^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    frames: list[tuple[str, bytes]] = []
    for line in block.splitlines():
        if line[0] in "<>":
            frames.append((line[0], b""))
        else:
            side, found = frames[-1]
            row = bytes.fromhex(line[2:49])
            text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
            assert line[50:] == text.rstrip(), line
            frames[-1] = (side, found + row)
    return frames


def read(peer: Peer) -> bytes:
    header = peer.bytes(16)
    return header + peer.bytes(int.from_bytes(header[:4], "little"))


def parted(hello: bytes) -> tuple[bytes, object]:
    """A HELLO's header without its length, and its members without the daemon's version."""
    members = json.loads(hello[16:])
    assert members.pop("server").startswith("larderd/")
    return hello[4:16], members


class Example(DaemonCase):
    def test_the_daemon_sends_what_the_page_shows(self) -> None:
        peer = self.peer(hello=False)
        for number, (side, expected) in enumerate(page()):
            if side == ">":
                peer.socket.sendall(expected)
            elif number == 1:
                self.assertEqual(parted(read(peer)), parted(expected))
            else:
                self.assertEqual(read(peer).hex(" "), expected.hex(" "))

    def test_the_client_sends_what_the_page_shows(self) -> None:
        path = str(self.daemon.folder / "page.sock")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(path)
        listener.listen()
        sent: list[bytes] = []
        server = threading.Thread(target=self.play, args=[listener, sent])
        server.start()
        with larder.connect(path, timeout=PATIENCE_SECONDS) as client:
            stored = client.put(b"hello, larder\n")
            self.assertEqual((stored.size, stored.existed), (14, False))
            self.assertEqual(client.has([stored.digest, "00" * 32]), [True, False])
            ranges = [(stored.digest, 7, 6), ("00" * 32, 0, larder.TO_THE_END)]
            items = client.get_many(ranges)
            self.assertEqual(items, [(0, 14, b"larder"), (1, 0, b"")])
        server.join()
        self.assertEqual(sent, [frame for side, frame in page() if side == ">"])

    def play(self, listener: socket.socket, sent: list[bytes]) -> None:
        """The page's daemon: reads a frame wherever the page shows one, and answers as it does."""
        peer = Peer(listener.accept()[0])
        with peer.socket:
            for side, frame in page():
                if side == ">":
                    sent.append(read(peer))
                else:
                    peer.socket.sendall(frame)


if __name__ == "__main__":
    unittest.main()
