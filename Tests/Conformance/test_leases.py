"""LEASE and RELEASE."""

import time
import unittest

from content import name
from rig import PATIENCE_SECONDS, DaemonCase, Kind, larder

LEASES_MAX = 1_024


class Leases(DaemonCase):
    realms = ["blue"]

    def setUp(self) -> None:
        self.admin = self.client(self.daemon.admin_socket)
        self.cache = self.client()

    def put(self, text: str) -> str:
        return self.cache.put(f"{self.id()}: {text}".encode()).digest

    def evict(self, digest: str) -> None:
        self.assertEqual(self.admin.admin("evict", digest=digest)["records"], 1)
        self.assertFalse(self.cache.has([digest])[0])

    def evict_in_the_end(self, digest: str) -> None:
        """Evicts once nothing holds the blob any more, which the daemon learns by itself."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.evict(digest)
            except larder.Refused as refusal:
                self.assertEqual(refusal.code, "busy")
                self.assertLess(time.monotonic(), end, "it is held for ever")

    def test_what_is_leased_is_not_evicted_until_released(self) -> None:
        digest = self.put("kept")
        lease = self.cache.lease([digest])
        with self.refuses("busy"):
            self.admin.admin("evict", digest=digest)
        self.assertEqual(self.admin.admin("why", digest=digest)["blob"]["leases"], 1)
        self.cache.release(lease)
        self.evict(digest)

    def test_a_blob_is_kept_until_its_last_lease_ends(self) -> None:
        digest = self.put("kept twice")
        leases = [self.cache.lease([digest]), self.client().lease([digest], seconds=600)]
        for lease in leases:
            with self.refuses("busy"):
                self.admin.admin("evict", digest=digest)
            self.cache.release(lease)
        self.evict(digest)

    def test_the_answer(self) -> None:
        small, large = self.put("s"), self.put("larger")
        sizes = sum(len(self.cache.get(each) or b"") for each in (small, large))
        for seconds in ({}, {"seconds": 86_400}):
            members = {"digests": [small, large, small], **seconds}
            answer = self.cache.call(Kind.LEASE, members)
            self.assertLess(answer.pop("lease"), 2**53)
            self.assertEqual(answer, {"bytes": sizes, **seconds})

    def test_all_or_none(self) -> None:
        here, absent = self.put("here"), name(b"absent")
        with self.refuses("notFound") as refusal:
            self.cache.lease([here, absent])
        self.assertEqual(refusal.error.subject, absent)
        self.evict(here)

    def test_one_without_a_time_ends_with_its_connection(self) -> None:
        digest = self.put("bound")
        with self.client() as brief:
            brief.lease([digest])
        self.evict_in_the_end(digest)

    def test_one_with_a_time_outlives_its_connection_and_ends(self) -> None:
        digest = self.put("timed")
        with self.client() as brief:
            long = brief.lease([digest], seconds=600)
            brief.lease([digest], seconds=1)
        self.cache.ping()
        with self.refuses("busy"):
            self.admin.admin("evict", digest=digest)
        self.cache.release(long)
        self.evict_in_the_end(digest)

    def test_none_outlives_the_daemon(self) -> None:
        digest = self.cache.put(b"daemon", durable=True).digest
        self.cache.lease([digest], seconds=600)
        self.daemon.restart()
        self.setUp()
        self.evict(digest)

    def test_who_may_release(self) -> None:
        digest = self.put("whose")
        bound, timed = self.cache.lease([digest]), self.cache.lease([digest], seconds=600)
        other = self.client()
        blue = self.client(self.daemon.realm_socket("blue"))
        for client, lease in [(other, bound), (blue, bound), (blue, timed), (other, 1)]:
            with self.refuses("notFound"):
                client.release(lease)
        other.release(timed)
        self.cache.release(bound)
        for lease in (bound, timed):
            with self.refuses("notFound"):
                self.cache.release(lease)

    def test_another_realms_blobs_are_absent(self) -> None:
        digest = self.put("mine")
        blue = self.client(self.daemon.realm_socket("blue"))
        with self.refuses("notFound"):
            blue.lease([digest])

    def test_as_many_as_a_realm_may_have(self) -> None:
        blue = self.client(self.daemon.realm_socket("blue"))
        digest = blue.put(b"blue").digest
        leases = [blue.lease([digest]) for _ in range(LEASES_MAX)]
        self.assertEqual(len(set(leases)), LEASES_MAX)
        with self.refuses("busy"):
            blue.lease([digest])
        self.cache.lease([self.put("another realm")])
        blue.release(leases[0])
        blue.lease([digest])

    def test_members_are_checked(self) -> None:
        digest = self.put("checked")
        digests_max = self.cache.limits["digestsMax"]
        self.cache.release(self.cache.lease([digest] * digests_max))
        bad: list[larder.Json] = [
            {},
            {"digests": []},
            {"digests": [digest] * (digests_max + 1)},
            {"digests": ["xyz"]},
            {"digests": [digest], "seconds": 0},
            {"digests": [digest], "seconds": 86_401},
            {"digests": [digest], "seconds": "1"},
        ]
        for members in bad:
            with self.subTest(str(members)[:80]), self.refuses("badRequest"):
                self.cache.call(Kind.LEASE, members)
        with self.refuses("badRequest"):
            self.cache.call(Kind.RELEASE, {})


if __name__ == "__main__":
    unittest.main()
