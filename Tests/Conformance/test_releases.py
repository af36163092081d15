"""PUBLISH, REMOTE, PIN and UNPIN with builds of a real webpack."""

import hashlib
import unittest

import fixtures
from content import ABSENT, name
from fixtures import app, folder
from origin import Origin
from rig import DaemonCase, Kind


class Publish(DaemonCase):
    def test_a_release_says_what_it_has(self) -> None:
        client = self.client()
        release = fixtures.publish(client, "cart", "node", "web")
        self.assertEqual((release["name"], release["completeness"]), (app("cart"), "exact"))
        self.assertTrue(release["current"])
        node, web = release["variants"]
        self.assertEqual((node["target"], web["target"]), ("async-node", "web"))
        for variant, built in ((node, folder("cart", "node")), (web, folder("cart", "web"))):
            files = [path for path in built.rglob("*") if path.is_file()]
            self.assertEqual(variant["files"], len(files))
            self.assertEqual(variant["bytes"], sum(path.stat().st_size for path in files))
            self.assertEqual(variant["entry"], "remoteEntry.js")
            exposes = fixtures.facts()["apps"]["cart"]["exposes"].values()
            self.assertEqual(sorted(variant["exposes"]), sorted(exposes))
        shown = client.remote("show", name=app("cart"))
        self.assertEqual((shown["current"], shown["releases"]), (release, [release]))
        self.assertEqual(shown["channels"], {"current": release["release"]})

    def test_its_contents_are_facts_and_files(self) -> None:
        client = self.client()
        release = fixtures.publish(client, "cart", "node", "web")
        contents = client.remote("contents", name=app("cart"))
        self.assertEqual(contents["release"], release["release"])
        for variant, built in zip(contents["variants"], (folder("cart", "node"), folder("cart", "web"))):
            self.assertEqual(client.get(variant["stats"]), (built / "stats.json").read_bytes())
            self.assertEqual(variant["facts"]["entry"], "remoteEntry.js")
            for file in variant["files"]:
                content = (built / file["path"]).read_bytes()
                self.assertEqual((file["digest"], file["size"]), (name(content), len(content)))
            self.assertEqual(
                {file["path"] for file in variant["files"]} | {"stats.json"},
                {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()},
            )
        by_channel = client.remote("contents", name=app("cart"), channel="current")
        self.assertEqual(client.remote("contents", name=app("cart"), release=release["release"]), contents)
        self.assertEqual(by_channel, contents)
        for members, code in [
            ({"channel": "none"}, "notFound"),
            ({"release": "0" * 32}, "notFound"),
            ({"release": "x"}, "badRequest"),
            ({"release": release["release"], "channel": "current"}, "badRequest"),
        ]:
            with self.subTest(members), self.refuses(code):
                client.remote("contents", name=app("cart"), **members)

    def test_its_id_is_that_of_its_content(self) -> None:
        release = fixtures.publish(self.client(), "catalog", "node", "web")
        lines = []
        for target, built in (("async-node", "node"), ("web", "web")):
            for path in folder("catalog", built).rglob("*"):
                if path.is_file():
                    content = path.read_bytes()
                    relative = path.relative_to(folder("catalog", built)).as_posix()
                    lines.append(f"{target}\t{relative}\t{name(content)}\t{len(content)}\n")
        text = "".join(sorted(lines)).encode()
        self.assertEqual(release["release"], hashlib.sha256(text).hexdigest()[:32])

    def test_a_release_is_whole_or_not_at_all(self) -> None:
        client = self.client()
        built = fixtures.variant(client, folder("shell", "node"))
        stats = built["stats"]
        files: list[dict[str, object]] = built["files"]
        without_entry = [file for file in files if file["path"] != "remoteEntry.js"]
        other_size = [*files[1:], files[0] | {"size": 1}]
        never_put = [*files[1:], files[0] | {"digest": ABSENT}]
        outside = [*files, files[0] | {"path": "../outside.js"}]
        no_build = client.put(b"<html>", durable=True).digest
        for code, variants in [
            ("badRequest", []),
            ("notFound", [{"stats": ABSENT, "files": files}]),
            ("notFound", [{"stats": stats, "files": never_put}]),
            ("invalidBuild", [{"stats": stats, "files": without_entry}]),
            ("invalidBuild", [{"stats": no_build, "files": files}]),
            ("truncated", [{"stats": stats, "files": other_size}]),
            ("badRequest", [{"stats": stats, "files": outside}]),
        ]:
            with self.subTest(code, variants=str(variants)[:80]), self.refuses(code):
                client.publish("whole", variants)
        with self.refuses("unknownRemote"):
            client.remote("show", name="whole")


class Remote(DaemonCase):
    def setUp(self) -> None:
        self.origin = Origin()
        self.addCleanup(self.origin.stop)
        self.cache = self.client()
        self.name = self.id().rsplit(".", 1)[-1]
        self.url = self.origin.serve(folder("catalog", "node"), f"/{self.name}/")

    def second(self) -> None:
        """The origin has another deploy from here on."""
        self.origin.serve(folder("catalog", "node", "dist-second"), f"/{self.name}/")

    def test_one_that_is_added_and_updated_can_be_shown(self) -> None:
        added = self.cache.remote("add", name=self.name, urls=[self.url])
        self.assertEqual((added["name"], added["urls"]), (self.name, [self.url]))
        updated = self.cache.remote("update", name=self.name)
        self.assertEqual(updated["state"], "complete")
        self.assertEqual(updated["current"]["variants"][0]["target"], "async-node")
        self.assertEqual(self.cache.remote("show", name=self.name), updated)
        self.assertIn(updated, self.cache.remote("list")["remotes"])

    def test_a_second_deploy_a_rollback_and_a_channel(self) -> None:
        self.cache.remote("add", name=self.name, urls=[self.url])
        first = self.cache.remote("update", name=self.name)["current"]["release"]
        self.second()
        second = self.cache.remote("update", name=self.name)["current"]["release"]
        self.assertNotEqual(first, second)
        back = self.cache.remote("rollback", name=self.name)
        self.assertEqual(back["current"]["release"], first)
        self.assertEqual({each["release"] for each in back["releases"]}, {first, second})
        with self.refuses("notFound"):
            self.cache.remote("rollback", name=self.name)
        moved = self.cache.remote("channel", name=self.name, channel="canary", release=second)
        self.assertEqual(moved["channels"], {"current": first, "canary": second})
        with self.refuses("notFound"):
            self.cache.remote("channel", name=self.name, channel="canary", release="0" * 32)

    def test_several_remotes_move_together_or_not_at_all(self) -> None:
        client = self.client()
        old = {app(n): fixtures.publish(client, n, "node") for n in ("cart", "catalog", "shell")}
        new = {app(n): fixtures.publish(client, n, "node", "web") for n in ("cart", "catalog", "shell")}

        def current() -> dict[str, str]:
            return {name: client.remote("show", name=name)["channels"]["current"] for name in old}

        before = {name: release["release"] for name, release in old.items()}
        after = {name: release["release"] for name, release in new.items()}
        self.assertEqual(current(), after)
        for members, code in [
            ({"releases": before | {max(before): "0" * 32}}, "notFound"),
            ({"releases": before | {"nobody": "0" * 32}}, "unknownRemote"),
            ({"releases": before | {app("cart"): "next"}}, "badRequest"),
            ({"releases": {}}, "badRequest"),
            ({"releases": before, "channel": ""}, "badRequest"),
        ]:
            with self.subTest(members), self.refuses(code):
                client.remote("switch", **members)
            self.assertEqual(current(), after)
        moved = client.remote("switch", releases=before)["remotes"]
        self.assertEqual([remote["name"] for remote in moved], sorted(old))
        self.assertEqual(current(), before)
        rolled = client.remote("rollback", names=list(old))["remotes"]
        self.assertEqual({remote["name"]: remote["channels"]["current"] for remote in rolled}, after)
        one = client.remote("switch", releases={app("cart"): after[app("cart")]}, channel="next")
        self.assertEqual(one["remotes"][0]["channels"]["next"], after[app("cart")])
        client.publish("single", [fixtures.variant(client, folder("cart", "node"))])
        with self.refuses("notFound"):
            client.remote("rollback", names=[*old, "single"])
        self.assertEqual(current(), after)

    def test_a_broken_deploy_leaves_the_release_before(self) -> None:
        self.cache.remote("add", name=self.name, urls=[self.url])
        good = self.cache.remote("update", name=self.name)["current"]
        self.second()
        entry = f"/{self.name}/remoteEntry.js"
        self.origin.pages[entry] = b"<!doctype html><html><body>404</body></html>"
        with self.refuses("notJavaScript"):
            self.cache.remote("update", name=self.name)
        shown = self.cache.remote("show", name=self.name)
        self.assertEqual((shown["current"], shown["state"]), (good, "failed"))
        self.assertTrue(shown["message"])

    def test_origins_that_have_no_build(self) -> None:
        self.origin.pages["/html/stats.json"] = b"<!doctype html><html>"
        for path, code in [("/html/", "invalidBuild"), ("/nothing/", "originUnavailable")]:
            with self.refuses(code):
                self.cache.remote("add", name=self.name, urls=[self.origin.base + path])

    def test_inspecting_stores_nothing(self) -> None:
        [facts] = self.cache.remote("inspect", urls=[self.url])["variants"]
        self.assertTrue(facts["assets"])
        with self.refuses("unknownRemote"):
            self.cache.remote("show", name=self.name)

    def test_one_that_is_removed_is_forgotten(self) -> None:
        self.cache.remote("add", name=self.name, urls=[self.url])
        self.assertEqual(self.cache.remote("remove", name=self.name), {})
        for op in ("show", "update", "rollback", "remove"):
            with self.refuses("unknownRemote"):
                self.cache.remote(op, name=self.name)

    def test_members_are_checked(self) -> None:
        for members in (
            {},
            {"op": "juggle"},
            {"op": "show"},
            {"op": "add", "name": "x"},
            {"op": "add", "name": "x", "urls": []},
            {"op": "add", "name": "", "urls": [self.url]},
            {"op": "add", "name": "x", "urls": ["file:///x/"]},
        ):
            with self.subTest(members), self.refuses("badRequest"):
                self.cache.call(Kind.REMOTE, members)


class Pins(DaemonCase):
    def test_a_release_is_pinned_once_and_unpinned(self) -> None:
        client = self.client()
        nothing = client.pin()
        self.assertEqual((nothing["pins"], nothing["bytes"]), ([], 0))
        self.assertGreater(nothing["bytesMax"], 0)
        release = fixtures.publish(client, "cart", "node")["release"]
        by_channel = client.pin(app("cart"), "current")
        [pin] = by_channel["pins"]
        self.assertEqual((pin["name"], pin["release"]), (app("cart"), release))
        self.assertEqual(by_channel["bytes"], pin["bytes"])
        self.assertEqual(client.pin(app("cart"), release), by_channel)
        self.assertEqual(client.pin(), by_channel)
        self.assertEqual(client.unpin(app("cart"), release)["pins"], [])
        with self.refuses("notFound"):
            client.unpin(app("cart"), release)

    def test_what_is_not_there_cannot_be_pinned(self) -> None:
        client = self.client()
        fixtures.publish(client, "cart", "node")
        with self.refuses("unknownRemote"):
            client.pin("nobody", "current")
        for release in ("0" * 32, "canary"):
            with self.refuses("notFound"):
                client.pin(app("cart"), release)


if __name__ == "__main__":
    unittest.main()
