"""Messages between supervisor and worker: whole or refused, however they are cut."""

from __future__ import annotations

import json
import os
import socket
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.batch.wire import Inbox, WireError, pack, receive

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HEADS = st.dictionaries(st.text().filter(lambda name: name != "parts"), JSON, max_size=4)
MESSAGES = st.lists(st.tuples(HEADS, st.lists(st.binary(max_size=50), max_size=3)), min_size=1, max_size=3)


def framed(head: bytes) -> bytes:
    return struct.pack(">I", len(head)) + head


@given(messages=MESSAGES, cuts=st.lists(st.integers(0, 2000), max_size=10))
def test_messages_come_out_as_they_went_in_however_they_are_cut(
    messages: list[tuple[dict[str, object], list[bytes]]], cuts: list[int]
) -> None:
    stream = b"".join(pack(head, parts) for head, parts in messages)
    inbox = Inbox()
    found = []
    ends = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    for start, end in pairwise(ends):
        inbox.feed(stream[start:end])
        while (message := inbox.take()) is not None:
            found.append(message)
    assert found == messages
    assert inbox.take() is None


def test_a_message_is_not_there_before_its_last_byte() -> None:
    stream = pack({"reading": "{}"}, [b"abc", b"", b"de"])
    inbox = Inbox()
    for byte in stream[:-1]:
        inbox.feed(bytes([byte]))
        assert inbox.take() is None
    inbox.feed(stream[-1:])
    assert inbox.take() == ({"reading": "{}"}, [b"abc", b"", b"de"])


@pytest.mark.parametrize(
    ("stream", "says"),
    [
        (struct.pack(">I", (16 << 20) + 1), "head is too long"),
        (b"\xff\xff\xff\xff", "head is too long"),
        (framed(b"not json"), "not JSON"),
        (framed(b"\xff\xfe\x00"), "not JSON"),
        (framed(b""), "not JSON"),
        (framed(b"[" * 200_000), "not JSON"),
        (framed(b"[]"), "names no parts"),
        (framed(b'"text"'), "names no parts"),
        (framed(b"{}"), "names no parts"),
        (framed(b'{"parts": 3}'), "names no parts"),
        (framed(b'{"parts": ["3"]}'), "names no parts"),
        (framed(b'{"parts": [-1]}'), "names no parts"),
        (framed(b'{"parts": [1.5]}'), "names no parts"),
        (framed(b'{"parts": [67108865]}'), "too long"),
        (framed(b'{"parts": [40000000, 40000000]}'), "too long"),
        (framed(b'{"parts": [1' + b"0" * 5000 + b"]}"), "not JSON"),
    ],
)
def test_what_breaks_the_rules_is_refused_before_it_is_waited_for(stream: bytes, says: str) -> None:
    inbox = Inbox()
    inbox.feed(stream)
    with pytest.raises(WireError, match=says):
        inbox.take()


@given(st.binary(max_size=200))
def test_random_bytes_are_a_message_or_incomplete_or_refused(noise: bytes) -> None:
    inbox = Inbox()
    inbox.feed(noise)
    try:
        message = inbox.take()
    except WireError:
        return
    if message is not None:
        json.dumps(message[0])


def test_a_descriptor_comes_with_its_message() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reading, writing = os.pipe()
        socket.send_fds(ours, [pack({"task": {"path": "a.jpg"}})], [reading])
        os.close(reading)
        received = receive(theirs)
        assert received is not None
        head, (descriptor,) = received
        assert head == {"task": {"path": "a.jpg"}}
        os.write(writing, b"through")
        os.close(writing)
        assert os.read(descriptor, 100) == b"through"
        os.close(descriptor)
        ours.close()
        assert receive(theirs) is None


def test_a_stream_that_ends_within_a_message_is_refused() -> None:
    for end in (2, 10):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(pack({"task": "a long one"})[:end])
            ours.close()
            with pytest.raises(WireError, match="ended within"):
                receive(theirs)
