"""A policy: realms with parents, sockets that admit peers, rights. Each verb for each pair of realms."""

import contextlib
import itertools
import json
import os
import subprocess
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path

import fixtures
from content import name, noise
from fixtures import app
from origin import Origin
from rig import PATIENCE_SECONDS, PROGRAMS, ROOT, Daemon, DaemonCase, Peer, larder

REALMS = ["main", "review", "other"]
PARENTS = {"main": [], "review": ["main"], "other": []}
# Every realm has a remote that no other has.
ROLE = {"main": "cart", "review": "catalog", "other": "shell"}
# Nobody listens there.
NOWHERE = "http://127.0.0.1:1"

POLICY: larder.Json = {
    "realms": {realm: {"parents": PARENTS[realm], "origins": [NOWHERE]} for realm in REALMS},
    "sockets": [
        *({"path": realm, "peers": [{"realm": realm}]} for realm in REALMS),
        *({"path": f"{realm}-reader", "peers": [{"realm": realm, "may": []}]} for realm in REALMS),
    ],
}


class Owned:
    """What one realm has: a blob, and a remote with two releases."""

    def __init__(self, client: larder.Client, realm: str) -> None:
        self.realm = realm
        self.remote = app(ROLE[realm])
        self.content = noise(9_000, REALMS.index(realm))
        self.digest = client.put(self.content, durable=True).digest
        for build in ("web", "node"):
            variant = fixtures.variant(client, fixtures.folder(ROLE[realm], build))
            self.release: str = client.publish(self.remote, [variant])["release"]
        client.put_entry("tool", realm, self.digest)
        self.files: list[larder.Json] = variant["files"]
        self.variant = variant


Operation = Callable[[larder.Client, Owned], object]


def names(client: larder.Client) -> list[str]:
    return [remote["name"] for remote in client.remote("list")["remotes"]]


def providers(client: larder.Client) -> list[str]:
    packages = client.remote("shares")["packages"]
    versions = [version for package in packages for version in package["versions"]]
    return [provider["remote"] for version in versions for provider in version["providers"]]


# Reading: what each answers where the owner's realm is not seen, a value or an error.
READS: dict[str, tuple[Operation, object]] = {
    "HAS": (lambda client, owned: client.has([owned.digest]), [False]),
    "GET": (lambda client, owned: client.get(owned.digest), None),
    "GET of places": (lambda client, owned: client.view(owned.digest), None),
    "REMOTE show": (lambda client, owned: client.remote("show", name=owned.remote), "unknownRemote"),
    "REMOTE contents": (
        lambda client, owned: client.remote("contents", name=owned.remote)["release"],
        "unknownRemote",
    ),
    "REMOTE list": (lambda client, owned: owned.remote in names(client), False),
    "REMOTE shares": (lambda client, owned: owned.remote in providers(client), False),
    "INIT": (
        lambda client, owned: client.init(
            1, {"name": "host"}, releases={owned.remote: owned.release}
        )["releases"],
        {},
    ),
    "PLAN": (
        lambda client, owned: client.plan([{"remote": owned.remote, "expose": "./None"}])[
            "containers"
        ],
        [],
    ),
    "OPEN": (
        lambda client, owned: client.open(
            host={"name": "host"}, container=owned.remote, paths=["remoteEntry.js"]
        ).blobs,
        "unknownRemote",
    ),
    "KEYED get": (lambda client, owned: client.entry("tool", owned.realm), None),
    "WATCH": (
        lambda client, owned: client.watch({owned.remote: "", "nobody": ""})[owned.remote],
        None,
    ),
}

# Changes of a remote; each is refused, and changes nothing, but in its own realm.
CHANGES: dict[str, tuple[Operation, object]] = {
    "REMOTE update": (lambda client, owned: client.remote("update", name=owned.remote), "badRequest"),
    "REMOTE channel": (
        lambda client, owned: client.remote(
            "channel", name=owned.remote, channel="next", release=owned.release
        ),
        None,
    ),
    "REMOTE rollback": (lambda client, owned: client.remote("rollback", name=owned.remote), None),
    "REMOTE switch": (
        lambda client, owned: client.remote(
            "switch", channel="current", releases={owned.remote: owned.release}
        ),
        None,
    ),
    "REMOTE rollback of several": (
        lambda client, owned: client.remote("rollback", names=[owned.remote]),
        None,
    ),
    "PIN": (lambda client, owned: client.pin(owned.remote, owned.release), None),
    "UNPIN": (lambda client, owned: client.unpin(owned.remote, owned.release), None),
    "REMOTE remove": (lambda client, owned: client.remote("remove", name=owned.remote), None),
}

# What concerns the peer's own realm alone, and the right that it takes.
OWN: dict[str, tuple[Operation, str]] = {
    "PUT": (lambda client, owned: client.put(b"anything"), "write"),
    "LEASE": (lambda client, owned: client.lease([owned.digest]), "write"),
    "KEYED put": (lambda client, owned: client.put_entry("tool", "k", owned.digest), "write"),
    "KEYED remove": (lambda client, owned: client.remove_entry("tool", "k"), "write"),
    "ENSURE": (lambda client, owned: client.ensure(NOWHERE + "/a.js"), "write"),
    "ENSURE with integrity": (
        lambda client, owned: client.ensure(NOWHERE + "/a.js", integrity="sha256-" + "A" * 43 + "="),
        "write",
    ),
    "PUBLISH": (lambda client, owned: client.publish("new", [owned.variant]), "publish"),
    "REMOTE add": (lambda client, owned: client.remote("add", name="n", urls=[NOWHERE]), "publish"),
    "REMOTE inspect": (lambda client, owned: client.remote("inspect", urls=[NOWHERE]), "publish"),
    "ADMIN": (lambda client, owned: client.admin("collect"), "administer"),
}


def outcome(operation: Operation, client: larder.Client, owned: Owned) -> object:
    """What an operation answers, or the code that it is refused with."""
    try:
        return operation(client, owned)
    except larder.Refused as refusal:
        return refusal.code


class Matrix(DaemonCase):
    policy = POLICY
    owned: dict[str, Owned]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.owned = {}
        for realm in REALMS:
            with larder.connect(cls.daemon.realm_socket(realm), timeout=PATIENCE_SECONDS) as client:
                cls.owned[realm] = Owned(client, realm)

    def of(self, socket: str) -> larder.Client:
        return self.client(self.daemon.realm_socket(socket))

    def test_each_reads_its_own_and_its_parents(self) -> None:
        for realm, owner, role in itertools.product(REALMS, REALMS, ("", "-reader")):
            for verb, (operation, nothing) in READS.items():
                with self.subTest(verb, realm=realm + role, owner=owner):
                    answer = outcome(operation, self.of(realm + role), self.owned[owner])
                    if owner in [realm, *PARENTS[realm]]:
                        self.assertTrue(answer)
                        self.assertNotIn(answer, [nothing, "notPermitted"])
                    else:
                        self.assertEqual(answer, nothing)

    def test_what_is_absent_and_what_another_has_look_the_same(self) -> None:
        for realm, owner in itertools.product(REALMS, REALMS):
            if owner in [realm, *PARENTS[realm]]:
                continue
            client = self.of(realm)
            digest = self.owned[owner].digest
            absent = name(b"what nobody has")
            self.assertEqual(client.get_many([(digest, 0, 9)]), client.get_many([(absent, 0, 9)]))
            messages = []
            for each in (digest, absent):
                with self.refuses("notFound") as refusal:
                    client.lease([each])
                messages.append(str(refusal.error).replace(each, ""))
            self.assertEqual(messages[0], messages[1])
            self.assertFalse(client.put(self.owned[owner].content[:-1] + b"?").existed)

    def test_only_its_own_remotes_are_changed_and_only_by_who_may(self) -> None:
        for realm, owner, role in itertools.product(REALMS, REALMS, ("-reader", "")):
            if (realm, role) == (owner, ""):
                continue
            for verb, (operation, _) in CHANGES.items():
                with self.subTest(verb, realm=realm + role, owner=owner):
                    answer = outcome(operation, self.of(realm + role), self.owned[owner])
                    seen = owner in PARENTS[realm]
                    expected = "notPermitted" if role or seen else "unknownRemote"
                    self.assertEqual(answer, expected)
                    shown = self.of(owner).remote("show", name=self.owned[owner].remote)
                    self.assertEqual(shown["channels"], {"current": self.owned[owner].release})

    def test_a_right_that_is_not_granted_is_not_there(self) -> None:
        for realm, (verb, (operation, _)) in itertools.product(REALMS, OWN.items()):
            with self.subTest(verb, realm=realm):
                answer = outcome(operation, self.of(f"{realm}-reader"), self.owned[realm])
                self.assertEqual(answer, "notPermitted")

    def test_figures_of_the_machine_take_a_right_of_their_own(self) -> None:
        self.assertNotIn("machine", self.of("main").stats())
        self.assertIn("machine", self.client().stats())

    def test_a_remote_of_a_parent_says_whose_it_is(self) -> None:
        shown = self.of("review").remote("show", name=self.owned["main"].remote)
        self.assertEqual(shown["realm"], "main")
        self.assertNotIn("realm", self.of("main").remote("show", name=self.owned["main"].remote))


class Own(DaemonCase):
    """What a realm does with its own; each test has a daemon of its own."""

    policy = POLICY

    @classmethod
    def setUpClass(cls) -> None:
        pass

    def setUp(self) -> None:
        self.daemon = Daemon(policy=self.policy)
        self.addCleanup(self.daemon.remove)
        self.main = self.client(self.daemon.realm_socket("main"))
        self.review = self.client(self.daemon.realm_socket("review"))

    def test_what_is_granted_works(self) -> None:
        owned = Owned(self.main, "main")
        for verb, (operation, expected) in CHANGES.items():
            with self.subTest(verb):
                answer = outcome(operation, self.main, owned)
                self.assertEqual(answer if isinstance(answer, str) else None, expected)
        refusals = {"ADMIN": "notPermitted"} | dict.fromkeys(
            ("ENSURE", "ENSURE with integrity", "REMOTE add", "REMOTE inspect"), "originUnavailable"
        )
        for verb, (operation, _) in OWN.items():
            with self.subTest(verb):
                answer = outcome(operation, self.main, owned)
                self.assertEqual(answer if isinstance(answer, str) else None, refusals.get(verb))

    def test_a_remote_of_the_own_realm_hides_a_parents(self) -> None:
        owned = Owned(self.main, "main")
        [shown] = self.review.remote("list")["remotes"]
        self.assertEqual((shown["realm"], shown["current"]["release"]), ("main", owned.release))
        web = fixtures.variant(self.review, fixtures.folder("cart", "web"))
        own = self.review.publish(owned.remote, [web])["release"]
        [shown] = self.review.remote("list")["remotes"]
        self.assertEqual((shown.get("realm"), shown["current"]["release"]), (None, own))
        [shown] = self.main.remote("list")["remotes"]
        self.assertEqual(shown["current"]["release"], owned.release)
        self.review.remote("remove", name=owned.remote)
        self.assertEqual(self.review.watch({owned.remote: own}), {owned.remote: owned.release})

    def test_a_child_is_told_of_moves_in_its_parent(self) -> None:
        owned = Owned(self.main, "main")
        current = self.review.watch({owned.remote: ""})
        request = self.review.send(
            larder.Kind.WATCH, json.dumps({"known": current}).encode()
        )
        moved = self.main.remote("rollback", name=owned.remote)["current"]["release"]
        self.assertEqual(self.review._json(request)["moved"], {owned.remote: moved})

    def test_a_release_of_a_parents_files_outlives_them(self) -> None:
        owned = Owned(self.main, "main")
        release = self.review.publish("copy", [owned.variant])["release"]
        admin = self.client(self.daemon.admin_socket)
        self.main.remote("remove", name=owned.remote)
        for file in owned.files:
            admin.admin("evict", digest=file["digest"], realm="main")
        [digest] = [file["digest"] for file in owned.files if file["path"] == "remoteEntry.js"]
        self.assertEqual((self.main.has([digest]), self.review.has([digest])), ([False], [True]))
        self.assertTrue(self.review.pin("copy", release)["pins"])

    def test_a_session_keeps_the_release_of_a_parent(self) -> None:
        owned = Owned(self.main, "main")
        self.review.init(1, {"name": "host"}, releases={owned.remote: owned.release})
        self.main.remote("remove", name=owned.remote)
        admin = self.client(self.daemon.admin_socket)
        with self.refuses("busy"):
            admin.admin("evict", digest=owned.files[0]["digest"], realm="main")

    def test_a_lease_holds_what_a_parent_has_on_the_childs_budget(self) -> None:
        digest = self.main.put(noise(5_000, 3), durable=True).digest
        lease = self.review.lease([digest])
        admin = self.client(self.daemon.admin_socket)
        with self.refuses("busy"):
            admin.admin("evict", digest=digest, realm="main")
        with self.refuses("notFound"):
            self.main.release(lease)
        self.review.release(lease)
        admin.admin("evict", digest=digest, realm="main")


class Origins(DaemonCase):
    def test_a_realm_fetches_from_its_origins_and_nowhere_else(self) -> None:
        allowed, foreign = Origin(), Origin()
        self.addCleanup(allowed.stop)
        self.addCleanup(foreign.stop)
        allowed.pages["/a.js"] = foreign.pages["/b.js"] = b"export {};"
        allowed.pages["/out.js"] = (302, {"Location": foreign.base + "/b.js"}, b"")
        policy: larder.Json = {
            "realms": {
                "main": {"origins": [allowed.base]},
                "review": {"parents": ["main"]},
            },
            "sockets": [{"path": each, "peers": [{"realm": each}]} for each in ("main", "review")],
        }
        daemon = Daemon(policy=policy)
        self.addCleanup(daemon.remove)
        main, review = (self.client(daemon.realm_socket(each)) for each in ("main", "review"))
        for url in (foreign.base + "/b.js", allowed.base + "/out.js"):
            with self.refuses("originRefused"):
                main.ensure(url)
        self.assertEqual(foreign.count("/b.js"), 0)
        with self.refuses("originRefused"):
            review.ensure(allowed.base + "/a.js")
        self.assertEqual(main.ensure(allowed.base + "/a.js")[0]["source"], "origin")
        # What its parent fetched it reads, as if the origin were down.
        answer, content = review.ensure(allowed.base + "/a.js")
        self.assertEqual((answer["source"], answer["stale"], content), ("store", True, b"export {};"))
        self.assertEqual(allowed.count("/a.js"), 1)

    @classmethod
    def setUpClass(cls) -> None:
        pass


@unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else for a moment")
class Peers(DaemonCase):
    policy = POLICY | {
        "sockets": [
            {
                "path": "shared",
                "peers": [
                    {"users": [0], "realm": "main"},
                    {"users": [1234], "realm": "review", "may": ["write"]},
                    {"groups": [4321], "realm": "other"},
                ],
            },
            {"path": "own", "peers": [{"users": [0], "realm": "main"}]},
        ]
    }

    def setUp(self) -> None:
        os.chmod(self.daemon.folder, 0o755)

    def realm(self, user: int, groups: list[int]) -> str:
        """The realm that a user is admitted to, or the error."""
        own = os.getgroups()
        os.setgroups(groups)
        os.setegid(user)
        os.seteuid(user)
        try:
            peer = Peer.connect(self.daemon.realm_socket("shared"))
        finally:
            os.seteuid(0)
            os.setegid(0)
            os.setgroups(own)
        self.addCleanup(peer.close)
        # Whoever is not admitted is told so unasked.
        with contextlib.suppress(BrokenPipeError):
            peer.send_json(larder.Kind.HELLO, 1, {"protocol": [1, 1], "client": "peer"})
        frame = peer.frame()
        if frame.flags & larder.Flag.ERROR:
            return larder.Refused(frame.body).code
        return json.loads(frame.body)["realm"]

    def test_the_first_grant_that_knows_the_peer_decides(self) -> None:
        self.assertEqual(self.realm(0, []), "main")
        self.assertEqual(self.realm(1234, [4321]), "review")
        self.assertEqual(self.realm(1235, [1, 4321]), "other")
        self.assertEqual(self.realm(4321, []), "other")
        self.assertEqual(self.realm(1235, [1]), "notPermitted")
        self.assertEqual(self.realm(65_534, []), "notPermitted")

    def test_a_socket_of_one_user_opens_for_nobody_else(self) -> None:
        modes = {
            socket: os.stat(self.daemon.realm_socket(socket)).st_mode & 0o777
            for socket in ("own", "shared")
        }
        self.assertEqual(modes, {"own": 0o600, "shared": 0o666})


class Policies(unittest.TestCase):
    def test_the_example_opens_what_it_says(self) -> None:
        policy: larder.Json = json.loads((ROOT / "config/build-agent.json").read_text())
        for socket in policy["sockets"]:
            socket["path"] = Path(socket["path"]).stem
        daemon = Daemon(policy=policy)
        self.addCleanup(daemon.remove)
        with larder.connect(daemon.realm_socket("review"), timeout=PATIENCE_SECONDS) as review:
            self.assertEqual(review.hello["realm"], "review")
            with self.assertRaises(larder.Refused):
                review.remote("add", name="nav", urls=[NOWHERE])

    def refused(self, text: str) -> str:
        with tempfile.TemporaryDirectory(prefix="larder-") as folder:
            file = Path(folder) / "policy.json"
            file.write_text(text)
            command = [str(PROGRAMS / "larderd"), f"--store={folder}/store", f"--policy={file}"]
            ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual(ended.returncode, 78, ended.stderr)
            self.assertFalse((Path(folder) / "store").exists())
            return ended.stderr

    def test_each_mistake_is_named(self) -> None:
        socket = {"path": "s", "peers": [{"realm": "a"}]}
        for policy, message in [
            ({"sockets": [socket]}, "'a', which is not named under 'realms'"),
            ({"realms": {"a": {"parent": []}}, "sockets": [socket]}, "'parent' is no member here"),
            ({"realms": {"a": {"parents": ["b"]}}, "sockets": []}, "reads from 'b', which is no realm"),
            (
                {"realms": {"a": {"parents": ["b"]}, "b": {"parents": ["a"]}}, "sockets": [socket]},
                "reads from itself",
            ),
            ({"realms": {"a b": {}}, "sockets": [socket]}, "'a b' is not a realm's name"),
            ({"realms": {"a": {"origins": ["x.org"]}}, "sockets": [socket]}, "has no scheme"),
            ({"realms": {"a": {"origins": ["http://x/y"]}}, "sockets": [socket]}, "without a path"),
            ({"realms": {"a": {"quotaGiB": 0}}, "sockets": [socket]}, "'quotaGiB' is 1 to 16384"),
            ({"realms": {"a": {"updateEvery": "1y"}}, "sockets": [socket]}, "'updateEvery' is 10s to 30d"),
            ({"realms": {"a": {"keepReleases": 0}}, "sockets": [socket]}, "'keepReleases' is 1 to 256"),
            ({"realms": {"a": {"keepDays": -1}}, "sockets": [socket]}, "'keepDays' is 0 to 3650"),
            ({"realms": {"a": {"sharing": "none"}}, "sockets": [socket]}, "all, same-origin or a list"),
            ({"realms": {"a": {"sharing": [{"from": ["a"], "to": []}]}}, "sockets": [socket]}, "'sharing'"),
            ({"realms": {"a": {"sharing": [{"from": []}]}}, "sockets": [socket]}, "'to' is missing"),
            ({"realms": {"a": {}}}, "'sockets' is missing"),
            ({"realms": {"a": {}}, "sockets": [socket | {"peers": []}]}, "admits nobody"),
            (
                {"realms": {"a": {}}, "sockets": [{"path": "s", "peers": [{"realm": "a", "may": ["x"]}]}]},
                "'x' is no right",
            ),
            (
                {
                    "realms": {"a": {}},
                    "sockets": [{"path": "s", "peers": [{"realm": "a", "users": ["n o"]}]}],
                },
                "no user is named 'n o'",
            ),
            (
                {
                    "realms": {"a": {}},
                    "sockets": [{"path": "s", "peers": [{"realm": "a", "users": [65534]}]}],
                },
                "nobody's identity",
            ),
        ]:
            with self.subTest(message):
                self.assertIn(message, self.refused(json.dumps(policy)))
        self.assertIn("the policy ", self.refused("{"))


if __name__ == "__main__":
    unittest.main()
