"""Mail through an SMTP server of the operator's. Touches the network."""

import contextlib
import smtplib
import ssl
from email import message_from_bytes
from urllib.parse import SplitResult, unquote, urlsplit

from copydesk.ports import Message, Sent

__all__ = ["send_mail"]

PERMANENT = 500
SECURE_PORT, PLAIN_PORT = 465, 25


def send_mail(message: Message, password: str, *, timeout: float, tls: ssl.SSLContext | None = None) -> Sent:
    """Hand a mail to the server at `smtp[s]://[user@]host[:port]`.

    TLS from the start (smtps), or where the server offers it (smtp); a password is sent through TLS only.
    `timeout` in seconds is of each step. Once the server has taken the mail nothing that follows makes it unsent.
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
        codes = [code for code, _ in exc.recipients.values()]
        return Sent("dead" if min(codes) >= PERMANENT else "retry", f"recipients refused: {codes}")
    except smtplib.SMTPResponseException as exc:
        return Sent(
            "dead" if exc.smtp_code >= PERMANENT else "retry",
            f"SMTP {exc.smtp_code}: {_text(exc.smtp_error)}",
        )
    except (smtplib.SMTPException, OSError) as exc:
        return Sent("retry", f"{type(exc).__name__}: {exc}")
    return Sent("sent", f"refused for {', '.join(refused)}" if refused else "")


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


def _text(error: bytes | str) -> str:
    return error.decode(errors="replace") if isinstance(error, bytes) else error
