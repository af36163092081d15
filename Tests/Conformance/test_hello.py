"""HELLO, PING and STATS."""

import unittest

from rig import DaemonCase, Flag, Kind


class Hello(DaemonCase):
    def answer_to(self, members: object) -> str:
        """The code with which a HELLO is refused; the connection must end with it."""
        peer = self.peer(hello=False)
        peer.send_json(Kind.HELLO, 5, members)
        kind, request, code = peer.error()
        self.assertEqual((kind, request), (Kind.HELLO, 5))
        self.assertTrue(peer.is_ended(), "the connection goes on")
        return code

    def test_the_answer_tells_version_realm_capabilities_and_limits(self) -> None:
        hello = self.client().hello
        self.assertEqual((hello["protocol"], hello["realm"]), (1, "default"))
        self.assertRegex(hello["server"], r"^larderd/\d+\.\d+\.\d+")
        self.assertIn("bytes", hello["capabilities"])
        self.assertEqual(hello["limits"]["frameBodyMax"], 4_194_304)
        self.assertEqual(hello["limits"]["requestsInFlightMax"], 64)
        self.assertEqual(hello["limits"]["digestsMax"], 10_000)
        self.assertEqual(hello["limits"]["blobSizeMax"], 1_073_741_824)
        self.assertEqual(hello["limits"]["sessionsMax"], 64)

    def test_the_highest_common_version_is_taken(self) -> None:
        for versions in ([1, 1], [0, 1], [1, 9], [0, 2**31]):
            peer = self.peer(hello=False)
            peer.send_json(Kind.HELLO, 1, {"protocol": versions, "client": "peer"})
            self.assertIn(b'"protocol":1', peer.frame().body)

    def test_no_common_version_is_refused(self) -> None:
        for versions in ([2, 9], [0, 0]):
            code = self.answer_to({"protocol": versions, "client": "peer"})
            self.assertEqual(code, "unsupportedProtocol")

    def test_a_hello_that_is_none_is_refused(self) -> None:
        versions: list[object] = [1, [], [1], [1, 1, 1], ["1", "1"], [2, 1]]
        for members in [{}, [], 1, *({"protocol": each, "client": "peer"} for each in versions)]:
            with self.subTest(members=members):
                self.assertEqual(self.answer_to(members), "badRequest")

    def test_a_hello_that_is_not_json_is_refused(self) -> None:
        for body in (b"", b"{", b"\xff\xfe", b'{"protocol": [1, 1]'):
            peer = self.peer(hello=False)
            peer.send(Kind.HELLO, 1, body)
            self.assertEqual(peer.error(), (Kind.HELLO, 1, "badRequest"))
            self.assertTrue(peer.is_ended())

    def test_members_that_nobody_knows_are_skipped(self) -> None:
        peer = self.peer(hello=False)
        peer.send_json(Kind.HELLO, 1, {"protocol": [1, 1], "client": "peer", "colour": ["red"]})
        self.assertEqual(peer.frame().flags, Flag.REPLY)

    def test_whatever_comes_before_is_refused(self) -> None:
        for kind in [*Kind, 99]:
            if kind == Kind.HELLO:
                continue
            peer = self.peer(hello=False)
            peer.send(kind, 3)
            self.assertEqual(peer.error(), (kind, 3, "protocolViolation"))
            self.assertTrue(peer.is_ended())

    def test_a_second_one_is_refused(self) -> None:
        peer = self.peer()
        peer.send_json(Kind.HELLO, 2, {"protocol": [1, 1], "client": "peer"})
        self.assertEqual(peer.error(), (Kind.HELLO, 2, "protocolViolation"))
        self.assertTrue(peer.is_ended())

    def test_requests_need_not_wait_for_its_answer(self) -> None:
        peer = self.peer(hello=False)
        peer.send_json(Kind.HELLO, 1, {"protocol": [1, 1], "client": "peer"})
        peer.send(Kind.PING, 2, b"early")
        self.assertEqual(peer.frame().kind, Kind.HELLO)
        self.assertEqual(peer.frame().body, b"early")


class PingAndStats(DaemonCase):
    def test_ping_gives_back_up_to_64_bytes(self) -> None:
        client = self.client()
        for size in (0, 1, 63, 64):
            data = bytes(range(size))
            self.assertEqual(client.ping(data), data)

    def test_ping_of_65_bytes_is_refused(self) -> None:
        client = self.client()
        with self.refuses("badRequest"):
            client.ping(bytes(65))
        self.assertEqual(client.ping(), b"")

    def test_stats_count_what_was_asked(self) -> None:
        client = self.client()
        before = client.stats()["machine"]["requests"].get("ping", 0)
        client.ping()
        stats = client.stats()
        self.assertEqual(stats["machine"]["requests"]["ping"], before + 1)
        self.assertEqual(stats["realm"], "default")

    def test_stats_take_no_body(self) -> None:
        peer = self.peer()
        peer.send(Kind.STATS, 2, b"{}")
        self.assertEqual(peer.error(), (Kind.STATS, 2, "badRequest"))


if __name__ == "__main__":
    unittest.main()
