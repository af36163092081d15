"""INIT, OVERRIDE, PLAN, REPORT and OPEN with builds of a real webpack."""

import unittest

import fixtures
from content import name
from fixtures import app, expose, folder
from rig import DaemonCase, Kind, larder


def share(key: str, version: str) -> larder.Json:
    flags = {"eager": False, "loaded": False}
    return {"scope": "default", "key": key, "version": version, "from": "kiosk", **flags}


class Plans(DaemonCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        with larder.connect(cls.daemon.socket) as client:
            for role in ("shell", "catalog", "cart"):
                fixtures.publish(client, role, "node", "web")

    def host(self, target: str = "async-node", **members: object) -> larder.Json:
        return {"name": "kiosk", "target": target, **members}

    def test_a_plan_names_files_that_are_here_by_digest(self) -> None:
        client = self.client()
        plan = client.plan([expose("cart", "Promotion")], host=self.host())
        self.assertEqual((plan["protocol"], plan["errors"]), (1, []))
        self.assertEqual(plan["requests"], [expose("cart", "Promotion")])
        self.assertEqual(plan["entries"][0], {"container": app("cart"), "askedBy": "kiosk"})
        self.assertEqual(plan["cost"], {"originRequests": 0, "networkBytes": 0})
        roles = {app(role): role for role in ("shell", "catalog", "cart")}
        self.assertTrue(plan["files"])
        for file in plan["files"]:
            content = (folder(roles[file["container"]], "node") / file["path"]).read_bytes()
            self.assertEqual((file["digest"], file["size"]), (name(content), len(content)))
            self.assertIn(file["phase"], ("required", "reachable"))
            self.assertIn(file["kind"], ("entry", "chunk", "style", "asset"))
            self.assertEqual(client.get(file["digest"]), content)

    def test_the_target_chooses_the_variant(self) -> None:
        for target in ("web", "async-node"):
            plan = self.client().plan([expose("cart", "Promotion")], host=self.host(target))
            self.assertEqual({each["target"] for each in plan["containers"]}, {target})

    def test_what_cannot_be_planned_is_data(self) -> None:
        client = self.client()
        for request, kind in [
            ({"remote": "nobody", "expose": "./x"}, "unknownRemote"),
            ({"remote": app("cart"), "expose": "./nope"}, "unknownExpose"),
        ]:
            plan = client.plan([request, expose("shell", "Frame")])
            kinds = {(each["kind"], each["container"]) for each in plan["errors"]}
            self.assertIn((kind, request["remote"]), kinds)
            self.assertTrue(plan["files"], "the rest of the plan does not hold")

    def test_a_session_has_scopes_of_its_own(self) -> None:
        client = self.client()
        react = share("react", "18.1.0")
        opened = client.init(3, self.host(remotes=[app("cart")], shared=[react]))
        self.assertEqual(opened, {"session": 3, "releases": {}})
        self.assertEqual(client.override(3, []), [react])
        lib = share("lib", "1.0.0")
        self.assertEqual(client.override(3, [lib]), [react, lib])
        client.init(4, self.host())
        self.assertEqual(client.override(4, []), [])
        plan = client.plan([expose("cart", "Promotion")], session=3)
        chosen = {(each["key"], each["from"]) for each in plan["shared"] if "from" in each}
        self.assertIn(("react", "kiosk"), chosen)

    def test_init_and_override_take_effect_in_the_order_sent(self) -> None:
        peer = self.peer()
        lib = share("lib", "1.0.0")
        peer.send_json(Kind.INIT, 2, {"session": 1, "host": self.host()})
        peer.send_json(Kind.OVERRIDE, 3, {"session": 1, "shared": [lib]})
        peer.send_json(Kind.OVERRIDE, 4, {"session": 1, "shared": []})
        peer.send_json(Kind.PLAN, 5, {"session": 1, "requests": [expose("cart", "Promotion")]})
        frames = {frame.request: frame for frame in (peer.frame() for _ in range(4))}
        self.assertFalse([each for each in frames.values() if each.flags & larder.Flag.ERROR])
        for request in (3, 4):
            self.assertIn(b'"lib"', frames[request].body)

    def test_a_session_goes_on_with_the_releases_that_it_ran(self) -> None:
        client = self.client()
        client.init(1, self.host())
        plan = client.plan([expose("catalog", "Promotion")], session=1)
        ran = {each["name"]: each["release"] for each in plan["containers"]}
        again = self.client()
        opened = again.init(1, self.host(), releases={**ran, "nobody": "0" * 32})
        self.assertEqual(opened, {"session": 1, "releases": ran})

    def test_a_session_keeps_its_release_when_another_is_published(self) -> None:
        client = self.client()
        client.init(1, self.host())
        request = expose("catalog", "Promotion")
        first = client.plan([request], session=1)
        second = fixtures.publish(client, "catalog", "node", "web", deploy="dist-second")
        self.assertEqual(client.plan([request], session=1)["containers"], first["containers"])
        releases = {each["release"] for each in client.plan([request])["containers"]}
        self.assertIn(second["release"], releases)

    def test_open_is_a_plan_and_its_bytes(self) -> None:
        client = self.client()
        client.init(1, self.host())
        requests = [expose("shell", "ShellRoute")]
        required = client.open(session=1, requests=requests, include=["required"])
        both = client.open(session=1, requests=requests, include=["required", "reachable"])
        self.assertEqual(required.answer["plan"], client.plan(requests, session=1))
        for opened, phases in ((required, {"required"}), (both, {"required", "reachable"})):
            plan = opened.answer["plan"]
            planned = {each["digest"] for each in plan["files"] if each["phase"] in phases}
            self.assertEqual({each["digest"] for each in opened.answer["files"]}, planned)
            self.assertEqual(set(opened.blobs), planned)
            self.assertEqual(len(opened.answer["blobs"]), len(planned))
            for digest, content in opened.blobs.items():
                self.assertEqual(name(content), digest)

    def test_open_leaves_out_what_the_host_has(self) -> None:
        client = self.client()
        requests = [expose("shell", "ShellRoute")]
        whole = client.open(requests=requests)
        have = list(whole.blobs)[:2]
        rest = client.open(requests=requests, have=have)
        self.assertEqual(set(rest.blobs), set(whole.blobs) - set(have))

    def test_open_of_single_files(self) -> None:
        client = self.client()
        client.init(1, self.host())
        client.plan([expose("cart", "CartRoute")], session=1)
        path = "assets/checkout.css"
        opened = client.open(session=1, container=app("cart"), paths=[path])
        [file] = opened.answer["files"]
        self.assertEqual((file["container"], file["path"]), (app("cart"), path))
        content = (folder("cart", "node") / path).read_bytes()
        self.assertEqual(opened.blobs, {file["digest"]: content})
        self.assertIsNone(opened.answer.get("plan"))
        with self.refuses("notFound"):
            client.open(session=1, container=app("cart"), paths=["nope.css"])
        with self.refuses("unknownRemote"):
            client.open(session=1, container="nobody", paths=["nope.css"])

    def test_every_frame_of_an_open_carries_data(self) -> None:
        client = self.client()
        body = {"requests": [expose("shell", "ShellRoute")], "include": ["required", "reachable"]}
        frames = list(client.frames(client._send_json(Kind.OPEN, body)))
        self.assertTrue(all(frame.flags & larder.Flag.DATA for frame in frames))

    def test_a_report_is_taken(self) -> None:
        client = self.client()
        client.init(1, self.host())
        where = {"container": app("cart"), "planned": "a.js", "seen": "b.js"}
        for kind in ("entry", "file", "shared", "order", "error"):
            client.report(1, [{"kind": kind, **where}])

    def test_a_report_is_told_with_the_plan(self) -> None:
        client = self.client()
        client.init(1, self.host())
        requests = [expose("cart", "CartRoute")]
        plan = client.plan(requests, session=1)
        difference = {"kind": "file", "container": app("cart"), "seen": "told.js"}
        for _ in range(2):
            client.report(1, [difference], requests)
        self.assertNotIn("differences", client.plan(requests, session=1))
        told = client.plan(requests, session=1, differences=True)["differences"]
        [told] = [one for one in told if one.get("seen") == "told.js"]
        self.assertEqual(told["count"], 2)
        self.assertEqual(told["request"], requests[0])
        [release] = [c["release"] for c in plan["containers"] if c["name"] == app("cart")]
        self.assertEqual(told["release"], release)

    def test_members_are_checked(self) -> None:
        client = self.client()
        client.init(1, self.host())
        bad: list[tuple[Kind, larder.Json]] = [
            (Kind.INIT, {"session": 2}),
            (Kind.INIT, {"session": 2, "host": {"target": "web"}}),
            (Kind.INIT, {"session": 2, "host": {"name": "x", "target": "toaster"}}),
            (Kind.INIT, {"session": -1, "host": self.host()}),
            (Kind.INIT, {"session": 2**32, "host": self.host()}),
            (Kind.INIT, {"session": "2", "host": self.host()}),
            (Kind.OVERRIDE, {"session": 1, "shared": [{"scope": "default"}]}),
            (Kind.PLAN, {"session": 1, "requests": [{"remote": "nav"}]}),
            (Kind.PLAN, {"session": 1}),
            (Kind.REPORT, {"session": 1}),
            (Kind.OPEN, {"requests": [], "include": ["everything"]}),
            (Kind.OPEN, {"requests": [], "have": ["xyz"]}),
        ]
        for kind, members in bad:
            with self.subTest(kind=kind, members=members):
                with self.refuses("badRequest") as refusal:
                    client.call(kind, members)
                self.assertNotIn("no JSON", str(refusal.error))


class Damage(DaemonCase):
    options = ["--memory=0", "--scrub-every=0"]

    def test_an_open_of_damaged_content_ends_in_an_error(self) -> None:
        fixtures.publish(self.client(), "cart", "node")
        style = (folder("cart", "node") / "assets/checkout.css").read_bytes()
        self.daemon.damage(style)
        client = self.client()
        client.init(1, {"name": "kiosk", "target": "async-node"})
        with self.refuses("corrupt"):
            client.open(session=1, container=app("cart"), paths=["assets/checkout.css"])


if __name__ == "__main__":
    unittest.main()
