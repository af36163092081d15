"""ENSURE against an origin in this process."""

import base64
import hashlib
import threading
import unittest

from content import name, noise
from origin import Origin
from rig import PATIENCE_SECONDS, DaemonCase, Flag, Kind


def integrity(content: bytes, algorithm: str = "sha384") -> str:
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"


class Ensure(DaemonCase):
    def setUp(self) -> None:
        self.origin = Origin()
        self.addCleanup(self.origin.stop)
        self.cache = self.client()

    def page(self, path: str, content: bytes) -> str:
        self.origin.pages[path] = content
        return self.origin.base + path

    def test_content_comes_with_its_answer(self) -> None:
        url = self.page("/a.js", b"export {};")
        answer, content = self.cache.ensure(url)
        self.assertEqual(content, b"export {};")
        expected = {"digest": name(content), "size": 10, "source": "origin"}
        self.assertEqual(answer, {**expected, "verified": False, "stale": False})
        self.assertEqual(self.cache.get(name(content)), content)

    def test_bytes_come_only_if_asked(self) -> None:
        content = noise(10_000)
        answer, found = self.cache.ensure(self.page("/a", content), content=False)
        self.assertEqual((answer["digest"], found), (name(content), b""))

    def test_content_of_many_frames(self) -> None:
        content = noise(9_000_000)
        url = self.page("/large", content)
        for sri in (None, integrity(content)):
            request = self.cache._send_json(
                Kind.ENSURE, {"url": url, "bytes": True} | ({"integrity": sri} if sri else {})
            )
            frames = list(self.cache.frames(request))
            flags = {frame.flags for frame in frames[:-1]}
            self.assertEqual(flags, {Flag.REPLY | Flag.DATA | Flag.MORE})
            self.assertEqual(frames[-1].flags, Flag.REPLY)
            self.assertEqual(b"".join(frame.body for frame in frames[:-1]), content)

    def test_right_integrity_is_verified_and_needs_the_origin_once(self) -> None:
        for algorithm in ("sha256", "sha384", "sha512"):
            content = noise(1_000, seed=len(algorithm) + int(algorithm[3:]))
            url = self.page(f"/{algorithm}", content)
            sri = integrity(content, algorithm)
            first, _ = self.cache.ensure(url, sri)
            self.assertEqual((first["source"], first["verified"]), ("origin", True))
            again, found = self.cache.ensure(url, sri)
            self.assertEqual((again["source"], again["verified"]), ("store", True))
            self.assertEqual(found, content)
            self.assertEqual(self.origin.count(f"/{algorithm}"), 1)

    def test_wrong_integrity_is_refused_and_no_byte_sent(self) -> None:
        url = self.page("/wrong", b"what the origin has")
        for algorithm in ("sha256", "sha384", "sha512"):
            request = self.cache._send_json(
                Kind.ENSURE,
                {"url": url, "bytes": True, "integrity": integrity(b"what was named", algorithm)},
            )
            with self.refuses("integrityMismatch"):
                for frame in self.cache.frames(request):
                    self.fail(f"{len(frame.body)} bytes before the error")
        self.assertFalse(self.cache.has([name(b"what the origin has")])[0])

    def test_the_strongest_algorithm_of_a_list_counts(self) -> None:
        content = b"of a list"
        url = self.page("/list", content)
        weak, strong = integrity(content, "sha256"), integrity(content, "sha512")
        other = integrity(b"something else", "sha512")
        wrong = integrity(b"", "sha256")
        self.assertTrue(self.cache.ensure(url, f"{wrong} {strong}")[0]["verified"])
        self.assertTrue(self.cache.ensure(url, f"{other} {strong}")[0]["verified"])
        with self.refuses("integrityMismatch"):
            self.cache.ensure(url, f"{weak} {other}")

    def test_without_integrity_the_origin_is_asked_each_time(self) -> None:
        url = self.page("/news", b"first")
        self.assertEqual(self.cache.ensure(url)[1], b"first")
        self.page("/news", b"second")
        answer, content = self.cache.ensure(url)
        self.assertEqual((content, answer["source"]), (b"second", "origin"))

    def test_an_origin_that_is_down_leaves_what_it_gave_last(self) -> None:
        url = self.page("/last", b"last words")
        self.cache.ensure(url)
        self.origin.stop()
        answer, content = self.cache.ensure(url)
        self.assertEqual(content, b"last words")
        self.assertEqual((answer["source"], answer["stale"]), ("store", True))

    def test_an_origin_that_has_no_answer(self) -> None:
        with self.refuses("originUnavailable"):
            self.cache.ensure(self.origin.base + "/missing")
        self.origin.pages["/500"] = (500, {}, b"")
        with self.refuses("originUnavailable"):
            self.cache.ensure(self.origin.base + "/500")
        url = self.page("/never", b"")
        self.origin.stop()
        with self.refuses("originUnavailable"):
            self.cache.ensure(url)

    def test_what_the_daemon_does_not_follow_or_send(self) -> None:
        self.origin.pages["/away"] = (302, {"Location": "file:///etc/passwd"}, b"")
        self.origin.pages["/round"] = (302, {"Location": self.origin.base + "/round"}, b"")
        for path in ("/away", "/round"):
            with self.subTest(path), self.refuses("originRefused"):
                self.cache.ensure(self.origin.base + path)
        with self.refuses("originRefused"):
            self.cache.ensure(self.origin.base + "/a", authorization="a\r\nb: c")
        self.assertEqual(self.origin.count("/a"), 0)

    def test_redirects_are_followed(self) -> None:
        target = self.page("/target", b"there")
        self.origin.pages["/here"] = (302, {"Location": target}, b"")
        self.assertEqual(self.cache.ensure(self.origin.base + "/here")[1], b"there")

    def test_fewer_bytes_than_announced(self) -> None:
        self.origin.pages["/short"] = (200, {"Content-Length": "100"}, b"short")
        with self.refuses("truncated"):
            self.cache.ensure(self.origin.base + "/short")
        self.assertFalse(self.cache.has([name(b"short")])[0])

    def test_an_error_after_bytes_voids_them(self) -> None:
        sent = noise(1_000_000, 5)
        self.origin.pages["/cut"] = (200, {"Content-Length": "3000000"}, sent)
        members = {"url": self.origin.base + "/cut", "bytes": True}
        received = b""
        with self.refuses("truncated"):
            for frame in self.cache.frames(self.cache._send_json(Kind.ENSURE, members)):
                self.assertEqual(frame.flags, Flag.REPLY | Flag.DATA | Flag.MORE)
                received += frame.body
        self.assertTrue(received and sent.startswith(received))
        self.assertFalse(self.cache.has([name(sent)])[0])

    def test_more_than_a_blob_may_have(self) -> None:
        size = self.cache.limits["blobSizeMax"] + 1
        self.origin.pages["/huge"] = (200, {"Content-Length": str(size)}, b"start")
        with self.refuses("tooLarge"):
            self.cache.ensure(self.origin.base + "/huge")

    def test_authorization_goes_to_its_own_origin_only(self) -> None:
        other = Origin()
        self.addCleanup(other.stop)
        other.pages["/there"] = b"elsewhere"
        self.origin.pages["/private"] = (302, {"Location": other.base + "/there"}, b"")
        url = self.origin.base + "/private"
        _, content = self.cache.ensure(url, authorization="Bearer secret")
        self.assertEqual(content, b"elsewhere")
        self.assertEqual(self.origin.asked[0][1]["authorization"], "Bearer secret")
        self.assertNotIn("authorization", other.asked[0][1])

    def test_what_was_fetched_with_authorization_is_not_had_without(self) -> None:
        url = self.page("/members", b"for members")
        self.cache.ensure(url, authorization="Bearer secret")
        self.origin.pages["/members"] = (401, {}, b"")
        with self.refuses("originUnavailable"):
            self.cache.ensure(url)
        self.origin.stop()
        with self.refuses("originUnavailable"):
            self.cache.ensure(url)

    def test_one_fetch_serves_all_who_wait(self) -> None:
        content = noise(5_000, 77)
        go = threading.Event()
        self.addCleanup(go.set)

        def answer() -> tuple[int, dict[str, str], bytes]:
            go.wait(PATIENCE_SECONDS)
            go.set()
            return 200, {}, content

        self.origin.pages["/slow"] = answer
        url = self.origin.base + "/slow"
        members = {"url": url, "bytes": True, "integrity": integrity(content)}
        clients = [self.client() for _ in range(4)]
        waiting = self.cache.stats()["origin"]["coalesced"]
        requests = [(client, client._send_json(Kind.ENSURE, members)) for client in clients * 2]
        # One fetches, the others come to wait for it.
        while self.cache.stats()["origin"]["coalesced"] < waiting + len(requests) - 1:
            self.assertFalse(go.wait(0), "the origin answered meanwhile")
        go.set()
        for client, request in requests:
            self.assertEqual(list(client.frames(request))[0].body, content)
        self.assertEqual(self.origin.count("/slow"), 1)

    def test_a_variant_is_another_content_of_the_same_url(self) -> None:
        url = self.page("/variant", b"one")
        self.cache.ensure(url, variant="a")
        self.page("/variant", b"two")
        self.cache.ensure(url, variant="b")
        self.origin.stop()
        self.assertEqual(self.cache.ensure(url, variant="a")[1], b"one")
        self.assertEqual(self.cache.ensure(url, variant="b")[1], b"two")

    def test_members_are_checked(self) -> None:
        url = self.page("/m", b"m")
        for members in (
            {},
            {"url": 1},
            {"url": "no url"},
            {"url": "file:///etc/passwd"},
            {"url": "ftp://127.0.0.1/"},
            {"url": url, "integrity": "md5-abc"},
            {"url": url, "integrity": "sha256-short"},
            {"url": url, "bytes": "yes"},
        ):
            with self.subTest(members), self.refuses("badRequest"):
                self.cache.call(Kind.ENSURE, members)
        answer = self.cache.call(Kind.ENSURE, {"url": url, "unknown": [1]})
        self.assertEqual(answer["digest"], name(b"m"))


if __name__ == "__main__":
    unittest.main()
