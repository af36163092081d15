"""Places in slabs, their descriptors, and DROP."""

import fcntl
import mmap
import os
import resource
import socket
import struct
import unittest

import fixtures
from content import get_body, name, noise
from fixtures import expose
from rig import DaemonCase, Flag, Kind, Peer, larder

PLACES = Flag.REPLY | Flag.PLACES
SLABS = Flag.REPLY | Flag.SLABS | Flag.MORE


def read(peer: Peer, request: int) -> tuple[list[larder.Frame], dict[int, mmap.mmap]]:
    """A reply with the slabs that came with it."""
    frames = peer.reply(request)
    named = b"".join(frame.body for frame in frames if frame.flags & Flag.SLABS)
    slabs = list(larder.SLAB.iter_unpack(named))
    assert len(slabs) == len(peer.descriptors)
    maps = {}
    for (slab, size), descriptor in zip(slabs, peer.descriptors):
        maps[slab] = mmap.mmap(descriptor, size, mmap.MAP_SHARED, mmap.PROT_READ)
    return frames, maps


class Places(DaemonCase):
    realms = ["blue"]

    def test_a_slab_comes_once_and_before_its_first_place(self) -> None:
        peer, client = self.peer(), self.client()
        blob = noise(5_000)
        digest = client.put(blob).digest
        peer.send(Kind.GET, 2, get_body(digest, digest, places=True))
        (first, second), maps = read(peer, 2)
        self.assertEqual((first.flags, second.flags), (SLABS, PLACES))
        [(slab, memory)] = maps.items()
        self.assertEqual(len(second.body), 2 * (larder.PLACE_HEAD.size + larder.EXTENT.size))
        for number in range(2):
            at = number * (larder.PLACE_HEAD.size + larder.EXTENT.size)
            head = larder.PLACE_HEAD.unpack_from(second.body, at)
            self.assertEqual(head, (number, larder.Status.BYTES, 5_000, 1))
            place = larder.EXTENT.unpack_from(second.body, at + larder.PLACE_HEAD.size)
            self.assertEqual((place[0], place[2]), (slab, 5_000))
            self.assertEqual(memory[place[1] : place[1] + 5_000], blob)
        peer.send(Kind.GET, 3, get_body(digest, places=True))
        [again] = peer.reply(3)
        self.assertEqual((again.flags, len(peer.descriptors)), (PLACES, 1))

    def test_a_slab_is_sealed_and_as_large_as_it_says(self) -> None:
        peer, client = self.peer(), self.client()
        peer.send(Kind.GET, 2, get_body(client.put(noise(5_000)).digest, places=True))
        frames, _ = read(peer, 2)
        [(_, size)] = larder.SLAB.iter_unpack(frames[0].body)
        [descriptor] = peer.descriptors
        self.assertEqual(fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & larder.SEALS, larder.SEALS)
        self.assertEqual(os.fstat(descriptor).st_size, size)

    def test_nobody_can_change_a_slab(self) -> None:
        peer, client = self.peer(), self.client()
        blob = noise(5_000)
        digest = client.put(blob).digest
        peer.send(Kind.GET, 2, get_body(digest, places=True))
        read(peer, 2)
        [descriptor] = peer.descriptors
        path = f"/proc/self/fd/{descriptor}"
        opened = [descriptor]
        for flags in (os.O_RDWR, os.O_WRONLY, os.O_RDWR | os.O_TRUNC):
            try:
                opened.append(os.open(path, flags))
            except PermissionError:
                continue  # which is even better
        for each in opened[1:]:
            self.addCleanup(os.close, each)
        for each in opened:
            for change in (
                lambda: os.pwrite(each, b"evil", 0),
                lambda: os.ftruncate(each, 0),
                lambda: os.ftruncate(each, 1 << 30),
                lambda: os.posix_fallocate(each, 1 << 30, 1),
                lambda: mmap.mmap(each, 4_096, mmap.MAP_SHARED, mmap.PROT_WRITE),
            ):
                with self.assertRaises(OSError):
                    change()
        self.assertEqual(client.view(digest), blob)
        self.assertEqual(client.get(digest), blob)

    def test_statuses_and_ranges(self) -> None:
        client = self.client()
        blob = noise(300_000)
        digest = client.put(blob).digest
        absent = name(b"absent")
        ranges = [
            (digest, 0, larder.TO_THE_END),
            (digest, 100_000, 150_000),
            (digest, 299_999, 1),
            (digest, 300_000, 0),
            (digest, 300_000, 1),
            (absent, 0, 1),
            (digest, 5, 5),
        ]
        self.assertEqual(client.get_many(ranges), client.get_many(ranges, places=False))
        self.assertEqual(client.view(digest, 7, 9), blob[7:16])
        self.assertIsNone(client.view(absent))
        with self.assertRaises(ValueError):
            client.view(digest, 0, 300_001)

    def test_a_descriptor_leads_to_one_blob_in_one_piece_and_to_nothing_else(self) -> None:
        peer, client = self.peer(), self.client()
        blobs = [noise(3_000_000, 1), noise(5_000, 2)]
        digests = [client.put(blob).digest for blob in blobs]
        client.get_many([(digest, 0, larder.TO_THE_END) for digest in digests])
        peer.send(Kind.GET, 2, get_body(*digests, digests[0], places=2))
        (slabs, places), maps = read(peer, 2)
        self.assertEqual((slabs.flags, places.flags), (SLABS, PLACES))
        self.assertEqual(len(maps), 2)
        for number, blob in enumerate([*blobs, blobs[0]]):
            at = number * (larder.PLACE_HEAD.size + larder.EXTENT.size)
            self.assertEqual(larder.PLACE_HEAD.unpack_from(places.body, at)[3], 1)
            slab, offset, length = larder.EXTENT.unpack_from(
                places.body, at + larder.PLACE_HEAD.size
            )
            self.assertEqual((offset, length), (0, len(blob)))
            self.assertEqual(maps[slab][:length], blob)
            self.assertEqual(maps[slab][length:], bytes(len(maps[slab]) - length))
        # Another client gets the same memory, not another copy.
        inode = os.fstat(peer.descriptors[0]).st_ino
        other = self.peer()
        other.send(Kind.GET, 2, get_body(digests[0], places=2))
        read(other, 2)
        self.assertEqual(os.fstat(other.descriptors[0]).st_ino, inode)

    def test_ranges_statuses_and_plans_by_descriptor(self) -> None:
        client = self.client()
        blob = noise(300_000, 3)
        digest = client.put(blob).digest
        ranges = [(digest, 100_000, 150_000), (digest, 300_000, 0), (name(b"absent"), 0, 1)]
        self.assertEqual(client.get_many(ranges, alone=True), client.get_many(ranges, places=False))
        fixtures.publish(client, "cart", "node")
        requests = [expose("cart", "Promotion")]
        by_bytes = client.open(requests=requests, reply="bytes")
        self.assertEqual(client.open(requests=requests, reply="descriptors").blobs, by_bytes.blobs)

    def test_more_descriptors_than_may_be_unread_come_as_bytes(self) -> None:
        client = self.client()
        blobs = [noise(1_000, 1_000 + number) for number in range(100)]
        digests = [client.put(blob).digest for blob in blobs]
        items = client.get_many([(digest, 0, 1_000) for digest in digests], alone=True)
        self.assertEqual([item.data for item in items], blobs)

    def test_a_large_blob_has_many_extents(self) -> None:
        client = self.client()
        blob = noise(20_000_000)
        digest = client.put(blob).digest
        self.assertEqual(client.view(digest), blob)

    def test_views_outlast_drop_connection_and_daemon(self) -> None:
        client = self.client()
        blob = noise(5_000, 2)
        digest = client.put(blob).digest
        first = client.view(digest)
        client.drop()
        second = client.view(digest)
        client.close()
        self.daemon.restart()
        self.assertEqual((first, second), (blob, blob))

    def test_an_open_gives_places_or_bytes(self) -> None:
        client = self.client()
        fixtures.publish(client, "cart", "node")
        members = {"requests": [expose("cart", "CartRoute")], "include": ["required", "reachable"]}
        opened = client.open(**members)
        self.assertTrue(any(isinstance(blob.obj, mmap.mmap) for blob in opened.blobs.values()))
        for digest, blob in opened.blobs.items():
            self.assertEqual(name(blob), digest)
        as_bytes = client.open(**members, reply="bytes")
        self.assertEqual(as_bytes.blobs, opened.blobs)
        self.assertEqual(as_bytes.answer, opened.answer)
        with self.refuses("badRequest"):
            client.open(**members, reply="pigeon")

    def test_a_realms_slabs_hold_nothing_of_another(self) -> None:
        mine, theirs = noise(5_000, 3), noise(5_000, 4)
        blue = self.client(self.daemon.realm_socket("blue"))
        blue.put(theirs)
        self.assertEqual(blue.view(name(theirs)), theirs)
        peer, client = self.peer(), self.client()
        peer.send(Kind.GET, 2, get_body(client.put(mine).digest, places=True))
        _, maps = read(peer, 2)
        for memory in maps.values():
            self.assertNotEqual(memory.find(mine[1_000:1_100]), -1)
            self.assertEqual(memory.find(theirs[1_000:1_100]), -1)


class Drop(DaemonCase):
    def test_a_dropped_slab_comes_again(self) -> None:
        peer, client = self.peer(), self.client()
        digest = client.put(noise(5_000)).digest
        peer.send(Kind.GET, 2, get_body(digest, places=True))
        _, maps = read(peer, 2)
        [slab] = maps
        peer.send(Kind.DROP, 3, struct.pack("<Q", slab))
        self.assertEqual(peer.frame()[:4], (Kind.DROP, Flag.REPLY, 3, b""))
        peer.send(Kind.GET, 4, get_body(digest, places=True))
        self.assertEqual([frame.flags for frame in peer.reply(4)], [SLABS, PLACES])
        self.assertEqual(len(peer.descriptors), 2)

    def test_it_takes_1_to_slabs_max(self) -> None:
        peer = self.peer()
        slabs_max = self.client().limits["slabsMax"]
        for count in (1, slabs_max):
            peer.send(Kind.DROP, 2, struct.pack("<Q", 77) * count)
            self.assertEqual(peer.frame()[:4], (Kind.DROP, Flag.REPLY, 2, b""))
        for body in (b"", bytes(7), bytes(9), bytes(8 * (slabs_max + 1))):
            peer.send(Kind.DROP, 3, body)
            self.assertEqual(peer.error(), (Kind.DROP, 3, "badRequest"))


class Descriptors(DaemonCase):
    options = ["--memory=16"]

    def test_descriptors_that_are_lost_are_the_clients_own_loss(self) -> None:
        peer, client = self.peer(), self.client()
        digest = client.put(noise(5_000)).digest
        peer.send(Kind.GET, 2, get_body(digest, places=True))
        header = peer.socket.recv(larder.HEADER.size)  # without room for descriptors
        self.assertEqual(header[5], SLABS)
        peer.bytes(header[0])
        self.assertEqual(peer.frame().flags, PLACES)
        self.assertEqual(peer.descriptors, [])
        peer.send(Kind.PING, 3, b"on")
        self.assertEqual(peer.frame().body, b"on")
        self.assertEqual(client.view(digest), noise(5_000))

    def test_a_client_without_room_for_descriptors_says_so(self) -> None:
        client = self.client()
        digest = client.put(noise(5_000)).digest
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
        try:
            with self.assertRaisesRegex(larder.Gone, "descriptors were lost"):
                client.view(digest)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        self.assertEqual(self.client().view(digest), noise(5_000))

    def test_a_client_that_never_reads_has_no_more_than_its_share(self) -> None:
        client = self.client()
        digests = [client.put(noise(50_000, n)).digest for n in range(20)]
        peer = self.peer()
        for request in range(2, 60):
            peer.send(Kind.GET, request, get_body(*digests, places=True))
        for n, digest in enumerate(digests):
            self.assertEqual(client.view(digest), noise(50_000, n))
        waiting = set(range(2, 60))
        while waiting:
            frame = peer.frame()
            if not frame.flags & Flag.MORE:
                waiting.remove(frame.request)

    def test_what_is_kept_across_connections_counts(self) -> None:
        """16 MiB of memory: a quarter of it is as much as one user may hold."""
        client = self.client()
        blobs = [noise(400_000, n) for n in range(80)]
        digests = [client.put(blob).digest for blob in blobs]
        kept = []
        for digest, blob in zip(digests, blobs):
            with larder.connect(self.daemon.socket) as brief:
                [item] = brief.get_many([(digest, 0, 60_000)])
                self.assertEqual(item.data, blob[:60_000])
                kept.append(item.data)
        held = {id(view.obj): len(view.obj) for view in kept if isinstance(view.obj, mmap.mmap)}
        self.assertTrue(held, "nothing came as places")
        self.assertLessEqual(sum(held.values()), 4 << 20)
        self.assertTrue(any(isinstance(view.obj, bytes) for view in kept), "nothing came as bytes")
        self.assertEqual([bytes(view) for view in kept], [blob[:60_000] for blob in blobs])


class Liars(unittest.TestCase):
    """A client does not map what could change under it, or be cut."""

    def client(self) -> tuple[larder.Client, Peer]:
        ours, theirs = socket.socketpair()
        daemon = Peer(theirs)
        self.addCleanup(daemon.close)
        hello = b'{"protocol": 1, "realm": "x", "capabilities": ["places"], "limits": {}}'
        daemon.send(Kind.HELLO, 1, hello, Flag.REPLY)
        client = larder.Client(ours)
        self.addCleanup(client.close)
        return client, daemon

    def memory(self, size: int, seals: int) -> int:
        descriptor = os.memfd_create("slab", os.MFD_ALLOW_SEALING)
        self.addCleanup(os.close, descriptor)
        os.ftruncate(descriptor, size)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        return descriptor

    def slabs(self, daemon: Peer, slab: int, size: int, *descriptors: int) -> None:
        body = larder.SLAB.pack(slab, size)
        header = larder.HEADER.pack(len(body), Kind.GET, SLABS, 0, 2)
        socket.send_fds(daemon.socket, [header + body], descriptors)

    def place(self, daemon: Peer, slab: int, offset: int, length: int) -> None:
        extent = larder.EXTENT.pack(slab, offset, length)
        daemon.send(Kind.GET, 2, larder.PLACE_HEAD.pack(0, 0, length, 1) + extent, PLACES)

    def test_sealed_memory_is_mapped(self) -> None:
        client, daemon = self.client()
        self.slabs(daemon, 9, 4_096, self.memory(4_096, larder.SEALS))
        self.place(daemon, 9, 96, 4_000)
        self.assertEqual(client.view("00" * 32), bytes(4_000))

    def test_memory_that_is_not_sealed_is_not(self) -> None:
        for missing in (fcntl.F_SEAL_WRITE, fcntl.F_SEAL_GROW, fcntl.F_SEAL_SHRINK):
            client, daemon = self.client()
            self.slabs(daemon, 9, 4_096, self.memory(4_096, larder.SEALS & ~missing))
            self.place(daemon, 9, 0, 4_096)
            with self.assertRaisesRegex(larder.Gone, "not sealed"):
                client.view("00" * 32)

    def test_memory_of_another_size_is_not(self) -> None:
        client, daemon = self.client()
        self.slabs(daemon, 9, 8_192, self.memory(4_096, larder.SEALS))
        with self.assertRaisesRegex(larder.Gone, "not sealed"):
            client.view("00" * 32)

    def test_what_is_no_memory_is_not(self) -> None:
        client, daemon = self.client()
        with open("/dev/null", "rb") as file:
            self.slabs(daemon, 9, 4_096, file.fileno())
        with self.assertRaisesRegex(larder.Gone, "cannot be mapped"):
            client.view("00" * 32)

    def test_a_slab_comes_with_its_descriptor(self) -> None:
        client, daemon = self.client()
        self.slabs(daemon, 9, 4_096)
        with self.assertRaisesRegex(larder.Gone, "without its descriptor"):
            client.view("00" * 32)

    def test_a_place_lies_within_a_slab_that_came(self) -> None:
        for slab, offset, length in [(8, 0, 1), (9, 4_096, 1), (9, 0, 4_097)]:
            client, daemon = self.client()
            self.slabs(daemon, 9, 4_096, self.memory(4_096, larder.SEALS))
            self.place(daemon, slab, offset, length)
            with self.assertRaisesRegex(larder.Gone, "outside"):
                client.view("00" * 32)


if __name__ == "__main__":
    unittest.main()
