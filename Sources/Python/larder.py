"""Larder from Python: a client of larderd's native protocol, version 1, in one file to copy.

    import larder

    with larder.connect() as cache:
        stored = cache.put(b"bytes worth keeping", durable=True)
        assert cache.get(stored.digest) == b"bytes worth keeping"
        assert cache.get("00" * 32) is None  # a miss

What is not there is None. `Gone` means that there is no daemon (any more) and that the program goes
on without one; `Refused` is the daemon's own answer. Digests are SHA-256 as 64 lower-case
hexadecimal digits, as in JSON. No wait outlasts the client's `timeout`, in seconds of silence.

A client is for one thread at a time. Requests may be pipelined: `send` several, then read the
`frames` of each. Bytes and behaviour are those of docs/protocol.md. Wants Python 3.11 on Linux.
"""

from __future__ import annotations

import io
import json
import os
import select
import socket
import struct
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

HEADER = struct.Struct("<IBBHQ")
GET_HEAD = struct.Struct("<B7x")
GET_RECORD = struct.Struct("<32sQQ")
ITEM_HEAD = struct.Struct("<IIQ")
PUT_HEAD = struct.Struct("<BBHIQ32s")
PUT_ANSWER = struct.Struct("<32sQB7x")

TO_THE_END = 2**64 - 1
AS_BYTES = 0
"""Length of a range without an end, and size of a PUT whose size nobody knows."""

FRAME_BODY_MAX = 4_194_304
"""Of a frame from the daemon; what it takes is in `limits`."""

PIECE = 1 << 20
"""Bytes of content in a frame of a PUT: few enough that other requests get their turn."""

Json = dict[str, Any]


class Kind(IntEnum):
    """The verbs by number."""

    HELLO = 1
    PING = 2
    STATS = 3
    HAS = 4
    GET = 5
    PUT = 6
    ENSURE = 7
    PUBLISH = 8
    REMOTE = 9
    INIT = 10
    OVERRIDE = 11
    PLAN = 12
    REPORT = 13
    OPEN = 14
    LEASE = 15
    RELEASE = 16
    PIN = 17
    UNPIN = 18
    WATCH = 19
    ADMIN = 21


class Flag(IntFlag):
    REPLY = 0x01
    MORE = 0x02
    ERROR = 0x04
    DATA = 0x08


class Status(IntEnum):
    """What became of an item of a GET."""

    BYTES = 0
    ABSENT = 1
    DAMAGED = 2
    OUT_OF_RANGE = 3


class Frame(NamedTuple):
    kind: int
    flags: int
    request: int
    body: bytes


class Item(NamedTuple):
    """One item of a GET. `size` is the whole blob's, `data` the range that was asked for."""

    status: Status
    size: int
    data: bytes


class Stored(NamedTuple):
    """Answer of a PUT; `existed` if this realm had the content before."""

    digest: str
    size: int
    existed: bool


class Opened(NamedTuple):
    """Answer of an OPEN: its plan and files, and the content by digest."""

    answer: Json
    blobs: dict[str, bytes]


class LarderError(Exception):
    """Anything that this module raises on purpose."""


class Gone(LarderError):
    """No daemon listens, it went away, or it was silent for too long. The client is closed."""


class Refused(LarderError):
    """The daemon answered a request with an error; `code` is one of the protocol's table."""

    def __init__(self, body: bytes) -> None:
        error: Json = json.loads(body)
        self.code: str = error["code"]
        self.remedy: str | None = error.get("remedy")
        self.subject: str | None = error.get("subject")
        super().__init__(": ".join([self.code, error["message"]]))


def find_socket(environment: Mapping[str, str] = os.environ) -> str | None:
    """The path at which a daemon should listen, or None if LARDER=off says not to look."""
    if environment.get("LARDER") == "off":
        return None
    if named := environment.get("LARDER_SOCKET"):
        return named
    machine = Path("/run/larder/larder.sock")
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        own = Path(runtime, "larder/larder.sock")
    elif data := environment.get("XDG_DATA_HOME"):
        own = Path(data, "larder/run/larder.sock")
    elif home := environment.get("HOME"):
        own = Path(home, ".local/share/larder/run/larder.sock")
    else:
        return str(machine)
    return str(machine if machine.exists() and not own.exists() else own)


def connect(path: str | None = None, *, timeout: float = 30) -> Client:
    """A client of the daemon at `path`, or where `find_socket` says. Raises Gone without one."""
    path = path or find_socket()
    if path is None:
        raise Gone("LARDER=off: no daemon is wanted")
    connecting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connecting.settimeout(timeout)
    try:
        connecting.connect(path)
    except OSError as error:
        connecting.close()
        raise Gone(f"no daemon listens at {path}: {error}") from error
    return Client(connecting, timeout=timeout)


class Client:
    """One connection. Raises `Gone` and `Refused` from every method; close it, or use `with`."""

    def __init__(self, connected: socket.socket, *, timeout: float = 30) -> None:
        """Says HELLO on a connected socket, which it owns from then on; see `connect`."""
        self.timeout = timeout
        self._next_request = 1
        self._arrived = bytearray()
        self._frames: dict[int, deque[Frame]] = {}
        self._poll = select.poll()
        self._socket = connected
        self._socket.setblocking(False)
        try:
            self.hello = self.call(Kind.HELLO, {"protocol": [1, 1], "client": "larder.py/1"})
        except BaseException:
            self.close()
            raise
        self.limits: dict[str, int] = self.hello["limits"]

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection and what it had open. May be called again."""
        self._socket.close()

    # Verbs about content.

    def ping(self, data: bytes = b"") -> bytes:
        """At most 64 bytes there and back."""
        return self._answer(self.send(Kind.PING, data))

    def stats(self) -> Json:
        return self._json(self.send(Kind.STATS))

    def has(self, digests: Iterable[str]) -> list[bool]:
        """Which are present, in order; at most `limits["digestsMax"]`."""
        body = b"".join(map(bytes.fromhex, digests))
        return [byte == 1 for byte in self._answer(self.send(Kind.HAS, body))]

    def get(self, digest: str, offset: int = 0, length: int = TO_THE_END) -> bytes | None:
        """The blob or a range of it; None if it is absent or damaged. ValueError: no such range."""
        [item] = self.get_many([(digest, offset, length)])
        if item.status == Status.OUT_OF_RANGE:
            raise ValueError(f"{length} bytes from {offset} are not within the {item.size}")
        return item.data if item.status == Status.BYTES else None

    def get_many(self, ranges: Iterable[tuple[str, int, int]]) -> list[Item]:
        """Several (digest, offset, length) in one request; at most `limits["digestsMax"]`."""
        records = (GET_RECORD.pack(bytes.fromhex(d), offset, n) for d, offset, n in ranges)
        items: list[tuple[Status, int, bytearray]] = []
        body = GET_HEAD.pack(AS_BYTES) + b"".join(records)
        for frame in self.frames(self.send(Kind.GET, body)):
            number, status, size = ITEM_HEAD.unpack_from(frame.body)
            if number == len(items):
                items.append((Status(status), size, bytearray()))
            elif status != Status.BYTES:
                items[number] = (Status(status), size, bytearray())
            items[number][2].extend(memoryview(frame.body)[ITEM_HEAD.size :])
        return [Item(status, size, bytes(data)) for status, size, data in items]

    def put(
        self,
        content: bytes | BinaryIO,
        *,
        digest: str | None = None,
        size: int | None = None,
        durable: bool = False,
    ) -> Stored:
        """Stores bytes, or what a binary file has left. With `digest`, that content or nothing.

        `durable` comes back when the content would survive a power cut, otherwise it would survive
        the daemon's death.
        """
        if isinstance(content, bytes):
            size = len(content)
            content = io.BytesIO(content)
        head = PUT_HEAD.pack(
            durable,
            digest is not None,
            0,
            0,
            TO_THE_END if size is None else size,
            bytes.fromhex(digest) if digest else bytes(32),
        )
        pieces = _pieces(content)
        piece, more = next(pieces)
        request = self.send(Kind.PUT, head + piece, more)
        try:
            for piece, more in pieces:
                if self._frames[request]:  # what comes before the last frame is an error
                    piece, more = b"", Flag(0)
                self._send_frame(Kind.PUT, Flag.DATA | more, request, piece)
                if not more:
                    break
        except BaseException:
            self.close()  # a PUT cannot be taken back otherwise
            raise
        found, stored_size, existed = PUT_ANSWER.unpack(self._answer(request))
        return Stored(found.hex(), stored_size, existed == 1)

    def ensure(
        self,
        url: str,
        integrity: str | None = None,
        *,
        content: bool = True,
        variant: str = "",
        authorization: str | None = None,
    ) -> tuple[Json, bytes]:
        """Makes a URL's content present: the answer, and the bytes unless `content` is false."""
        members: Json = {"url": url, "bytes": content, "variant": variant}
        if integrity is not None:
            members["integrity"] = integrity
        if authorization is not None:
            members["authorization"] = authorization
        data, text = bytearray(), bytearray()
        for frame in self.frames(self._send_json(Kind.ENSURE, members)):
            (data if frame.flags & Flag.DATA else text).extend(frame.body)
        return json.loads(text), bytes(data)

    # Verbs about releases, sessions and plans: members and answers are the protocol's JSON.

    def publish(self, name: str, variants: list[Json]) -> Json:
        """Makes a release of files that were put before, `durable`."""
        return self.call(Kind.PUBLISH, {"name": name, "variants": variants})

    def remote(self, op: str, **members: Any) -> Json:
        return self.call(Kind.REMOTE, {"op": op, **members})

    def init(self, session: int, host: Json, **members: Any) -> Json:
        """Opens a host session, which ends with the connection."""
        return self.call(Kind.INIT, {"session": session, "host": host, **members})

    def override(self, session: int, shared: list[Json]) -> list[Json]:
        """Registers shared packages; the session's scopes as they are then."""
        answer = self.call(Kind.OVERRIDE, {"session": session, "shared": shared})
        scopes: list[Json] = answer["shared"]
        return scopes

    def plan(self, requests: list[Json], **members: Any) -> Json:
        """The load plan for requests like {"remote": "nav", "expose": "./Header"}."""
        return self.call(Kind.PLAN, {"requests": requests, **members})

    def report(self, session: int, differences: list[Json]) -> None:
        self.call(Kind.REPORT, {"session": session, "differences": differences})

    def open(self, **members: Any) -> Opened:
        """A plan and its bytes, or files of one container, in one reply."""
        body = self._answer(self._send_json(Kind.OPEN, members))
        end = 4 + int.from_bytes(body[:4], "little")
        answer: Json = json.loads(body[4:end])
        blobs: dict[str, bytes] = {}
        for blob in answer["blobs"]:
            blobs[blob["digest"]] = body[end : end + blob["size"]]
            end += blob["size"]
        if end != len(body):
            self._lose("the daemon's answer to OPEN has another length than it says")
        return Opened(answer, blobs)

    def pin(self, name: str | None = None, release: str | None = None) -> Json:
        """Keeps a release, or that of a channel; without a name, only what is pinned."""
        return self.call(Kind.PIN, {} if name is None else {"name": name, "release": release})

    def unpin(self, name: str, release: str) -> Json:
        return self.call(Kind.UNPIN, {"name": name, "release": release})

    def lease(self, digests: Iterable[str], seconds: int | None = None) -> int:
        """Keeps all of these blobs or none: for so long, or without `seconds` until the connection
        ends. The number is for `release`."""
        members: Json = {"digests": list(digests)}
        if seconds is not None:
            members["seconds"] = seconds
        lease: int = self.call(Kind.LEASE, members)["lease"]
        return lease

    def release(self, lease: int) -> None:
        self.call(Kind.RELEASE, {"lease": lease})

    def watch(
        self, known: Mapping[str, str | None], channel: str = "current"
    ) -> dict[str, str | None]:
        """Waits until the channel of one of these remotes is not at the release known, or None.

        Answers those that moved. Give it a client of its own, whose `timeout` is the longest that
        it should wait: whoever asks again after `Gone` has missed nothing.
        """
        members = {"known": dict(known), "channel": channel}
        moved: dict[str, str | None] = self.call(Kind.WATCH, members)["moved"]
        return moved

    def admin(self, op: str, **members: Any) -> Json:
        """Works on the admin socket only. Progress of a check or scrub is passed over."""
        text = bytearray()
        for frame in self.frames(self._send_json(Kind.ADMIN, {"op": op, **members})):
            if not frame.flags & Flag.DATA:
                text.extend(frame.body)
        answer: Json = json.loads(text)
        return answer

    # Requests and replies.

    def call(self, kind: int, members: Json) -> Json:
        """A request of one JSON document with an answer of one."""
        return self._json(self._send_json(kind, members))

    def send(self, kind: int, body: bytes = b"", flags: int = 0) -> int:
        """Begins a request and returns its id, for `frames`."""
        request = self._next_request
        self._next_request += 1
        self._frames[request] = deque()
        self._send_frame(kind, flags, request, body)
        return request

    def frames(self, request: int) -> Iterator[Frame]:
        """The frames of a reply as they come, up to the last."""
        more = True
        while more:
            while not self._frames[request]:
                self._wait(select.POLLIN)
                self._receive()
            frame = self._frames[request].popleft()
            more = bool(frame.flags & Flag.MORE)
            if not more:
                del self._frames[request]
            if frame.flags & Flag.ERROR:
                raise Refused(frame.body)
            yield frame

    def _answer(self, request: int) -> bytes:
        return b"".join(frame.body for frame in self.frames(request))

    def _json(self, request: int) -> Json:
        answer: Json = json.loads(self._answer(request))
        return answer

    def _send_json(self, kind: int, members: Json) -> int:
        return self.send(kind, json.dumps(members).encode())

    def _send_frame(self, kind: int, flags: int, request: int, body: bytes) -> None:
        """Writes a frame, and reads what comes meanwhile: a daemon whose replies nobody reads stops
        reading."""
        rest = memoryview(HEADER.pack(len(body), kind, flags, 0, request) + body)
        while rest:
            ready = self._wait(select.POLLIN | select.POLLOUT)
            if ready & select.POLLIN:
                self._receive()
            elif ready & select.POLLOUT:
                try:
                    rest = rest[self._socket.send(rest) :]
                except OSError as error:
                    self._lose(f"the daemon ended the connection: {error}")

    def _receive(self) -> None:
        """Reads what has come and files its whole frames under their requests."""
        try:
            piece = self._socket.recv(PIECE)
        except OSError as error:
            self._lose(f"the daemon ended the connection: {error}")
        if not piece:
            self._lose("the daemon ended the connection")
        self._arrived += piece
        while len(self._arrived) >= HEADER.size:
            length, kind, flags, _, request = HEADER.unpack_from(self._arrived)
            if length > FRAME_BODY_MAX or not flags & Flag.REPLY:
                self._lose("what listens there does not speak this protocol")
            end = HEADER.size + length
            if len(self._arrived) < end:
                return
            body = bytes(memoryview(self._arrived)[HEADER.size : end])
            del self._arrived[:end]
            if request in self._frames:
                self._frames[request].append(Frame(kind, flags, request, body))
            elif flags & Flag.ERROR:
                self._lose(f"the daemon ended the connection: {Refused(body)}")

    def _wait(self, events: int) -> int:
        """The events that the socket is ready for; a closed one is ready to be read."""
        if self._socket.fileno() < 0:
            raise Gone("the connection is closed")
        self._poll.register(self._socket, events)
        ready = self._poll.poll(self.timeout * 1_000)
        if not ready:
            self._lose(f"the daemon was silent for {self.timeout} s")
        return ready[0][1] if ready[0][1] & events else select.POLLIN

    def _lose(self, message: str) -> NoReturn:
        self.close()
        raise Gone(message)


def _pieces(content: BinaryIO) -> Iterator[tuple[bytes, Flag]]:
    """What a file has left, all pieces but the last with MORE."""
    piece = content.read(PIECE)
    while following := content.read(PIECE):
        yield piece, Flag.MORE
        piece = following
    yield piece, Flag(0)
