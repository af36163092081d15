"""A daemon that has no descriptor left, or may send none."""

import os
import resource
import signal
import socket
import time
import unittest
from pathlib import Path

from content import get_body, get_content, noise
from rig import PATIENCE_SECONDS, Daemon, DaemonCase, Flag, Kind, larder


SLABS = Flag.REPLY | Flag.SLABS | Flag.MORE


def park(count: int, user: int) -> int:
    """A process of somebody else that leaves so many descriptors in a socket which nobody reads."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            # Its own limit is not what is tried.
            resource.setrlimit(resource.RLIMIT_NOFILE, (2 * count, 2 * count))
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            ours, _theirs = socket.socketpair()
            for start in range(0, count, 64):
                socket.send_fds(ours, [b"."], [0] * min(64, count - start))
            os.write(write, b"p")
            signal.pause()
        finally:
            os._exit(1)
    os.close(write)
    parked = os.read(read, 1)
    os.close(read)
    assert parked == b"p"
    return process


def open_files(daemon: Daemon) -> int:
    return len(list(Path(f"/proc/{daemon.process.pid}/fd").iterdir()))


class Exhausted(DaemonCase):
    """Tests that share a daemon which may have few descriptors open."""

    DESCRIPTORS = 96

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(descriptors=cls.DESCRIPTORS)
        cls.addClassCleanup(cls.daemon.remove)

    def test_connections_leave_descriptors_and_those_that_are_there_go_on(self) -> None:
        client = self.client()
        digest = client.put(noise(5_000)).digest
        before = open_files(self.daemon)
        peers = [self.peer(hello=False) for _ in range(self.DESCRIPTORS)]
        self.assertEqual(peers[-1].error()[1:], (0, "busy"))
        peers[0].hello()
        self.assertEqual(client.get(digest), noise(5_000))
        self.assertLess(open_files(self.daemon), self.DESCRIPTORS)
        for peer in peers:
            peer.close()
        end = time.monotonic() + PATIENCE_SECONDS
        while open_files(self.daemon) > before and time.monotonic() < end:
            client.ping()
        self.assertEqual(self.client().get(digest), noise(5_000))

    def test_content_comes_as_bytes_where_no_slab_can_be_made(self) -> None:
        client = self.client()
        blobs = [noise(5_000, n) for n in range(self.DESCRIPTORS)]
        digests = [client.put(blob).digest for blob in blobs]
        before = open_files(self.daemon)
        kinds = set()
        for digest, blob in zip(digests, blobs):
            [item] = client.get_many([(digest, 0, larder.TO_THE_END)], alone=True)
            self.assertEqual(item.data, blob)
            kinds.add(type(item.data.obj))
        self.assertEqual(len(kinds), 2, "all came as bytes, or all as places")
        self.assertGreater(open_files(self.daemon), before)
        self.assertEqual(client.put(noise(70_000)).size, 70_000)


@unittest.skipUnless(os.geteuid() == 0, "root alone can be another user, who has a limit")
class OnTheirWay(DaemonCase):
    """Of a user who is not root no more descriptors are in sockets than he may have open."""

    DESCRIPTORS = 256
    USER = 1234

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(user=cls.USER, descriptors=cls.DESCRIPTORS)
        cls.addClassCleanup(cls.daemon.remove)
        cls.blobs = [noise(5_000, n) for n in range(48)]

    def test_clients_that_never_read_leave_others_their_content(self) -> None:
        client = self.client()
        digests = [client.put(blob).digest for blob in self.blobs]
        peers = [self.peer() for _ in range(8)]
        for peer in peers:
            for request, start in enumerate(range(0, len(digests), 16), start=2):
                peer.send(Kind.GET, request, get_body(*digests[start : start + 16], places=2))
        # Each has all that it asked for, whoever else reads: as descriptors or as bytes.
        for peer in reversed(peers):
            items = 0
            for request in range(2, 5):
                for frame in peer.reply(request):
                    self.assertFalse(frame.flags & Flag.ERROR)
                    if frame.flags & Flag.DATA:
                        items += 1
                        item = larder.ITEM_HEAD.unpack_from(frame.body)[0]
                        expected = self.blobs[(request - 2) * 16 + item]
                        self.assertEqual(get_content(frame), expected)
            self.assertEqual(items + len(peer.descriptors), len(digests))
        kinds = [bool(peer.descriptors) for peer in peers]
        self.assertEqual((any(kinds), all(kinds)), (True, False))

    def test_what_may_not_be_sent_comes_when_it_may(self) -> None:
        """ETOOMANYREFS: another process of the user has used the limit up."""
        client = self.client()
        digest = client.put(self.blobs[0]).digest
        process = park(self.DESCRIPTORS + 1, self.USER)
        self.addCleanup(os.waitpid, process, 0)
        self.addCleanup(os.kill, process, signal.SIGKILL)
        peer = self.peer()
        peer.send(Kind.GET, 2, get_body(digest, places=1))
        # What needs none goes its way, also behind a pause of the daemon's.
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            self.assertEqual(client.get(digest), self.blobs[0])
        os.kill(process, signal.SIGKILL)
        [slabs, places] = peer.reply(2)
        self.assertEqual((slabs.flags, len(peer.descriptors)), (SLABS, 1))
        self.assertEqual(places.flags, Flag.REPLY | Flag.PLACES)


if __name__ == "__main__":
    unittest.main()
