"""A daemon of its own for each test class, and a peer that writes any bytes it likes."""

import faulthandler
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Sources/Python"))

import larder as larder  # noqa: E402: the path had to be known first; tests take it from here
from larder import Flag as Flag, Kind as Kind  # noqa: E402

PROGRAMS = Path(os.environ.get("LARDER_PROGRAMS", ROOT / ".build/debug"))

# The longest that anything may be waited for: what takes longer fails.
PATIENCE_SECONDS = 60

# A suite that hangs all the same ends with a trace of where.
faulthandler.dump_traceback_later(300, exit=True)


class Daemon:
    """`larderd` on an empty store in a folder of its own; it dies with the test's process.

    A policy's sockets are named as realms are, and their paths filled in.
    """

    def __init__(
        self,
        realms: Sequence[str] = (),
        options: Sequence[str] = (),
        policy: larder.Json | None = None,
        user: int | None = None,
        descriptors: int | None = None,
    ) -> None:
        """`user` runs it as somebody else, `descriptors` bounds those that it may have open."""
        self.folder = Path(tempfile.mkdtemp(prefix="larder-"))
        program = PROGRAMS / "larderd"
        wrapper: list[str] = []
        if descriptors is not None:
            wrapper += ["prlimit", f"--nofile={descriptors}:{descriptors}"]
        if user is not None:
            os.chown(self.folder, user, user)
            wrapper += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            # Where it was built somebody else may not look.
            program = Path(shutil.copy(program, self.folder))
        self.socket = self.realm_socket("default")
        self.admin_socket = self.realm_socket("admin")
        self._sockets = 2 + len(realms)
        self._command = [
            *wrapper,
            *("setpriv", "--pdeathsig", "KILL", str(program), "--quota=1"),
            *(f"--store={self.folder / 'store'}", f"--socket={self.socket}"),
            f"--admin-socket={self.admin_socket}",
            *(f"--realm={name}={self.realm_socket(name)}" for name in realms),
            *options,
        ]
        if policy:
            sockets = [
                socket | {"path": self.realm_socket(socket["path"])} for socket in policy["sockets"]
            ]
            file = self.folder / "policy.json"
            file.write_text(json.dumps(policy | {"sockets": sockets}))
            self._command.append(f"--policy={file}")
            self._sockets += len(sockets)
        self._start()

    def realm_socket(self, realm: str) -> str:
        return str(self.folder / f"{realm}.sock")

    def _start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        self.log = ""
        listens = threading.Event()
        threading.Thread(target=self._read_log, args=[listens], daemon=True).start()
        if not listens.wait(PATIENCE_SECONDS) or not self._is_listening():
            self.remove()
            raise AssertionError(f"larderd did not start: {self.log}")

    def _is_listening(self) -> bool:
        return self.log.count("] listening") == self._sockets

    def _read_log(self, listens: threading.Event) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            for line in lines:
                self.log += line
                if self._is_listening():
                    listens.set()
        listens.set()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def restart(self) -> None:
        self.kill()
        self._start()

    def stored_files(self) -> list[Path]:
        """All files of the store."""
        return [path for path in (self.folder / "store").rglob("*") if path.is_file()]

    def damage(self, marked: bytes) -> None:
        """Ends the daemon, spoils bytes that stand in one of its files, and starts it again."""
        self.kill()
        [path] = [path for path in self.stored_files() if marked in path.read_bytes()]
        path.write_bytes(path.read_bytes().replace(marked, bytes(len(marked))))
        self._start()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)


class Peer:
    """A socket without manners: it sends what it is told, and reads frame by frame."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.socket.settimeout(PATIENCE_SECONDS)
        self.descriptors: list[int] = []

    @classmethod
    def connect(cls, path: str) -> "Peer":
        peer = cls(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        peer.socket.connect(path)
        return peer

    def send(
        self, kind: int, request: int, body: bytes = b"", flags: int = 0, **header: int
    ) -> None:
        """One frame; `length` and `reserved` may be other than they ought to be."""
        length = header.get("length", len(body))
        reserved = header.get("reserved", 0)
        self.socket.sendall(struct.pack("<IBBHQ", length, kind, flags, reserved, request) + body)

    def send_json(self, kind: int, request: int, members: object) -> None:
        self.send(kind, request, json.dumps(members).encode())

    def reply(self, request: int) -> list[larder.Frame]:
        """All frames of one reply, which must be the next to come."""
        frames = [self.frame()]
        while frames[-1].flags & Flag.MORE:
            frames.append(self.frame())
        assert {frame.request for frame in frames} == {request}, frames
        return frames

    def hello(self) -> None:
        self.send_json(Kind.HELLO, 1, {"protocol": [1, 1], "client": "peer"})
        assert self.frame().flags == Flag.REPLY

    def bytes(self, count: int) -> bytes:
        """So many bytes; fewer only if the daemon ends the connection."""
        found = b""
        while len(found) < count:
            piece, descriptors, flags, _ = socket.recv_fds(self.socket, count - len(found), 64)
            self.descriptors += descriptors
            assert not flags & socket.MSG_CTRUNC
            if not piece:
                break
            found += piece
        return found

    def frame(self) -> larder.Frame:
        header = self.bytes(16)
        if len(header) < 16:
            raise EOFError("the daemon ended the connection")
        length, kind, flags, reserved, request = struct.unpack("<IBBHQ", header)
        assert reserved == 0 and length <= 4_194_304
        return larder.Frame(kind, flags, request, self.bytes(length))

    def error(self) -> tuple[int, int, str]:
        """Kind, request id and code of the ERROR that comes next."""
        frame = self.frame()
        assert frame.flags == Flag.REPLY | Flag.ERROR, frame
        return frame.kind, frame.request, larder.Refused(frame.body).code

    def close(self) -> None:
        self.socket.close()
        while self.descriptors:
            os.close(self.descriptors.pop())

    def is_ended(self) -> bool:
        """Whether the daemon has closed, and sent nothing more before it."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


class DaemonCase(unittest.TestCase):
    """Tests that share a daemon; each makes its own connections."""

    realms: Sequence[str] = ()
    options: Sequence[str] = ()
    policy: larder.Json | None = None
    descriptors: int | None = None
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(cls.realms, cls.options, cls.policy, descriptors=cls.descriptors)
        cls.addClassCleanup(cls.daemon.remove)

    def client(self, path: str | None = None) -> larder.Client:
        client = larder.connect(path or self.daemon.socket, timeout=PATIENCE_SECONDS)
        self.addCleanup(client.close)
        return client

    def peer(self, hello: bool = True, path: str | None = None) -> Peer:
        peer = Peer.connect(path or self.daemon.socket)
        self.addCleanup(peer.close)
        if hello:
            peer.hello()
        return peer

    def refuses(self, code: str) -> "Refusal":
        return Refusal(self, code)


class Refusal:
    """`with self.refuses("notFound"):` the daemon answers with that code."""

    def __init__(self, case: unittest.TestCase, code: str) -> None:
        self._case, self._code = case, code

    def __enter__(self) -> "Refusal":
        return self

    def __exit__(self, kind: object, error: object, _: object) -> bool:
        self._case.assertIsInstance(error, larder.Refused, f"not refused with {self._code}")
        assert isinstance(error, larder.Refused)
        self._case.assertEqual(error.code, self._code, str(error))
        self.error = error
        return True
