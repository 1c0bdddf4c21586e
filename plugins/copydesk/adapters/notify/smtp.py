"""Mail through an SMTP server of the operator's. Touches the network."""

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from email import message_from_bytes
from urllib.parse import SplitResult, unquote, urlsplit

from copydesk.ports import Message, Sent

__all__ = ["send_mail"]

SECURE_PORT, PLAIN_PORT = 465, 25


def send_mail(message: Message, password: str, *, timeout: float, tls: ssl.SSLContext | None = None) -> Sent:
    """Hand a mail to the server at `smtp[s]://[user@]host[:port]`.

    TLS from the start (smtps), or where the server offers it (smtp); a password is sent through TLS only.
    `timeout` in seconds is of each step. Once the server has taken the mail nothing that follows makes it unsent.
    Recipients that it refused are named, and those that it took, lest they get it twice.
    """
    where = urlsplit(message.address)
    try:
        with contextlib.closing(_connect(where, timeout, tls or ssl.create_default_context())) as server:
            if where.username:
                if not isinstance(server.sock, ssl.SSLSocket):
                    return Sent("retry", "the server offers no TLS, and a password is not sent without")
                server.login(unquote(where.username), password)
            sender = message_from_bytes(message.body)["From"]
            refused = server.sendmail(sender, message.recipients, message.body)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
    except smtplib.SMTPAuthenticationError as exc:
        return Sent("retry", f"login refused: {exc.smtp_code}")
    except smtplib.SMTPRecipientsRefused as exc:
        return Sent("retry", _refused(exc.recipients))
    except smtplib.SMTPResponseException as exc:
        return Sent("retry", f"SMTP {exc.smtp_code}: {_text(exc.smtp_error)}")
    except (smtplib.SMTPException, OSError) as exc:
        return Sent("retry", f"{type(exc).__name__}: {exc}")
    accepted = tuple(one for one in message.recipients if one not in refused)
    return Sent("retry", _refused(refused), accepted=accepted) if refused else Sent("sent")


def _connect(where: SplitResult, timeout: float, tls: ssl.SSLContext) -> smtplib.SMTP:
    host = where.hostname or ""
    if where.scheme == "smtps":
        return smtplib.SMTP_SSL(host, where.port or SECURE_PORT, timeout=timeout, context=tls)
    server = smtplib.SMTP(host, where.port or PLAIN_PORT, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=tls)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _refused(answers: Mapping[str, tuple[int, bytes]]) -> str:
    return "refused for " + ", ".join(
        f"{one}: {code} {_text(error)}".strip() for one, (code, error) in answers.items()
    )


def _text(error: bytes | str) -> str:
    return error.decode(errors="replace") if isinstance(error, bytes) else error
