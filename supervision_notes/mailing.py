"""Hands letters to a mail server, one at a time, and says of each what became of it. The only module that sends.

Up to the letter's own words nothing has been handed over: whatever breaks there has sent nothing. From the first of
them to the server's answer nobody can tell, and a line that breaks there leaves a letter of which nothing is known.
What a server says is repeated as its number alone, for its words may hold an address.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

PASSWORD = "SUPERVISION_NOTES_MAIL_PASSWORD"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_CLOSING = 421


class Stopped(Exception):
    """Nothing more can be sent now, and this letter was not. The message says why, and the way out."""


class Refused(Exception):
    """The server did not take this letter. The message is the number of its answer."""


class Lost(Exception):
    """The letter was handed over, and no answer came: it may have gone, or not."""


@dataclass(frozen=True)
class Server:
    """A mail server, as `mail:` in `supervision.yaml` names it; its password is kept nowhere."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    timeout: float
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any], environment: Mapping[str, str]) -> Server:
        """The server that settings without mistakes name."""
        security = said.get("security", "starttls")
        port, user, password = said.get("port", _PORTS[security]), said.get("user", ""), environment.get(PASSWORD, "")
        return cls(said["host"], port, security, user, said["from"], said.get("timeout", 30), password)


@contextlib.contextmanager
def post(server: Server) -> Iterator[Post]:
    """A line to the server, ready to take letters. Raises Stopped."""
    if server.user and server.security == "none":
        raise Stopped("a password is sent over an encrypted line alone: take  security: none  or  user:  out of mail:")
    if server.user and not server.password:
        raise Stopped(f"there is no password: put it into the environment as {PASSWORD}")
    line = _line(server)
    try:
        yield Post(line, server.sender)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


@dataclass(frozen=True)
class Post:
    """A line that is open, and the address that letters come from."""

    line: smtplib.SMTP
    sender: str

    def send(self, to: str, subject: str, text: str, key: str, handing_over: Callable[[], None]) -> None:
        """Send one letter; `handing_over` is called before its words go out, and not if it was refused before.

        Raises Stopped or Refused, and then it was not sent; or Lost, and then nobody knows.
        """
        letter = self._written(to, subject, text, key)
        try:
            self.line.rset()
            code, _ = self.line.mail(self.sender)
            if code >= 500:
                raise Stopped(f"the server does not take letters from this sender ({code}): look at  from:  in mail:")
            if code != 250:
                raise Stopped(f"the server takes no more letters for now ({code})")
            code, _ = self.line.rcpt(to)
        except (smtplib.SMTPException, OSError):
            raise Stopped("the server broke off before this letter") from None
        if code == _CLOSING:
            raise Stopped("the server is closing")
        if code not in (250, 251):
            raise Refused(str(code))
        handing_over()
        try:
            code, _ = self.line.data(letter)
        except smtplib.SMTPDataError as refused:  # before the first word
            raise Refused(str(refused.smtp_code)) from None
        except (smtplib.SMTPException, OSError):
            raise Lost from None
        if code != 250:
            raise Refused(str(code))

    def _written(self, to: str, subject: str, text: str, key: str) -> bytes:
        """The letter as it goes out. Its key is in its number, so that a second copy can be told for one."""
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        letter["Date"] = format_datetime(datetime.now(UTC))
        letter["Message-ID"] = f"<{key[:40]}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # nobody's absence note answers it
        letter.set_content(text)
        return letter.as_bytes()


def _line(server: Server) -> smtplib.SMTP:
    """A line to the server, encrypted and logged in as the settings say."""
    trusted = ssl.create_default_context()
    line: smtplib.SMTP | None = None
    try:
        if server.security == "tls":
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=trusted)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        if server.security == "starttls":
            line.starttls(context=trusted)
        line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except (smtplib.SMTPException, OSError, UnicodeError) as fault:
        if line:
            line.close()
        raise Stopped(_why(fault, encrypted=server.security != "none")) from None
    return line


def _why(fault: Exception, *, encrypted: bool) -> str:
    if isinstance(fault, smtplib.SMTPAuthenticationError | UnicodeError):
        return f"the mail server does not take the password: look at  user:  in mail: and at {PASSWORD}"
    if isinstance(fault, ssl.SSLError):
        return "the mail server's encryption cannot be trusted: look at  host:, port: and security:  in mail:"
    if isinstance(fault, smtplib.SMTPNotSupportedError) and encrypted:
        return "the mail server does not offer what mail: asks for: look at  port:, security: and user:"
    return "the mail server does not answer as one: look at  host:, port: and security:  in mail:"
