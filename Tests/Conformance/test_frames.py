"""Frames: what is read, what is refused, and what the connection does then."""

import unittest

from rig import DaemonCase, Flag, Kind

FRAME_BODY_MAX = 4_194_304
ONE_FRAME_KINDS = [kind for kind in Kind if kind not in (Kind.HELLO, Kind.PUT)]


class Frames(DaemonCase):
    def closes(self, code: str, kind: int, **frame: int) -> None:
        peer = self.peer()
        peer.send(kind, 77, b"", **frame)
        self.assertEqual(peer.error(), (kind, 77, code))
        self.assertTrue(peer.is_ended(), "the connection goes on")

    def test_a_reserved_bit_is_malformed(self) -> None:
        for bit in range(16):
            with self.subTest(bit=bit):
                self.closes("malformedFrame", Kind.PING, reserved=1 << bit)

    def test_an_unknown_flag_is_malformed(self) -> None:
        for bit in range(4, 8):
            with self.subTest(bit=bit):
                self.closes("malformedFrame", Kind.PING, flags=1 << bit)

    def test_a_client_sets_neither_reply_nor_error(self) -> None:
        for flag in (Flag.REPLY, Flag.ERROR):
            with self.subTest(flag=flag):
                self.closes("malformedFrame", Kind.PING, flags=flag)

    def test_a_kind_of_zero_is_malformed(self) -> None:
        self.closes("malformedFrame", 0)

    def test_a_request_of_one_frame_has_neither_more_nor_data(self) -> None:
        for kind in ONE_FRAME_KINDS:
            for flag in (Flag.MORE, Flag.DATA):
                with self.subTest(kind=kind, flag=flag):
                    self.closes("malformedFrame", kind, flags=flag)

    def test_a_continuation_of_no_request_is_malformed(self) -> None:
        for flags in (Flag.DATA, Flag.DATA | Flag.MORE):
            with self.subTest(flags=flags):
                self.closes("malformedFrame", Kind.PUT, flags=flags)

    def test_a_body_above_the_limit_is_refused_before_it_comes(self) -> None:
        for length in (FRAME_BODY_MAX + 1, 2**32 - 1):
            with self.subTest(length=length):
                self.closes("frameTooLarge", Kind.PUT, length=length)

    def test_a_body_at_the_limit_is_read(self) -> None:
        peer = self.peer()
        peer.send(Kind.HAS, 2, bytes(FRAME_BODY_MAX))
        self.assertEqual(peer.error(), (Kind.HAS, 2, "badRequest"))
        peer.send(Kind.PING, 3, b"still there")
        self.assertEqual(peer.frame().body, b"still there")

    def test_an_unknown_kind_is_refused_and_the_connection_goes_on(self) -> None:
        peer = self.peer()
        for kind in (23, 99, 255):
            peer.send(kind, kind, b"whatever")
            self.assertEqual(peer.error(), (kind, kind, "unknownVerb"))
        peer.send(Kind.PING, 2)
        self.assertEqual(peer.frame().request, 2)

    def test_the_further_frames_of_an_unknown_kind_are_dropped(self) -> None:
        peer = self.peer()
        peer.send(99, 2, b"begin", Flag.MORE)
        self.assertEqual(peer.error(), (99, 2, "unknownVerb"))
        peer.send(99, 2, b"go on", Flag.DATA | Flag.MORE)
        peer.send(99, 2, b"end", Flag.DATA)
        peer.send(Kind.PING, 2, b"works")
        self.assertEqual(peer.frame().body, b"works")

    def test_a_frame_may_come_byte_by_byte(self) -> None:
        peer = self.peer()
        for byte in bytes.fromhex("0300000002000000 0807060504030201 616263"):
            peer.socket.sendall(bytes([byte]))
        frame = peer.frame()
        self.assertEqual(frame.request, 0x0102030405060708)
        self.assertEqual((frame.kind, frame.flags, frame.body), (Kind.PING, Flag.REPLY, b"abc"))

    def test_frames_may_come_in_one_piece(self) -> None:
        peer = self.peer()
        one = "0100000002000000 {:02x}00000000000000 {:02x}"
        peer.socket.sendall(b"".join(bytes.fromhex(one.format(n, n)) for n in range(2, 60)))
        found = {frame.request: frame.body for frame in (peer.frame() for _ in range(2, 60))}
        self.assertEqual(found, {n: bytes([n]) for n in range(2, 60)})

    def test_any_number_is_a_request_id(self) -> None:
        peer = self.peer()
        for request in (0, 1, 2**63, 2**64 - 1):
            peer.send(Kind.PING, request, b"?")
            self.assertEqual(peer.frame()[:4], (Kind.PING, Flag.REPLY, request, b"?"))

    def test_an_id_is_free_again_after_its_reply(self) -> None:
        peer = self.peer()
        for _ in range(3):
            peer.send(Kind.STATS, 9)
            self.assertEqual(peer.frame().request, 9)

    def test_an_id_in_use_is_refused_and_the_connection_ends(self) -> None:
        peer = self.peer()
        peer.send(Kind.PUT, 9, bytes(48), Flag.MORE)
        peer.send(Kind.PING, 9)
        self.assertEqual(peer.error(), (Kind.PING, 9, "protocolViolation"))
        self.assertTrue(peer.is_ended())

    def test_half_a_frame_and_an_end_do_no_harm(self) -> None:
        whole = bytes.fromhex("0300000002000000 0200000000000000 616263")
        for length in range(len(whole)):
            peer = self.peer()
            peer.socket.sendall(whole[:length])
            peer.socket.shutdown(1)
            self.assertTrue(peer.is_ended(), f"an answer to {length} bytes of a frame")
        self.assertEqual(self.client().ping(), b"")

    def test_noise_ends_its_own_connection_only(self) -> None:
        other = self.client()
        peer = self.peer(hello=False)
        peer.socket.sendall(b"GET / HTTP/1.1\r\nHost: larder\r\n\r\n")
        self.assertEqual(peer.error()[2], "frameTooLarge")
        self.assertTrue(peer.is_ended())
        self.assertEqual(other.ping(b"here"), b"here")


if __name__ == "__main__":
    unittest.main()
