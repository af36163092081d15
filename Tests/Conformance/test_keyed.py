"""KEYED: content by a key that its writer chose."""

import os
import unittest

from content import ABSENT, name, noise
from rig import DaemonCase, larder


class Entries(DaemonCase):
    def setUp(self) -> None:
        self.entries = self.client()

    def test_a_key_names_what_was_put_under_it_last(self) -> None:
        client = self.entries
        first, second = noise(3_000_000, 1), b"second"
        for content in (first, second):
            digest = client.put(content).digest
            written = client.put_entry("tool", "step", digest)
            entry, read = client.entry("tool", "step") or ({}, b"")
            self.assertEqual(read, content)
            self.assertEqual(entry, written)
            self.assertEqual((entry["digest"], entry["size"]), (digest, len(content)))
            self.assertEqual((entry["needs"], entry["writtenBy"]), ([], os.geteuid()))
        self.assertIsNone(client.entry("tool", "other step"))
        self.assertIsNone(client.entry("other", "step"))
        client.remove_entry("tool", "step")
        client.remove_entry("tool", "step")
        self.assertIsNone(client.entry("tool", "step"))

    def test_without_bytes_the_entry_comes_alone(self) -> None:
        digest = self.entries.put(b"value").digest
        self.entries.put_entry("tool", "alone", digest)
        request = {"op": "get", "namespace": "tool", "key": "alone"}
        [frame] = self.entries.frames(self.entries._send_json(larder.Kind.KEYED, request))
        self.assertEqual(frame.flags, larder.Flag.REPLY)

    def test_an_entry_is_given_only_with_all_that_it_needs(self) -> None:
        client = self.entries
        value, part = client.put(b"a list").digest, client.put(b"a part of it").digest
        with self.refuses("notFound") as refusal:
            client.put_entry("tool", "list", value, [part, ABSENT])
        self.assertEqual(refusal.error.subject, ABSENT)
        with self.refuses("notFound"):
            client.put_entry("tool", "list", ABSENT)
        self.assertIsNone(client.entry("tool", "list"))
        client.put_entry("tool", "list", value, [part])
        entry, _ = client.entry("tool", "list") or ({}, b"")
        self.assertEqual(entry["needs"], [part])
        self.client(self.daemon.admin_socket).admin("evict", digest=part)
        self.assertIsNone(client.entry("tool", "list"))
        client.put(b"a part of it")
        self.assertIsNotNone(client.entry("tool", "list"))

    def test_what_no_entry_can_be_is_refused(self) -> None:
        digest = self.entries.put(b"value").digest
        for namespace, key, needs in [
            ("no space", "k", []),
            ("", "k", []),
            ("tool", "", []),
            ("tool", "k" * 513, []),
            ("tool", "a\tb", []),
            ("tool", "k", [digest] * 65),
        ]:
            with self.subTest(namespace, key=key), self.refuses("badRequest"):
                self.entries.put_entry(namespace, key, digest, needs)
        with self.refuses("badRequest"):
            self.entries.call(larder.Kind.KEYED, {"op": "put", "namespace": "tool", "key": "k"})

    def test_entries_outlive_the_daemon(self) -> None:
        digest = self.entries.put(b"kept", durable=True).digest
        self.entries.put_entry("tool", "kept", digest)
        self.daemon.restart()
        entry, content = self.client().entry("tool", "kept") or ({}, b"")
        self.assertEqual((entry["digest"], content), (digest, b"kept"))


class Realms(DaemonCase):
    policy = {
        "realms": {"main": {}, "review": {"parents": ["main"]}},
        "sockets": [
            *({"path": realm, "peers": [{"realm": realm}]} for realm in ("main", "review")),
            {"path": "reader", "peers": [{"realm": "main", "may": []}]},
        ],
    }

    def test_a_child_reads_its_parents_entries_and_writes_its_own(self) -> None:
        main, review, reader = (
            self.client(self.daemon.realm_socket(each)) for each in ("main", "review", "reader")
        )
        main.put_entry("tool", "step", main.put(b"released").digest)
        for client, realm in ((main, None), (reader, None), (review, "main")):
            entry, content = client.entry("tool", "step") or ({}, b"")
            self.assertEqual((content, entry.get("realm")), (b"released", realm))
        # A race for the key that a release build will read gains nothing.
        review.put_entry("tool", "step", review.put(b"reviewed").digest)
        review.put_entry("tool", "new", name(b"reviewed"))
        self.assertEqual((review.entry("tool", "step") or ({}, b""))[1], b"reviewed")
        self.assertEqual((main.entry("tool", "step") or ({}, b""))[1], b"released")
        self.assertIsNone(main.entry("tool", "new"))
        review.remove_entry("tool", "step")
        self.assertEqual((review.entry("tool", "step") or ({}, b""))[1], b"released")
        for write in (
            lambda: reader.put_entry("tool", "step", name(b"released")),
            lambda: reader.remove_entry("tool", "step"),
        ):
            with self.refuses("notPermitted"):
                write()


if __name__ == "__main__":
    unittest.main()
