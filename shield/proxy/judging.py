"""Judges one write that is read back: what to expect of its object, and what the object shows.

What takes long (decoding, digests, the inspection of what storage added) runs in the inspection thread, while
no inspection wants it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

from shield.domain import Redaction
from shield.errors import ShieldError, UnsupportedMediaTypeError, UpstreamError
from shield.evidence.read_backs import Comparer, Content, Expected, Judgement
from shield.payload.codecs import CodecRegistry
from shield.payload.content_encoding import decode_content, parse_content_encoding
from shield.payload.document import Document
from shield.payload.media_type import MediaType
from shield.proxy.answer_parser import BrokenOffError
from shield.proxy.object_address import Address, NoAddressError, Reply
from shield.proxy.stage_clock import IdleClock
from shield.proxy.storage_reads import Found, read_object
from shield.proxy.worker import InspectionWorker, Pause
from shield.proxy.written import REPLY_BYTES, Pending, Written
from shield.redactor import Manner
from shield.telemetry.attestation_series import ReadResult

_KEY_BYTES = 32


class Judge:
    """`digest_body` makes the keyed digest of a body for a record; `clock` is monotonic, in seconds."""

    def __init__(
        self,
        worker: InspectionWorker,
        digest_body: Callable[[bytes], str],
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._worker = worker
        self._digest_body = digest_body
        self._clock = clock
        self._comparer = Comparer(CodecRegistry.default(), random(_KEY_BYTES))

    async def expect(self, written: Written) -> tuple[Expected, Address]:
        """What the object should hold, and where it is.

        Raises NoAddressError, and ShieldError for a reply or a body that cannot be read.
        """
        return await self._worker.run_idle(partial(self._expect, written))

    async def read(self, pending: Pending) -> Judgement:
        """Read the object and compare; `pending` is told what was read."""
        address = pending.address
        assert address is not None  # noqa: S101  it is due once it has one
        pending.status = pending.object_size = None
        pending.object_digest = ""
        try:
            pending.status, found = await read_object(
                pending.client, address, pending.read_back.finder.settings, pending.host
            )
        except UpstreamError as error:
            return Judgement(ReadResult.UNREADABLE, error.code, again=True)
        except BrokenOffError as error:
            return Judgement(ReadResult.UNREADABLE, error.cause_.code, again=True)
        except ShieldError as error:
            return Judgement(ReadResult.UNREADABLE, error.code)
        if isinstance(found, Judgement):
            return found
        pending.object_size = len(found.body)
        try:
            pending.object_digest, judgement = await self._worker.run_idle(
                partial(self._judge, pending, found)
            )
        except ShieldError as error:
            return Judgement(ReadResult.UNREADABLE, error.code)
        return judgement

    def _expect(self, written: Written, pause: Pause) -> tuple[Expected, Address]:
        """Runs in the thread."""
        limits = written.plan.route.limits
        expected = self._comparer.expect(
            written.sent, written.read_back.rule, limits, withhold=written.withholds, check=pause
        )
        reply = b""
        if written.reply is not None:
            if len(written.reply) > REPLY_BYTES:
                raise NoAddressError("reply_too_long")
            codings = parse_content_encoding(written.reply_codings)
            reply = decode_content(bytes(written.reply), codings, limits)
        facts = Reply(written.method, written.path, written.hosts, written.location, reply)
        return expected, written.read_back.finder.find(facts)

    def _judge(self, pending: Pending, found: Found, pause: Pause) -> tuple[str, Judgement]:
        """The digest of the bytes for the record, and the judgement. Runs in the thread."""
        plan, expected = pending.plan, pending.expected
        assert expected is not None  # noqa: S101  as above
        # An unkeyed digest may be shown only where these are the very bytes that were forwarded, since the
        # intent shows it too. Other bytes, which may hold anything, get a keyed one.
        digest = f"sha256:{pending.after}"
        if not pending.after or hashlib.sha256(found.body).hexdigest() != pending.after:
            digest = self._digest_body(found.body)
        stages = IdleClock(self._clock, plan.route.deadline, pause)

        def inspect(document: Document) -> Redaction:
            manner = Manner(stages.mark, stages.check, dry=True)
            return pending.heart.redact_document(document, plan.route.policy, manner=manner)

        try:
            codings = parse_content_encoding(found.codings)
        except ShieldError as error:
            return digest, Judgement(ReadResult.UNREADABLE, error.code, again=True)
        return digest, self._comparer.judge(
            expected,
            Content(found.body, _media_type(found.content_type), codings),
            pending.read_back.rule,
            plan.route.limits,
            inspect if pending.inspects else None,
            check=stages.check,
        )


def _media_type(text: str | None) -> MediaType | None:
    if text is None:
        return None
    try:
        return MediaType.parse(text)
    except UnsupportedMediaTypeError:
        return None
