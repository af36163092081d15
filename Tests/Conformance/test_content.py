"""HAS and GET."""

import unittest

from content import get_body, get_content, name, noise
from rig import DaemonCase, Flag, Kind, larder

Status = larder.Status

FRAME_BODY_MAX = 4_194_304


class Has(DaemonCase):
    def test_it_answers_a_byte_for_each_digest_in_order(self) -> None:
        client = self.client()
        here = client.put(b"here").digest
        peer = self.peer()
        asked = [here, name(b"absent"), here, name(b"absent too"), here]
        peer.send(Kind.HAS, 2, bytes.fromhex("".join(asked)))
        self.assertEqual(peer.frame()[:4], (Kind.HAS, Flag.REPLY, 2, bytes([1, 0, 1, 0, 1])))

    def test_it_takes_1_to_digests_max(self) -> None:
        client = self.client()
        digests_max = client.limits["digestsMax"]
        here = client.put(b"here").digest
        for count in (1, digests_max):
            self.assertEqual(client.has([here] * count), [True] * count)
        for count in (0, digests_max + 1):
            with self.refuses("badRequest"):
                client.has([here] * count)

    def test_it_takes_whole_digests_only(self) -> None:
        peer = self.peer()
        for size in (1, 31, 33, 63):
            peer.send(Kind.HAS, size, bytes(size))
            self.assertEqual(peer.error(), (Kind.HAS, size, "badRequest"))


class Get(DaemonCase):
    options = ["--memory=0"]

    def test_items_come_in_the_order_of_the_request(self) -> None:
        client = self.client()
        blobs = [noise(size, seed=size) for size in (0, 1, 31, 4_096, 70_000, 300_000)]
        digests = [client.put(blob).digest for blob in blobs]
        asked = [0, 5, 2, 2, 1, 4, 3, 0]
        items = client.get_many([(digests[i], 0, larder.TO_THE_END) for i in asked])
        self.assertEqual(items, [(Status.BYTES, len(blobs[i]), blobs[i]) for i in asked])

    def test_ranges(self) -> None:
        client = self.client()
        blob = noise(200_000)
        digest = client.put(blob).digest
        for offset, length in [(0, 1), (0, 200_000), (199_999, 1), (65_000, 70_000), (7, 0)]:
            self.assertEqual(client.get(digest, offset, length), blob[offset : offset + length])
        self.assertEqual(client.get(digest, 199_990), blob[199_990:])
        self.assertEqual(client.get(digest, 200_000, 0), b"")
        self.assertEqual(client.get(digest, 200_000), b"")

    def test_a_range_that_is_not_within_has_status_3(self) -> None:
        client = self.client()
        digest = client.put(b"0123456789").digest
        ranges = [(0, 11), (10, 1), (11, 0), (11, larder.TO_THE_END)]
        ranges += [(2**63, 2**63), (2**64 - 1, 1), (1, 2**64 - 2)]
        for item in client.get_many([(digest, *span) for span in ranges]):
            self.assertEqual(item, (Status.OUT_OF_RANGE, 10, b""))
        with self.assertRaises(ValueError):
            client.get(digest, 0, 11)

    def test_an_absent_blob_has_status_1(self) -> None:
        client = self.client()
        absent = name(b"nobody put this")
        self.assertEqual(client.get_many([(absent, 3, 4)]), [(Status.ABSENT, 0, b"")])
        self.assertIsNone(client.get(absent))

    def test_one_request_may_have_items_of_every_status(self) -> None:
        client = self.client()
        digest = client.put(b"0123456789").digest
        items = client.get_many([(digest, 9, 2), (digest, 1, 2), (name(b"absent"), 0, 1)])
        self.assertEqual(
            items,
            [(Status.OUT_OF_RANGE, 10, b""), (Status.BYTES, 10, b"12"), (Status.ABSENT, 0, b"")],
        )

    def test_a_large_item_takes_several_frames_each_with_its_head(self) -> None:
        client = self.client()
        blob = noise(2 * FRAME_BODY_MAX + 5)
        digest = client.put(blob).digest
        small = client.put(b"small").digest
        request = client.send(Kind.GET, get_body(digest, small))
        frames = list(client.frames(request))
        self.assertGreater(len(frames), 3)
        parts = [b"", b""]
        numbers = []
        for frame in frames:
            number, status, size = larder.ITEM_HEAD.unpack_from(frame.body)
            self.assertEqual((status, size), (0, [len(blob), 5][number]))
            self.assertTrue(frame.flags & Flag.DATA)
            numbers.append(number)
            parts[number] += get_content(frame)
        self.assertEqual(parts, [blob, b"small"])
        self.assertEqual(numbers, sorted(numbers))
        more = [bool(frame.flags & Flag.MORE) for frame in frames]
        self.assertEqual(more, [True] * (len(frames) - 1) + [False])

    def test_it_takes_1_to_digests_max_records(self) -> None:
        client = self.client()
        digest = client.put(b"x").digest
        digests_max = client.limits["digestsMax"]
        items = client.get_many([(digest, 0, 1)] * digests_max)
        self.assertEqual(items, [(Status.BYTES, 1, b"x")] * digests_max)
        for count in (0, digests_max + 1):
            with self.refuses("badRequest"):
                client.get_many([(digest, 0, 1)] * count)

    def test_it_takes_whole_records_only(self) -> None:
        peer = self.peer()
        for size in (1, 8, 8 + 47, 8 + 49):
            peer.send(Kind.GET, size, bytes(size))
            self.assertEqual(peer.error(), (Kind.GET, size, "badRequest"))

    def test_its_head_asks_for_bytes_or_places(self) -> None:
        peer = self.peer()
        record = get_body(name(b"absent"))[8:]
        for request, head in enumerate([b"\x03" + bytes(7), bytes(7) + b"\x01"], start=2):
            peer.send(Kind.GET, request, head + record)
            self.assertEqual(peer.error(), (Kind.GET, request, "badRequest"))

    def test_replies_of_several_requests_alternate_without_mixing(self) -> None:
        client = self.client()
        blobs = {client.put(blob).digest: blob for blob in (noise(3_000_000, n) for n in range(4))}
        requests = {
            client.send(Kind.GET, get_body(digest)): blob
            for digest, blob in blobs.items()
        }
        for request, blob in requests.items():
            found = b"".join(get_content(frame) for frame in client.frames(request))
            self.assertEqual(found, blob)


class Damage(DaemonCase):
    options = ["--memory=0", "--scrub-every=0"]

    def test_damaged_bytes_have_status_2_and_are_not_given_out(self) -> None:
        blob = noise(5_000)
        digest = self.client().put(blob, durable=True).digest
        self.daemon.damage(blob[2_000:2_100])
        client = self.client()
        [item] = client.get_many([(digest, 0, larder.TO_THE_END)])
        self.assertEqual((item.status, item.data), (Status.DAMAGED, b""))
        self.assertIsNone(client.get(digest))
        self.assertEqual(client.put(blob).digest, digest)
        self.assertEqual(client.get(digest), blob)

    def test_an_item_that_proves_damaged_late_is_void(self) -> None:
        blobs = [noise(9_000_000, 2), noise(9_000_000, 3)]
        digests = [self.client().put(blob, durable=True).digest for blob in blobs]
        for blob in blobs:
            self.daemon.damage(blob[-2_000:-1_900])
        client = self.client()
        frames = list(client.frames(client.send(Kind.GET, get_body(digests[0]))))
        statuses = [larder.ITEM_HEAD.unpack_from(frame.body)[1] for frame in frames]
        self.assertEqual((statuses[0], statuses[-1]), (Status.BYTES, Status.DAMAGED))
        self.assertIsNone(client.get(digests[1]))
        # What failed is quarantined: absent, until it is put or fetched again.
        for digest in digests:
            [item] = client.get_many([(digest, 0, larder.TO_THE_END)])
            self.assertEqual(item.status, Status.ABSENT)


if __name__ == "__main__":
    unittest.main()
