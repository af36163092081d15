"""A daemon that has no descriptor left, or may send none."""

import contextlib
import os
import unittest
from pathlib import Path

from content import get_body, noise
from rig import Daemon, DaemonCase, Flag, Kind, Peer, larder


class Exhausted(DaemonCase):
    """Tests that share a daemon which may have few descriptors open."""

    DESCRIPTORS = 96

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(descriptors=cls.DESCRIPTORS)
        cls.addClassCleanup(cls.daemon.remove)

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.daemon.process.pid}/fd").iterdir()))

    def test_connections_wait_until_there_is_room_and_those_that_are_there_go_on(self) -> None:
        client = self.client()
        digest = client.put(noise(5_000)).digest
        peers = [self.peer(hello=False) for _ in range(self.DESCRIPTORS)]
        for peer in peers:
            peer.send_json(Kind.HELLO, 1, {"protocol": [1, 1], "client": "peer"})
        first = peers[0].frame()
        self.assertEqual(first.flags, Flag.REPLY)
        self.assertEqual(client.get(digest), noise(5_000))
        # The last was not accepted: its HELLO waits with it.
        peers[-1].socket.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            peers[-1].frame()
        for peer in peers[:-1]:
            peer.close()
        peers[-1].socket.settimeout(60)
        self.assertEqual(peers[-1].frame().flags, Flag.REPLY)
        self.assertEqual(self.client().get(digest), noise(5_000))

    def test_content_comes_as_bytes_where_no_slab_can_be_made(self) -> None:
        client = self.client()
        blobs = [noise(5_000, n) for n in range(self.DESCRIPTORS)]
        digests = [client.put(blob).digest for blob in blobs]
        before = self.open_files()
        kinds = set()
        for digest, blob in zip(digests, blobs):
            [item] = client.get_many([(digest, 0, larder.TO_THE_END)], alone=True)
            self.assertEqual(item.data, blob)
            kinds.add(type(item.data.obj))
        self.assertEqual(len(kinds), 2, "all came as bytes, or all as places")
        self.assertGreater(self.open_files(), before)
        self.assertEqual(client.put(noise(70_000)).size, 70_000)


@unittest.skipUnless(os.geteuid() == 0, "root alone has no limit of descriptors on their way")
class TooManyOnTheirWay(DaemonCase):
    """ETOOMANYREFS: of a user who is not root no more are in sockets than he may have open."""

    DESCRIPTORS = 200

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(user=1234, descriptors=cls.DESCRIPTORS)
        cls.addClassCleanup(cls.daemon.remove)

    def test_descriptors_wait_until_others_were_read(self) -> None:
        client = self.client()
        blobs = [noise(5_000, n) for n in range(48)]
        digests = [client.put(blob).digest for blob in blobs]
        peers = [self.peer() for _ in range(8)]
        for peer in peers:
            for request, start in enumerate(range(0, len(digests), 16), start=2):
                peer.send(Kind.GET, request, get_body(*digests[start : start + 16], places=2))
        # Whoever wants no descriptors is served beside them.
        for digest, blob in zip(digests, blobs):
            self.assertEqual(client.get(digest), blob)
        for peer in peers:
            for request in range(2, 5):
                frames = peer.reply(request)
                self.assertEqual(frames[-1].flags & Flag.ERROR, 0)
            with contextlib.suppress(OSError):
                peer.close()
        last = self.peer()
        last.send(Kind.GET, 2, get_body(digests[0], places=2))
        self.assertEqual(last.reply(2)[-1].flags, Flag.REPLY | Flag.PLACES)
        self.assertIsInstance(last, Peer)


if __name__ == "__main__":
    unittest.main()
