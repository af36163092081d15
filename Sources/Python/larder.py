"""Larder from Python: a client of larderd's native protocol, version 1, in one file to copy.

    import larder

    with larder.connect() as cache:
        stored = cache.put(b"bytes worth keeping", durable=True)
        assert cache.get(stored.digest) == b"bytes worth keeping"
        assert cache.get("00" * 32) is None  # a miss

What is not there is None. `Gone` means that there is no daemon (any more) and that the program goes
on without one; `Refused` is the daemon's own answer. Digests are SHA-256 as 64 lower-case
hexadecimal digits, as in JSON. No wait outlasts the client's `timeout`, in seconds of silence.

`view` and `open` copy nothing where the daemon shares its memory: what they give is mapped from it,
cannot change any more, and stays good when the client and the daemon are gone. `drop` gives memory
back that nobody looks at any longer.

A client is for one thread at a time. Requests may be pipelined: `send` several, then read the
`frames` of each. Bytes and behaviour are those of docs/protocol.md. Wants Python 3.11 on Linux.
"""

from __future__ import annotations

import fcntl
import io
import json
import mmap
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
PLACE_HEAD = struct.Struct("<IIQI4x")
EXTENT = struct.Struct("<QII")
SLAB = struct.Struct("<QQ")
PUT_HEAD = struct.Struct("<BBHIQ32s")
PUT_ANSWER = struct.Struct("<32sQB7x")

TO_THE_END = 2**64 - 1
"""Length of a range without an end, and size of a PUT whose size nobody knows."""

FRAME_BODY_MAX = 4_194_304
"""Of a frame from the daemon; what it takes is in `limits`."""

DESCRIPTORS_PER_FRAME_MAX = 64
"""Room for descriptors in a receive: more would be lost."""

SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK
"""Without these another process could change or cut what was mapped."""

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
    KEYED = 20
    ADMIN = 21
    DROP = 22


class Flag(IntFlag):
    REPLY = 0x01
    MORE = 0x02
    ERROR = 0x04
    DATA = 0x08
    PLACES = 0x10
    SLABS = 0x20


class Status(IntEnum):
    """What became of an item of a GET."""

    BYTES = 0
    ABSENT = 1
    DAMAGED = 2
    OUT_OF_RANGE = 3


class Part(NamedTuple):
    """What one frame has of an item; `pieces` follow each other."""

    item: int
    status: Status
    size: int
    pieces: list[memoryview]


class Frame(NamedTuple):
    kind: int
    flags: int
    request: int
    body: bytes
    places: tuple[Part, ...] = ()

    def parts(self) -> tuple[Part, ...]:
        """What a frame of a GET, or of an OPEN with places, has of its items."""
        if self.flags & (Flag.PLACES | Flag.SLABS):
            return self.places
        item, status, size = ITEM_HEAD.unpack_from(self.body)
        return (Part(item, Status(status), size, [memoryview(self.body)[ITEM_HEAD.size :]]),)


class Item(NamedTuple):
    """One item of a GET. `size` is the whole blob's, `data` the range that was asked for."""

    status: Status
    size: int
    data: memoryview


class Stored(NamedTuple):
    """Answer of a PUT; `existed` if this realm had the content before."""

    digest: str
    size: int
    existed: bool


class Opened(NamedTuple):
    """Answer of an OPEN: its plan and files, and the content by digest."""

    answer: Json
    blobs: dict[str, memoryview]


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
        self._descriptors: deque[int] = deque()
        self._slabs: dict[int, memoryview] = {}
        self._dropped: dict[int, list[int]] = {}
        self._poll = select.poll()
        self._socket = connected
        self._socket.setblocking(False)
        try:
            self.hello = self.call(Kind.HELLO, {"protocol": [1, 1], "client": "larder.py/1"})
        except BaseException:
            self.close()
            raise
        self.limits: dict[str, int] = self.hello["limits"]
        self._shares = "places" in self.hello["capabilities"]

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection and what it had open. May be called again."""
        self._socket.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())

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
        data = _only(self.get_many([(digest, offset, length)], places=False))
        return None if data is None else data.tobytes()

    def view(self, digest: str, offset: int = 0, length: int = TO_THE_END) -> memoryview | None:
        """As `get`, without a copy where the daemon shares its memory."""
        return _only(self.get_many([(digest, offset, length)]))

    def get_many(
        self,
        ranges: Iterable[tuple[str, int, int]],
        *,
        places: bool = True,
        alone: bool = False,
    ) -> list[Item]:
        """Several (digest, offset, length) in one request; at most `limits["digestsMax"]`.

        With `alone` each blob comes in memory of its own, in one piece."""
        head = GET_HEAD.pack((2 if alone else 1) if places and self._shares else 0)
        records = (GET_RECORD.pack(bytes.fromhex(d), offset, n) for d, offset, n in ranges)
        return _items(self.frames(self.send(Kind.GET, head + b"".join(records))))

    def drop(self) -> None:
        """Gives back the memory of views that are no longer used; those that are stay good."""
        if slabs := list(self._slabs):
            request = self.send(Kind.DROP, struct.pack(f"<{len(slabs)}Q", *slabs))
            self._dropped[request] = slabs
            self._answer(request)

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

    def report(
        self, session: int, differences: list[Json], requests: list[Json] | None = None
    ) -> None:
        """Differences between plan and execution; `requests` are what had loaded by then."""
        loaded = {} if requests is None else {"requests": requests}
        self.call(Kind.REPORT, {"session": session, "differences": differences} | loaded)

    def open(self, **members: Any) -> Opened:
        """A plan and its bytes, or files of one container, in one reply."""
        members = ({"reply": "places"} if self._shares else {}) | members
        frames = self.frames(self._send_json(Kind.OPEN, members))
        text = bytearray()
        for frame in frames:
            text += frame.body
            if len(text) >= (end := 4 + int.from_bytes(text[:4], "little")):
                break
        answer: Json = json.loads(text[4:end])
        if members.get("reply") in ("places", "descriptors"):
            contents = [item.data for item in _items(frames)]
        else:
            rest = memoryview(b"".join([text[end:], *(frame.body for frame in frames)]))
            contents = []
            for blob in answer["blobs"]:
                contents.append(rest[: blob["size"]])
                rest = rest[blob["size"] :]
        if [len(content) for content in contents] != [blob["size"] for blob in answer["blobs"]]:
            self._lose("the daemon's answer to OPEN has another size than it says")
        digests = (blob["digest"] for blob in answer["blobs"])
        return Opened(answer, dict(zip(digests, contents)))

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

    def put_entry(
        self, namespace: str, key: str, digest: str, needs: Iterable[str] = ()
    ) -> Json:
        """Has a key name content that was put before; `needs` is what that is of no use without."""
        members = {"op": "put", "digest": digest, "needs": list(needs)}
        return self.call(Kind.KEYED, members | {"namespace": namespace, "key": key})

    def entry(self, namespace: str, key: str) -> tuple[Json, bytes] | None:
        """What a key names: the entry and its content; None where there is none, or some of it is
        gone."""
        members = {"op": "get", "namespace": namespace, "key": key, "bytes": True}
        data, text = bytearray(), bytearray()
        try:
            for frame in self.frames(self._send_json(Kind.KEYED, members)):
                (data if frame.flags & Flag.DATA else text).extend(frame.body)
        except Refused as refusal:
            if refusal.code != "notFound":
                raise
            return None
        return json.loads(text), bytes(data)

    def remove_entry(self, namespace: str, key: str) -> None:
        self.call(Kind.KEYED, {"op": "remove", "namespace": namespace, "key": key})

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
        room = DESCRIPTORS_PER_FRAME_MAX
        try:
            piece, descriptors, flags, _ = socket.recv_fds(
                self._socket, PIECE, room, socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            self._lose(f"the daemon ended the connection: {error}")
        self._descriptors.extend(descriptors)
        if flags & socket.MSG_CTRUNC:
            self._lose("descriptors were lost: this process may have too many files open")
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
            self._file(kind, flags, request, body)

    def _file(self, kind: int, flags: int, request: int, body: bytes) -> None:
        """Lays a frame up for its request. Slabs come and go in the order of the frames."""
        places: tuple[Part, ...] = ()
        if flags & Flag.SLABS:
            self._map_slabs(body)
        elif flags & Flag.PLACES:
            places = tuple(self._find(body))
        elif request in self._dropped:
            for slab in self._dropped.pop(request):
                self._slabs.pop(slab, None)
        if request in self._frames:
            self._frames[request].append(Frame(kind, flags, request, body, places))
        elif flags & Flag.ERROR:
            self._lose(f"the daemon ended the connection: {Refused(body)}")

    def _map_slabs(self, body: bytes) -> None:
        """Maps the slabs of a frame, if nobody can change them any more."""
        for slab, size in SLAB.iter_unpack(body):
            if not self._descriptors:
                self._lose("the daemon named a slab without its descriptor")
            descriptor = self._descriptors.popleft()
            try:
                seals = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
                if seals & SEALS != SEALS or os.fstat(descriptor).st_size != size:
                    self._lose("the daemon's memory is not sealed")
                mapped = mmap.mmap(descriptor, size, mmap.MAP_SHARED, mmap.PROT_READ)
            except OSError as error:
                self._lose(f"the daemon's memory cannot be mapped: {error}")
            finally:
                os.close(descriptor)
            self._slabs[slab] = memoryview(mapped)

    def _find(self, body: bytes) -> Iterator[Part]:
        """What a frame of places says, in the slabs that are held now."""
        at = 0
        while at < len(body):
            item, status, size, count = PLACE_HEAD.unpack_from(body, at)
            at += PLACE_HEAD.size
            pieces = []
            for slab, offset, length in EXTENT.iter_unpack(body[at : at + count * EXTENT.size]):
                piece = self._slabs.get(slab, memoryview(b""))[offset : offset + length]
                if len(piece) != length:
                    self._lose("the daemon named a place outside of its slabs")
                pieces.append(piece)
            at += count * EXTENT.size
            yield Part(item, Status(status), size, pieces)

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


def _items(frames: Iterable[Frame]) -> list[Item]:
    """Joins what frames have of items. One that turns bad behind its first bytes has none."""
    parts: list[Part] = []
    for frame in frames:
        for part in frame.parts():
            if part.item == len(parts):
                parts.append(part)
            elif part.status == Status.BYTES:
                parts[part.item].pieces.extend(part.pieces)
            else:
                parts[part.item] = part
    return [Item(part.status, part.size, _joined(part.pieces)) for part in parts]


def _joined(pieces: list[memoryview]) -> memoryview:
    return pieces[0] if len(pieces) == 1 else memoryview(b"".join(pieces))


def _only(items: list[Item]) -> memoryview | None:
    """The data of the one item; None where it is not to be had."""
    [item] = items
    if item.status == Status.OUT_OF_RANGE:
        raise ValueError(f"the range is not within the blob's {item.size} bytes")
    return item.data if item.status == Status.BYTES else None
