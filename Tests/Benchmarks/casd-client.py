"""Calls buildbox-casd and prints, as JSON, the wall time of the calls and the daemon's CPU time.

    casd-client.py SOCKET PID capture FOLDER
    casd-client.py SOCKET PID read FOLDER BATCH SEED

`capture` is one CaptureTree (build.buildgrid.LocalContentAddressableStorage), `read` asks for every
file of the folder by BatchReadBlobs (the Remote Execution API's ContentAddressableStorage), BATCH
at a time, in an order that SEED chooses. Messages are encoded by hand: two fields need no schema.
"""

import hashlib
import json
import os
import random
import sys
import time

import grpc


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(field, value):
    return number(field << 3 | 2) + number(len(value)) + value


def digest(path):
    with open(path, "rb") as file:
        content = file.read()
    hexadecimal = hashlib.sha256(content).hexdigest().encode()
    return text(1, hexadecimal) + number(2 << 3) + number(len(content))


def processor_seconds(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def requests(action, folder, rest):
    if action == "capture":
        yield text(2, folder.encode())
        return
    batch, seed = int(rest[0]), int(rest[1])
    digests = [digest(os.path.join(parent, name))
               for parent, _, names in os.walk(folder) for name in sorted(names)]
    random.Random(seed).shuffle(digests)
    for start in range(0, len(digests), batch):
        yield b"".join(text(2, one) for one in digests[start:start + batch])


def main():
    socket, process, action, folder, *rest = sys.argv[1:]
    method = {
        "capture": "/build.buildgrid.LocalContentAddressableStorage/CaptureTree",
        "read": "/build.bazel.remote.execution.v2.ContentAddressableStorage/BatchReadBlobs",
    }[action]
    # The daemon resolves paths by itself, and at the root of its own view.
    folder = os.path.abspath(folder)
    messages = list(requests(action, folder, rest))
    channel = grpc.insecure_channel(
        "unix:" + socket, options=[("grpc.max_receive_message_length", 64 << 20)])
    grpc.channel_ready_future(channel).result(timeout=30)
    call = channel.unary_unary(
        method, request_serializer=lambda bytes: bytes, response_deserializer=lambda bytes: bytes)
    processor, start, received = processor_seconds(process), time.monotonic(), 0
    for message in messages:
        answer = call(message, timeout=300)
        received += len(answer)
        # An empty Status, field 3 of a captured path: whatever went wrong would be told in it.
        if action == "capture" and b"\x1a\x00" not in answer:
            sys.exit(f"CaptureTree failed: {answer!r}")
    if action == "read" and received < sum(os.path.getsize(os.path.join(parent, name))
                                           for parent, _, names in os.walk(folder) for name in names):
        sys.exit(f"BatchReadBlobs answered with {received} bytes: some blobs are missing")
    print(json.dumps({
        "wallSeconds": time.monotonic() - start,
        "cpuSeconds": processor_seconds(process) - processor,
        "receivedBytes": received,
    }))


main()
