"""Realms: one socket each, and nothing of one to be had or seen in another."""

import os
import unittest

import fixtures
from content import name, noise
from fixtures import app, expose
from origin import Origin
from rig import DaemonCase, Peer


class Realms(DaemonCase):
    realms = ["blue", "green"]

    def setUp(self) -> None:
        self.blue = self.client(self.daemon.realm_socket("blue"))
        self.green = self.client(self.daemon.realm_socket("green"))

    def test_the_socket_names_the_realm(self) -> None:
        for realm in ("default", "blue", "green"):
            client = self.client(self.daemon.realm_socket(realm))
            self.assertEqual((client.hello["realm"], client.stats()["realm"]), (realm, realm))

    def test_content_of_one_is_absent_in_the_others(self) -> None:
        content = noise(5_000, 1)
        digest = self.blue.put(content, durable=True).digest
        for other in (self.green, self.client()):
            self.assertEqual(other.has([digest]), [False])
            self.assertIsNone(other.get(digest))
            self.assertEqual(other.get_many([(digest, 0, 1)]), other.get_many([("00" * 32, 0, 1)]))

    def test_a_put_does_not_tell_what_another_realm_has(self) -> None:
        content = noise(3_000_000, 2)
        self.assertFalse(self.blue.put(content).existed)
        self.assertFalse(self.green.put(content, digest=name(content)).existed)
        self.assertTrue(self.green.put(content, digest=name(content)).existed)

    def test_a_name_alone_gets_nobody_the_content(self) -> None:
        digest = self.blue.put(b"what blue knows").digest
        with self.refuses("integrityMismatch"):
            self.green.put(b"a guess", digest=digest)
        self.assertEqual(self.green.has([digest]), [False])

    def test_what_one_fetched_the_other_fetches_itself(self) -> None:
        origin = Origin()
        self.addCleanup(origin.stop)
        origin.pages["/a.js"] = b"export {};"
        for client in (self.blue, self.green):
            self.assertEqual(client.ensure(origin.base + "/a.js")[0]["source"], "origin")
        self.assertEqual(origin.count("/a.js"), 2)
        origin.stop()
        with self.refuses("originUnavailable"):
            self.client().ensure(origin.base + "/a.js")

    def test_remotes_pins_and_plans_are_a_realms_own(self) -> None:
        release = fixtures.publish(self.blue, "cart", "node")["release"]
        self.blue.pin(app("cart"), release)
        self.assertEqual(self.green.remote("list"), {"remotes": []})
        self.assertEqual(self.green.pin()["pins"], [])
        with self.refuses("unknownRemote"):
            self.green.pin(app("cart"), release)
        [error] = self.green.plan([expose("cart", "Promotion")])["errors"]
        self.assertEqual(error["kind"], "unknownRemote")

    def test_a_release_cannot_be_made_of_another_realms_files(self) -> None:
        variant = fixtures.variant(self.blue, fixtures.folder("cart", "web"))
        with self.refuses("notFound"):
            self.green.publish(app("cart"), [variant])

    def test_the_admin_socket_sees_all_of_them(self) -> None:
        digest = self.blue.put(b"seen").digest
        admin = self.client(self.daemon.admin_socket)
        self.assertIn("blob", admin.admin("why", digest=digest, realm="blue"))
        self.assertNotIn("blob", admin.admin("why", digest=digest, realm="green"))
        self.assertIsNone(admin.get(digest))


@unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else for a moment")
class Strangers(DaemonCase):
    def test_a_socket_admits_its_own_user_and_root(self) -> None:
        os.chmod(self.daemon.folder, 0o755)
        os.chmod(self.daemon.socket, 0o666)
        os.seteuid(65_534)
        try:
            peer = Peer.connect(self.daemon.socket)
        finally:
            os.seteuid(0)
        self.addCleanup(peer.socket.close)
        self.assertEqual(peer.error()[1:], (0, "notPermitted"))
        self.assertTrue(peer.is_ended())


if __name__ == "__main__":
    unittest.main()
