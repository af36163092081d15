"""PUT."""

import io
import struct
import unittest

from content import name, noise, put_head
from rig import DaemonCase, Flag, Kind, Peer, larder


class Put(DaemonCase):
    def stored(self, peer: Peer, request: int) -> larder.Stored:
        frame = peer.frame()
        self.assertEqual(frame[:3], (Kind.PUT, Flag.REPLY, request), frame.body)
        self.assertEqual(frame.body[41:], bytes(7))
        digest, size, existed = larder.PUT_ANSWER.unpack(frame.body)
        return larder.Stored(digest.hex(), size, bool(existed))

    def assertWorks(self, peer: Peer) -> None:
        peer.send(Kind.PING, 999, b"works")
        self.assertEqual(peer.frame().body, b"works")

    def test_one_frame_is_enough(self) -> None:
        peer = self.peer()
        for request, content in enumerate([b"", b"x", noise(100_000)], start=2):
            peer.send(Kind.PUT, request, put_head(len(content)) + content)
            self.assertEqual(self.stored(peer, request), (name(content), len(content), False))

    def test_content_may_come_in_frames_of_any_size(self) -> None:
        peer, client = self.peer(), self.client()
        pieces = [b"", b"a", noise(70_000), b"", noise(300_000, 2), b"z"]
        content = b"".join(pieces)
        peer.send(Kind.PUT, 2, put_head() + b"first", Flag.MORE)
        for piece in pieces:
            peer.send(Kind.PUT, 2, piece, Flag.DATA | Flag.MORE)
        peer.send(Kind.PUT, 2, b"", Flag.DATA)
        content = b"first" + content
        self.assertEqual(self.stored(peer, 2), (name(content), len(content), False))
        self.assertEqual(client.get(name(content)), content)

    def test_it_says_what_was_there_before(self) -> None:
        client = self.client()
        self.assertEqual(client.put(b"twice"), (name(b"twice"), 5, False))
        self.assertEqual(client.put(b"twice"), (name(b"twice"), 5, True))

    def test_both_acknowledgements(self) -> None:
        client = self.client()
        for durable in (False, True):
            content = b"durable" if durable else b"accepted"
            self.assertEqual(client.put(content, durable=durable).digest, name(content))

    def test_what_was_acknowledged_survives_the_daemon(self) -> None:
        client = self.client()
        accepted = client.put(noise(5_000, 10)).digest
        durable = client.put(noise(5_000, 11), durable=True).digest
        self.daemon.restart()
        client = self.client()
        self.assertEqual(client.get(accepted), noise(5_000, 10))
        self.assertEqual(client.get(durable), noise(5_000, 11))

    def test_content_with_its_right_name_is_stored(self) -> None:
        client = self.client()
        content = noise(40_000, 3)
        for size in (None, len(content)):
            answer = client.put(io.BytesIO(content), digest=name(content), size=size)
            self.assertEqual(answer[:2], (name(content), 40_000))

    def test_content_with_a_wrong_name_is_refused_and_not_stored(self) -> None:
        client = self.client()
        wrong = name(b"something else")
        with self.refuses("integrityMismatch"):
            client.put(b"misnamed", digest=wrong)
        self.assertEqual(client.has([wrong, name(b"misnamed")]), [False, False])

    def test_a_name_that_is_stored_does_not_vouch_for_other_content(self) -> None:
        client = self.client()
        stored = client.put(noise(3_000_000, 4)).digest
        with self.refuses("integrityMismatch"):
            client.put(noise(3_000_000, 5), digest=stored)
        self.assertFalse(client.has([name(noise(3_000_000, 5))])[0])

    def test_another_size_than_announced_is_refused(self) -> None:
        client = self.client()
        for size in (2, 4, 1_000_000):
            with self.refuses("truncated"):
                client.put(io.BytesIO(b"abc"), size=size)
        self.assertFalse(client.has([name(b"abc")])[0])

    def test_a_size_above_the_limit_is_refused_at_once(self) -> None:
        peer, client = self.peer(), self.client()
        too_large = client.limits["blobSizeMax"] + 1
        for request, size in enumerate([too_large, 2**63, larder.TO_THE_END - 1], start=2):
            peer.send(Kind.PUT, request, put_head(size) + b"start", Flag.MORE)
            self.assertEqual(peer.error(), (Kind.PUT, request, "tooLarge"))
            # What comes under that id is dropped up to its last frame, and then the id is free.
            peer.send(Kind.PUT, request, noise(100_000), Flag.DATA | Flag.MORE)
            peer.send(Kind.PUT, request, b"end", Flag.DATA)
            peer.send(Kind.PUT, request, put_head() + b"next")
            self.assertEqual(self.stored(peer, request).digest, name(b"next"))

    def test_a_head_that_is_none_is_refused(self) -> None:
        peer = self.peer()
        good = put_head()
        bad = {
            "short": good[:47],
            "empty": b"",
            "ack": b"\x02" + good[1:],
            "named": good[:1] + b"\x02" + good[2:],
            "zero16": good[:2] + b"\x01\x00" + good[4:],
            "zero32": good[:4] + b"\x00\x00\x00\x01" + good[8:],
            "digest without named": good[:16] + b"\x01" * 32,
        }
        for request, (label, body) in enumerate(bad.items(), start=2):
            with self.subTest(label):
                peer.send(Kind.PUT, request, body)
                self.assertEqual(peer.error(), (Kind.PUT, request, "badRequest"))
        self.assertWorks(peer)

    def test_the_first_frame_is_without_data(self) -> None:
        peer = self.peer()
        peer.send(Kind.PUT, 2, put_head(), Flag.DATA | Flag.MORE)
        self.assertEqual(peer.error(), (Kind.PUT, 2, "malformedFrame"))
        self.assertTrue(peer.is_ended())

    def test_further_frames_have_data(self) -> None:
        for flags in (Flag(0), Flag.MORE):
            peer = self.peer()
            peer.send(Kind.PUT, 2, put_head(), Flag.MORE)
            peer.send(Kind.PUT, 2, b"content", flags)
            self.assertEqual(peer.error(), (Kind.PUT, 2, "malformedFrame"))
            self.assertTrue(peer.is_ended())

    def test_further_frames_are_of_kind_put(self) -> None:
        for flags, code in [(Flag.DATA, "malformedFrame"), (Flag(0), "protocolViolation")]:
            peer = self.peer()
            peer.send(Kind.PUT, 2, put_head(), Flag.MORE)
            peer.send(Kind.GET, 2, b"content", flags)
            self.assertEqual(peer.error(), (Kind.GET, 2, code))
            self.assertTrue(peer.is_ended())

    def test_its_id_is_taken_up_to_its_last_frame_even_after_an_error(self) -> None:
        peer = self.peer()
        peer.send(Kind.PUT, 2, put_head(2**40), Flag.MORE)
        self.assertEqual(peer.error(), (Kind.PUT, 2, "tooLarge"))
        peer.send(Kind.PING, 2)
        self.assertEqual(peer.error(), (Kind.PING, 2, "protocolViolation"))

    def test_several_alternate_with_each_other_and_with_requests(self) -> None:
        peer = self.peer()
        contents = {request: noise(50_000, request) for request in range(2, 12)}
        for request in contents:
            peer.send(Kind.PUT, request, put_head(50_000), Flag.MORE)
        for start in range(0, 50_000, 10_000):
            for request, content in contents.items():
                piece = content[start : start + 10_000]
                last = start == 40_000
                peer.send(Kind.PUT, request, piece, Flag.DATA if last else Flag.DATA | Flag.MORE)
            peer.send(Kind.PING, 100 + start)
        found = set()
        pings = set()
        for _ in range(len(contents) + 5):
            frame = peer.frame()
            if frame.kind == Kind.PING:
                pings.add(frame.request)
            else:
                found.add((frame.request, larder.PUT_ANSWER.unpack(frame.body)[0].hex()))
        self.assertEqual(found, {(n, name(content)) for n, content in contents.items()})
        self.assertEqual(len(pings), 5)

    def test_an_unfinished_one_leaves_nothing(self) -> None:
        content = noise(2_000_000, 6)
        for half_closed in (False, True):
            peer = self.peer()
            peer.send(Kind.PUT, 2, put_head(len(content)) + content[:-1], Flag.MORE)
            if half_closed:
                peer.socket.shutdown(1)
                self.assertTrue(peer.is_ended())
            else:
                peer.socket.close()
        peer = self.peer()
        peer.send(Kind.PUT, 2, put_head(len(content)) + content[:-1], Flag.MORE)
        peer.socket.sendall(struct.pack("<IBBHQ", 1, Kind.PUT, Flag.DATA, 0, 2))  # body is missing
        peer.socket.shutdown(1)
        self.assertTrue(peer.is_ended())
        client = self.client()
        self.assertEqual(client.has([name(content), name(content[:-1])]), [False, False])
        self.assertEqual(client.put(content).existed, False)


if __name__ == "__main__":
    unittest.main()
