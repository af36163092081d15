"""What larder.py itself promises: where it looks, and that no daemon is a miss and no hang."""

import io
import socket
import unittest

from content import get_body, get_content, name, noise
from rig import DaemonCase, Kind, larder

MACHINE = "/run/larder/larder.sock"


class Places(DaemonCase):
    def test_the_order_in_which_it_looks(self) -> None:
        for expected, environment in [
            (None, {"LARDER": "off", "LARDER_SOCKET": "/named"}),
            ("/named", {"LARDER_SOCKET": "/named", "XDG_RUNTIME_DIR": "/run/user/1"}),
            (MACHINE, {}),
        ]:
            self.assertEqual(larder.find_socket(environment), expected)

    def test_the_users_own_before_the_machines(self) -> None:
        folder = self.daemon.folder
        home = str(folder)
        for variable, path in [
            ("XDG_RUNTIME_DIR", "larder/larder.sock"),
            ("XDG_DATA_HOME", "larder/run/larder.sock"),
            ("HOME", ".local/share/larder/run/larder.sock"),
        ]:
            own = folder / path
            own.parent.mkdir(parents=True)
            own.symlink_to(self.daemon.socket)
            environment = {"LARDER_SOCKET": "", "HOME": "/nowhere", variable: home}
            self.assertEqual(larder.find_socket(environment), str(own))
            with larder.connect(larder.find_socket(environment)) as client:
                self.assertEqual(client.ping(b"found"), b"found")

    def test_nobody_there(self) -> None:
        for path in ("nobody.sock", "store"):
            with self.assertRaises(larder.Gone):
                larder.connect(str(self.daemon.folder / path))


class Loss(DaemonCase):
    def test_a_daemon_that_dies_is_gone(self) -> None:
        client = self.client()
        digest = client.put(b"kept").digest
        self.daemon.kill()
        with self.assertRaises(larder.Gone):
            client.get(digest)
        with self.assertRaises(larder.Gone):
            client.get(digest)
        self.daemon.restart()
        self.assertEqual(self.client().get(digest), b"kept")

    def test_a_daemon_that_says_nothing_is_gone_after_the_time_limit(self) -> None:
        path = str(self.daemon.folder / "silent.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen()
            with self.assertRaisesRegex(larder.Gone, "silent"):
                larder.connect(path, timeout=0.05)

    def test_a_stranger_who_listens_is_gone(self) -> None:
        for greeting in (b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(16), b"\xff" * 32):
            ours, theirs = socket.socketpair()
            with theirs:
                theirs.sendall(greeting)
                with self.assertRaises(larder.Gone):
                    larder.Client(ours)

    def test_a_closed_client_is_gone(self) -> None:
        with self.client() as client:
            client.ping()
        client.close()
        with self.assertRaises(larder.Gone):
            client.ping()

    def test_a_file_that_fails_ends_its_put(self) -> None:
        class Failing(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if self.tell() >= 2 * larder.PIECE:
                    raise OSError("the disk went away")
                return super().read(size)

        client = self.client()
        content = noise(2 * larder.PIECE + 1)
        with self.assertRaises(OSError):
            client.put(Failing(content))
        with self.assertRaises(larder.Gone):
            client.ping()
        self.assertFalse(self.client().has([name(content)])[0])


class Pipelining(DaemonCase):
    def test_answers_may_be_read_in_any_order(self) -> None:
        client = self.client()
        pings = [client.send(Kind.PING, bytes([n])) for n in range(50)]
        for n, request in reversed(list(enumerate(pings))):
            [frame] = client.frames(request)
            self.assertEqual(frame.body, bytes([n]))

    def test_a_put_goes_on_while_nobody_reads_other_replies(self) -> None:
        client = self.client()
        blob = noise(3_000_000)
        digest = client.put(blob).digest
        body = get_body(digest)
        gets = [client.send(Kind.GET, body) for _ in range(30)]
        self.assertTrue(client.put(blob).existed)
        for request in gets:
            size = sum(len(get_content(frame)) for frame in client.frames(request))
            self.assertEqual(size, len(blob))

    def test_a_put_that_is_refused_early_leaves_the_connection_well(self) -> None:
        client = self.client()
        with self.refuses("tooLarge"):
            client.put(io.BytesIO(noise(5_000_000)), size=2**40)
        self.assertEqual(client.put(b"after").size, 5)


if __name__ == "__main__":
    unittest.main()
