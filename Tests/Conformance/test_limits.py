"""Limits that HELLO announces, at them and one past them, and peers that are slow on purpose."""

import unittest

from content import get_body, get_content, name, noise, put_head
from rig import DaemonCase, Flag, Kind, larder

# Three quarters of the descriptors, and of these three quarters.
CONNECTIONS_PER_USER_MAX = 256 * 9 // 16


class Requests(DaemonCase):
    def test_as_many_requests_as_one_likes_wait_their_turn(self) -> None:
        client = self.client()
        digest = client.put(noise(1_000)).digest
        body = get_body(digest)
        requests = [client.send(Kind.GET, body) for _ in range(1_000)]
        for request in requests:
            [frame] = client.frames(request)
            self.assertEqual(get_content(frame), noise(1_000))

    def test_requests_in_flight_max_puts_at_once(self) -> None:
        peer = self.peer()
        puts = range(2, 2 + 64)
        for request in puts:
            peer.send(Kind.PUT, request, put_head() + b"put ", Flag.MORE)
        for request in puts:
            peer.send(Kind.PUT, request, b"%d" % request, Flag.DATA)
        found = {}
        for _ in puts:
            frame = peer.frame()
            self.assertEqual(frame.flags, Flag.REPLY, frame.body)
            found[frame.request] = larder.PUT_ANSWER.unpack(frame.body)[0].hex()
        self.assertEqual(found, {request: name(b"put %d" % request) for request in puts})

    def test_a_client_that_never_reads_does_not_hold_up_others(self) -> None:
        client = self.client()
        digest = client.put(noise(1_000_000)).digest
        body = get_body(digest)
        lazy = [self.peer() for _ in range(5)]
        for peer in lazy:
            for request in range(2, 50):
                peer.send(Kind.GET, request, body)
        self.assertEqual(client.get(digest), noise(1_000_000))
        for peer in lazy:
            sizes = dict.fromkeys(range(2, 50), 0)
            while sizes:
                frame = peer.frame()
                sizes[frame.request] += len(get_content(frame))
                if not frame.flags & Flag.MORE:
                    self.assertEqual(sizes.pop(frame.request), 1_000_000)


class Connections(DaemonCase):
    descriptors = 256

    def test_one_more_than_the_daemon_takes_of_a_user_is_refused(self) -> None:
        for _ in range(CONNECTIONS_PER_USER_MAX):
            self.peer()
        peer = self.peer(hello=False)
        self.assertEqual(peer.error()[1:], (0, "busy"))
        self.assertTrue(peer.is_ended())


class Sessions(DaemonCase):
    def test_sessions_max_for_each_connection(self) -> None:
        for client in (self.client(), self.client()):
            sessions_max = client.limits["sessionsMax"]
            for session in range(sessions_max):
                client.init(session, {"name": "shell", "target": "async-node"})
            with self.refuses("busy"):
                client.init(sessions_max, {"name": "shell", "target": "async-node"})
            client.override(sessions_max - 1, [])

    def test_a_session_number_is_taken_once(self) -> None:
        client = self.client()
        client.init(7, {"name": "shell", "target": "async-node"})
        with self.refuses("badRequest"):
            client.init(7, {"name": "shell", "target": "async-node"})

    def test_sessions_are_those_of_their_connection(self) -> None:
        self.client().init(7, {"name": "shell", "target": "async-node"})
        other = self.client()
        for call in (
            lambda: other.override(7, []),
            lambda: other.plan([], session=7),
            lambda: other.report(7, []),
            lambda: other.open(session=7, container="nav", paths=["a.js"]),
        ):
            with self.refuses("unknownSession"):
                call()


if __name__ == "__main__":
    unittest.main()
