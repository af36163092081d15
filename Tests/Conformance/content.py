"""Content to store, and the bodies of requests about it."""

import hashlib

from rig import larder

ABSENT = "00" * 32


def name(content: bytes) -> str:
    """Its digest."""
    return hashlib.sha256(content).hexdigest()


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that nothing compresses, the same for the same seed."""
    return hashlib.shake_128(seed.to_bytes(8, "little")).digest(size)


def get_record(digest: str, offset: int = 0, length: int = larder.TO_THE_END) -> bytes:
    return larder.GET_RECORD.pack(bytes.fromhex(digest), offset, length)


def put_head(size: int = larder.TO_THE_END, digest: str = "", ack: int = 0) -> bytes:
    return larder.PUT_HEAD.pack(ack, bool(digest), 0, 0, size, bytes.fromhex(digest or ABSENT))


def get_content(frame: larder.Frame) -> bytes:
    """What an item frame carries behind its head."""
    return frame.body[larder.ITEM_HEAD.size :]
