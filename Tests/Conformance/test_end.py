"""A daemon that is told to end."""

import threading
import unittest

from content import name, put_head
from origin import Answer, Origin
from rig import PATIENCE_SECONDS, DaemonCase, Flag, Kind, larder


class End(DaemonCase):
    def setUp(self) -> None:
        self.addCleanup(self.daemon.restart)

    def test_what_was_asked_is_answered_first(self) -> None:
        origin = Origin()
        self.addCleanup(origin.stop)
        asked, go = threading.Event(), threading.Event()
        self.addCleanup(go.set)

        def hold() -> Answer:
            asked.set()
            go.wait(PATIENCE_SECONDS)
            return 200, {}, b"in time"

        origin.pages["/held"] = hold
        client, idle = self.client(), self.client()
        request = client._send_json(Kind.ENSURE, {"url": origin.base + "/held"})
        self.assertTrue(asked.wait(PATIENCE_SECONDS))
        self.daemon.process.terminate()
        with self.assertRaises(larder.Gone):
            while True:
                idle.ping()
        go.set()
        self.assertEqual(client._json(request)["digest"], name(b"in time"))
        self.assertEqual(self.daemon.process.wait(PATIENCE_SECONDS), 0)

    def test_an_unfinished_put_is_refused(self) -> None:
        peer = self.peer()
        peer.send(Kind.PUT, 2, put_head() + b"unfinished", Flag.MORE)
        peer.send(Kind.PING, 3)
        self.assertEqual(peer.frame().request, 3)
        self.daemon.process.terminate()
        self.assertEqual(peer.error(), (Kind.PUT, 2, "shuttingDown"))
        # Nobody waits for the rest of it.
        self.assertTrue(peer.is_ended())


if __name__ == "__main__":
    unittest.main()
