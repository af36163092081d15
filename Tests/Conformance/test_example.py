"""The conversation that docs/protocol.md shows, held against the daemon and against the client.

Where both are right and the page is not, `write_example.py` mends it.
"""

import json
import socket
import threading
import unittest

from rig import PATIENCE_SECONDS, DaemonCase, Peer, larder
from write_example import BLOCK, PAGE, converse, shown


def page() -> list[tuple[str, bytes]]:
    """Frames with the side that sent them, `>` or `<`."""
    [block] = BLOCK.findall(PAGE.read_text())
    frames: list[tuple[str, bytes]] = []
    for line in block.splitlines():
        if line[0] in "<>":
            frames.append((line[0], b""))
        else:
            side, found = frames[-1]
            row = bytes.fromhex(line[2:49])
            assert line[50:] == shown(row).rstrip(), line
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
            items = converse(client)
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
