"""WATCH."""

import select
import unittest

import fixtures
from fixtures import app
from rig import PATIENCE_SECONDS, DaemonCase, Kind, larder

WATCHES_MAX = 1_024
REMOTES_MAX = 256


class Watch(DaemonCase):
    realms = ["blue", "green"]

    def begin(self, client: larder.Client, known: larder.Json, **members: str) -> int:
        """A WATCH that the daemon has read when this returns."""
        request = client._send_json(Kind.WATCH, {"known": known, **members})
        client.ping()
        return request

    def test_what_is_otherwise_is_answered_at_once(self) -> None:
        client = self.client()
        name = app("cart")
        release = fixtures.publish(client, "cart", "node")["release"]
        self.assertEqual(client.watch({name: None, "nobody": None}), {name: release})
        self.assertEqual(client.watch({name: "0" * 32}), {name: release})
        self.assertEqual(client.watch({"nobody": release}), {"nobody": None})
        self.assertEqual(client.watch({name: release}, channel="canary"), {name: None})

    def test_a_move_is_told_to_who_waits(self) -> None:
        client, watcher = self.client(), self.client()
        name = app("catalog")
        first = self.begin(watcher, {name: None, "other": None})
        release = fixtures.publish(client, "catalog", "node")["release"]
        self.assertEqual(watcher._json(first)["moved"], {name: release})
        second = self.begin(watcher, {name: release})
        newer = fixtures.publish(client, "catalog", "node", deploy="dist-second")["release"]
        self.assertEqual(watcher._json(second)["moved"], {name: newer})
        third = self.begin(watcher, {name: newer})
        client.remote("rollback", name=name)
        self.assertEqual(watcher._json(third)["moved"], {name: release})
        fourth = self.begin(watcher, {name: release})
        client.remote("remove", name=name)
        self.assertEqual(watcher._json(fourth)["moved"], {name: None})

    def test_other_channels(self) -> None:
        client, watcher = self.client(), self.client()
        name = app("shell")
        release = fixtures.publish(client, "shell", "node")["release"]
        waiting = self.begin(watcher, {name: None}, channel="canary")
        client.remote("channel", name=name, channel="canary", release=release)
        self.assertEqual(watcher._json(waiting)["moved"], {name: release})

    def test_another_realms_moves_are_not_told(self) -> None:
        blue, green = (self.client(self.daemon.realm_socket(each)) for each in ("blue", "green"))
        waiting = self.begin(green, {app("cart"): None})
        fixtures.publish(blue, "cart", "web")
        green.ping()
        self.assertFalse(green._frames[waiting])
        release = fixtures.publish(green, "cart", "node")["release"]
        self.assertEqual(green._json(waiting)["moved"], {app("cart"): release})

    def test_a_daemon_that_ends_tells_who_waits(self) -> None:
        client = self.client()
        waiting = self.begin(client, {"nobody": None})
        self.addCleanup(self.daemon.restart)
        self.daemon.process.terminate()
        with self.refuses("shuttingDown"):
            client._json(waiting)

    def test_as_many_as_a_realm_may_have(self) -> None:
        peers = [self.peer(path=self.daemon.realm_socket("blue"))]
        for number in range(WATCHES_MAX + 1):
            if number and number % 60 == 0:
                peers.append(self.peer(path=self.daemon.realm_socket("blue")))
            peers[-1].send_json(Kind.WATCH, 2 + number, {"known": {"nobody": None}})
        refused, _, _ = select.select([peer.socket for peer in peers], [], [], PATIENCE_SECONDS)
        [code] = [peer.error()[2] for peer in peers if peer.socket in refused]
        self.assertEqual(code, "busy")

    def test_members_are_checked(self) -> None:
        client = self.client()
        known = {f"remote-{n}": "0" * 32 for n in range(REMOTES_MAX)}
        self.assertEqual(client.watch(known), dict.fromkeys(known))
        bad: list[larder.Json] = [
            {},
            {"known": {}},
            {"known": known | {"one-more": None}},
            {"known": {"nav": 1}},
            {"known": ["nav"]},
        ]
        for members in bad:
            with self.subTest(str(members)[:80]), self.refuses("badRequest"):
                client.call(Kind.WATCH, members)


if __name__ == "__main__":
    unittest.main()
