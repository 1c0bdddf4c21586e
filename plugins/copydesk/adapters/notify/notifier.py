"""The way out for messages: the log, HTTP, SMTP, files.

Touches the network (web addresses through `guard` only; mail servers are the operator's own) and the disk. Every
trouble is an answer, and worth a retry: a receiver that refuses today may be mended tomorrow. Only 410 says that
messages are not wanted there any more.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
from yarl import URL

from copydesk.adapters.http.addresses import forbidden_url, networks
from copydesk.adapters.http.download import retry_after
from copydesk.adapters.http.guard import LONGEST_HEADER, MOST_HEADERS, connector
from copydesk.adapters.notify.files import replace_file
from copydesk.adapters.notify.smtp import send_mail
from copydesk.border import Border, contained
from copydesk.channels.values import is_reference
from copydesk.clock import utc_now
from copydesk.errors import ConfigError
from copydesk.ports import Message, Sent

__all__ = ["Sender", "signatures"]

log = logging.getLogger(__name__)


class Sender:
    """Sends messages, one at a time.

    Attributes:
        resolve: Reference to a secret ("env:NAME") → its value; raises ConfigError when there is none.
        allow: Networks that web addresses may lead to although they are not public.
        timeout: Of one sending.
        now: The clock, for the timestamps that receivers check.
    """

    def __init__(
        self,
        resolve: Callable[[str], str],
        *,
        allow: Sequence[str] = (),
        timeout: timedelta = timedelta(seconds=20),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._resolve = resolve
        self._allow = networks(allow)
        self._timeout = timeout.total_seconds()
        self._now = now

    def send(self, message: Message) -> Sent:
        """Send one message now; every trouble is an answer, not an exception. Not from within an event loop."""
        with contained(Border.DELIVERY, message.id) as caught:
            return self._send(message)
        return Sent("retry", f"internal: {caught.fault}")

    def _send(self, message: Message) -> Sent:
        try:
            secret = self._resolve(message.secret) if message.secret else ""
            address = self._resolve(message.address) if is_reference(message.address) else message.address
        except ConfigError as exc:
            return Sent("retry", str(exc))
        match message.kind:
            case "log":
                log.info("alert %s", message.body.decode())
                return Sent("sent")
            case "http":
                return asyncio.run(self._post(message, URL(address), secret))
            case "mail":
                return send_mail(message, secret, timeout=self._timeout)
            case "file":
                return replace_file(message)

    async def _post(self, message: Message, url: URL, secret: str) -> Sent:
        why = forbidden_url(url, self._allow)
        if why:
            return Sent("retry", f"address is not allowed: {why}")
        headers = {"User-Agent": "Copydesk", **message.headers}
        if secret:
            headers |= signatures(message, secret, self._now())
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector(self._allow, contact=True, limit=1),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=self._timeout),
                    max_headers=MOST_HEADERS,
                    max_line_size=LONGEST_HEADER,
                    max_field_size=LONGEST_HEADER,  # what cannot be read of an answer would be sent again
                ) as session,
                session.post(url, data=message.body, headers=headers, allow_redirects=False) as response,
            ):
                return self._answered(response.status, response.headers)
        except TimeoutError:
            return Sent("retry", f"no answer within {self._timeout:g} s")
        except (aiohttp.ClientError, OSError) as exc:
            return Sent("retry", f"{type(exc).__name__}: {exc}")

    def _answered(self, status: int, headers: Mapping[str, str]) -> Sent:
        detail = f"HTTP {status}"
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Sent("sent", detail)
        if status == HTTPStatus.GONE:
            return Sent("gone", detail)
        return Sent("retry", detail, retry_after(headers.get("Retry-After"), self._now()))


def signatures(message: Message, secret: str, now: datetime) -> dict[str, str]:
    """Headers by which a receiver knows that the message is ours and not older than a few minutes. Pure.

    Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. A secret is "whsec_" and base64, or any text; several
    separated by spaces sign alike, so that a receiver can change from one to the next.
    """
    timestamp = str(int(now.timestamp()))
    signed = b".".join((message.id.encode(), timestamp.encode(), message.body))
    digests = (hmac.digest(_key(one), signed, hashlib.sha256) for one in secret.split())
    signature = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return {"webhook-id": message.id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass  # then it is text that happens to begin so
    return secret.encode()
