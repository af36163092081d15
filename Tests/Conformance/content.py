"""Content to store, and the bodies of requests about it."""

import hashlib

from rig import larder

ABSENT = "00" * 32


def name(content: bytes | memoryview) -> str:
    """Its digest."""
    return hashlib.sha256(content).hexdigest()


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that nothing compresses, the same for the same seed."""
    return hashlib.shake_128(seed.to_bytes(8, "little")).digest(size)


def get_body(*digests: str, places: int = 0) -> bytes:
    """Whole blobs, as bytes, as places (1) or as descriptors (2)."""
    records = (larder.GET_RECORD.pack(bytes.fromhex(d), 0, larder.TO_THE_END) for d in digests)
    return larder.GET_HEAD.pack(places) + b"".join(records)


def put_head(size: int = larder.TO_THE_END, digest: str = "", ack: int = 0) -> bytes:
    return larder.PUT_HEAD.pack(ack, bool(digest), 0, 0, size, bytes.fromhex(digest or ABSENT))


def get_content(frame: larder.Frame) -> bytes:
    """What an item frame carries behind its head."""
    return frame.body[larder.ITEM_HEAD.size :]
