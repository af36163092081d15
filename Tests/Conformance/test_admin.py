"""ADMIN."""

import json
import unittest

import fixtures
from content import ABSENT, name, noise
from rig import DaemonCase, Flag, Kind


class Admin(DaemonCase):
    def setUp(self) -> None:
        self.admin = self.client(self.daemon.admin_socket)

    def test_other_sockets_are_refused(self) -> None:
        for op in ("check", "scrub", "collect", "evict", "purge", "list", "why"):
            with self.refuses("notPermitted"):
                self.client().admin(op, digest=ABSENT)

    def test_the_admin_socket_answers_other_verbs_in_realm_default(self) -> None:
        digest = self.client().put(b"from there").digest
        self.assertEqual(self.admin.hello["realm"], "default")
        self.assertEqual(self.admin.get(digest), b"from there")

    def test_check_and_scrub_tell_their_progress_and_an_end(self) -> None:
        self.client().put(noise(100_000), durable=True)
        for members in (
            {"op": "check"},
            {"op": "check", "readData": True},
            {"op": "check", "readData": True, "subset": [1, 2]},
            {"op": "scrub"},
        ):
            frames = list(self.admin.frames(self.admin._send_json(Kind.ADMIN, members)))
            for frame in frames[:-1]:
                self.assertEqual(frame.flags, Flag.REPLY | Flag.DATA | Flag.MORE)
                self.assertIn("segmentsTotal", json.loads(frame.body))
            self.assertEqual(frames[-1].flags, Flag.REPLY)
            report = json.loads(frames[-1].body)
            self.assertEqual((report["findings"], report["repaired"]), ([], 0))
            self.assertTrue(report["whole"])

    def test_evicted_content_is_gone_and_may_come_again(self) -> None:
        client = self.client()
        digest = client.put(b"to be evicted").digest
        self.assertEqual(self.admin.admin("evict", digest=digest)["records"], 1)
        self.assertIsNone(client.get(digest))
        self.assertFalse(client.put(b"to be evicted").existed)
        self.assertEqual(client.get(digest), b"to be evicted")

    def test_what_a_release_names_is_not_evicted(self) -> None:
        fixtures.publish(self.client(), "cart", "node")
        entry = name((fixtures.folder("cart", "node") / "remoteEntry.js").read_bytes())
        with self.refuses("busy"):
            self.admin.admin("evict", digest=entry)
        why = self.admin.admin("why", digest=entry)
        self.assertTrue(why["blob"]["kept"])
        self.assertEqual(len(why["releases"]), 1)

    def test_purged_content_is_gone_from_the_files(self) -> None:
        client = self.client()
        content = noise(5_000, 9)
        digest = client.put(content, durable=True).digest
        self.assertTrue(self.is_on_disk(content))
        self.assertGreaterEqual(self.admin.admin("purge", digest=digest)["records"], 1)
        self.assertFalse(self.is_on_disk(content))
        self.assertIsNone(client.get(digest))

    def is_on_disk(self, content: bytes) -> bool:
        files = self.daemon.stored_files()
        return any(content[1_000:1_500] in path.read_bytes() for path in files)

    def test_list_goes_through_all_blobs(self) -> None:
        client = self.client()
        digests = {client.put(b"listed %d" % n).digest for n in range(1_100)}
        listed = [blob["digest"] for blob in self.admin.admin("list")["blobs"]]
        while blobs := self.admin.admin("list", after=listed[-1])["blobs"]:
            self.assertLessEqual(len(blobs), 1_000)
            listed += [blob["digest"] for blob in blobs]
        self.assertEqual(listed, sorted(set(listed)))
        self.assertLessEqual(digests, set(listed))

    def test_collect_answers_what_it_freed(self) -> None:
        report = self.admin.admin("collect")
        members = {"segments", "evictedRecords", "movedBytes", "freedBytes", "enough"}
        self.assertEqual(set(report), members)
        self.assertTrue(report["enough"])

    def test_members_are_checked(self) -> None:
        for members in (
            {},
            {"op": "juggle"},
            {"op": "evict"},
            {"op": "evict", "digest": "xyz"},
            {"op": "purge"},
            {"op": "why"},
            {"op": "check", "subset": [3, 2]},
            {"op": "check", "subset": [1]},
        ):
            with self.subTest(members), self.refuses("badRequest"):
                self.admin.call(Kind.ADMIN, members)
        with self.refuses("notFound"):
            self.admin.admin("list", realm="nobody")


if __name__ == "__main__":
    unittest.main()
