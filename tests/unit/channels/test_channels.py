import email
import email.policy
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from html import unescape

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from copydesk.channels import (
    CHANNELS,
    AtomChannel,
    LogChannel,
    MailChannel,
    SlackChannel,
    WebhookChannel,
    mail,
)
from copydesk.channels.plain import coverage, one_line, web_links
from copydesk.model import Alert
from made import messages
from made.messages import NOW

ALERT = replace(
    messages.ALERT,
    agency="dpa",
    outlets=4,
    published_at=NOW - timedelta(hours=1),
    links=("https://south.example/2",),
)
LOG = LogChannel(kind="log")
HOOK = WebhookChannel(kind="webhook", url="https://hooks.example/x", secret="env:HOOK")
CHAT = SlackChannel(kind="slack", url="env:CHAT")
FEED = AtomChannel(kind="atom", path="alerts.atom")
DESK = MailChannel.model_validate(
    {
        "kind": "mail",
        "server": "smtp://mail.example:587",
        "from": "copydesk@north.example",
        "to": ["desk@north.example", "night@north.example"],
        "username": "me@north",
        "password": "env:MAIL",
    },
)

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "]]><!--",
    "&lt;b&gt; &amp; &#60; &unknown;",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "line\r\nBcc: victim@example.org\r\n\r\nbody",
    "tab\tnul\x00esc\x1b[31m red",
    "\u202egnp.exe\u2028next\u2029",
    "=?utf-8?q?=0ABcc:_x?=",
    "{{7*7}} ${7*7} %s {0} {alert}",
    "=1+1",
    "-->",
    "<a href='javascript:alert(1)'>x</a>",
    "lone \ud800 surrogate",
    "\ufffe\uffff",
    "Ä €¥ 渡轮 🚢 👩‍👩‍👧 ไทย العربية",
    "x" * 5000,
    ".",
    "\n.\n",
    "",
]
TITLES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))


def mail_of(alert: Alert) -> EmailMessage:
    message = CHANNELS["mail"](DESK, [alert], (), "d1")
    parsed = email.message_from_bytes(message.body, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def told(title: str) -> Alert:
    return replace(
        ALERT,
        title=title,
        topic_title=title,
        snippet=title,
        first_outlet=title,
        agency=title,
        matched=(title,),
    )


@given(TITLES)
def test_a_mail_says_what_the_alert_says_and_nothing_else(title: str) -> None:
    """Subject, text and page read back as the cleaned title, with no header, element or attribute more."""
    mail = mail_of(told(title))
    clean = one_line(title)
    assert sorted(mail.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "List-Unsubscribe",
            "MIME-Version",
            "Content-Type",
        ],
    )
    assert mail["Message-ID"] == "<d1@north.example>"
    assert mail["To"] == "undisclosed-recipients:;"
    assert mail["List-Unsubscribe"] == "<mailto:copydesk@north.example?subject=unsubscribe>"
    assert part_of(mail, "plain").splitlines()[0] == clean
    page = html.document_fromstring(part_of(mail, "html"))
    assert page.findtext(".//h1") == clean
    assert page.findtext(".//p") == clean
    assert {element.tag for element in page.iter()} == {
        "html", "head", "meta", "title", "body", "div", "h1", "p", "ul", "li", "a",
    }  # fmt: skip
    assert [dict(link.attrib) for link in page.iter("a")] == [
        {"href": url, "rel": "noreferrer"} for url in web_links(ALERT)
    ]


@pytest.mark.parametrize("title", HOSTILE)
def test_the_subject_is_the_cleaned_title(title: str) -> None:
    """Whatever a title holds, the subject is one header with the topic and the title."""
    expected = f"Ferries: {one_line(title)}".replace("=?", "= ?")
    assert mail_of(replace(ALERT, title=title))["Subject"].split() == expected.split()


def test_a_mail_goes_to_the_server_of_the_channel() -> None:
    """The message names server, user, recipients and the reference to the password, and never the password."""
    message = mail.render(DESK, [ALERT], (), "d1")
    assert (message.kind, message.id, message.secret) == ("mail", "d1", "env:MAIL")
    assert message.address == "smtp://me%40north@mail.example:587"
    assert message.recipients == DESK.to
    assert max(map(len, message.body.splitlines())) < 999


@given(st.lists(TITLES, min_size=1, max_size=4))
def test_the_feed_reads_back(titles: Sequence[str]) -> None:
    """Feed readers see each alert once, newest first, with the cleaned title as text."""
    alerts = [
        replace(told(title), id=f"a{number}", created_at=NOW - timedelta(minutes=number))
        for number, title in enumerate(titles)
    ]
    message = CHANNELS["atom"](FEED, [alerts[-1]], alerts, "d1")
    assert (message.kind, message.address) == ("file", "alerts.atom")
    root = etree.fromstring(message.body)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.findtext("a:title", "", space) for entry in root.findall("a:entry", space)] == list(
        map(one_line, titles)
    )
    read = feedparser.parse(message.body)
    assert not read.bozo
    assert [entry.id for entry in read.entries] == [
        f"urn:copydesk:alert:a{number}" for number in range(len(titles))
    ]
    assert {entry.link for entry in read.entries} == {ALERT.url}


def test_the_feed_holds_the_last_hundred() -> None:
    """The feed does not grow without end, and holds the alert that is delivered even if searches do not see it yet."""
    alerts = [
        replace(ALERT, id=f"a{number}", created_at=NOW - timedelta(minutes=number))
        for number in range(1, 150)
    ]
    read = feedparser.parse(CHANNELS["atom"](FEED, [replace(ALERT, id="new")], alerts, "d1").body)
    assert len(read.entries) == 100
    assert read.entries[0].id == "urn:copydesk:alert:new"
    assert read.feed.updated == "2026-03-02T12:00:00+00:00"


@given(TITLES)
def test_a_webhook_is_json_and_the_same_at_each_attempt(title: str) -> None:
    """The event carries the fields of the alert; its bytes and id do not change when it is rendered again."""
    alert = told(title)
    message = CHANNELS["webhook"](HOOK, [alert], (), "d1")
    assert message == CHANNELS["webhook"](HOOK, [alert], (), "d1")
    assert (message.kind, message.address, message.secret) == ("http", HOOK.url, "env:HOOK")
    assert message.headers == {"Content-Type": "application/json", "webhook-id": "d1"}
    event = json.loads(message.body)
    assert (event["type"], event["id"]) == ("alert.created", "d1")
    assert (event["data"]["title"], event["data"]["id"]) == (one_line(title), "alert1")
    assert event["data"]["links"] == ["https://south.example/2"]
    assert event["text"] == f"{one_line(title)}: {one_line(title)} {ALERT.url}"


@given(TITLES)
def test_a_chat_gets_text_and_no_commands(title: str) -> None:
    """A line each of what the alert says; no title can call a person, or show one address and lead to another."""
    message = CHANNELS["slack"](CHAT, [told(title)], (), "d1")
    assert (message.kind, message.address, message.secret) == ("http", "env:CHAT", "")
    assert list(json.loads(message.body)) == ["text"]
    text = json.loads(message.body)["text"]
    assert not set("<>") & set(text)
    lines = unescape(text).splitlines()
    assert (lines[0], lines[-1]) == (one_line(f"{one_line(title)}: {one_line(title)}"), ALERT.url)
    assert len(lines) == 3 + bool(one_line(title))


@given(TITLES)
def test_a_log_line_is_one_line(title: str) -> None:
    """Nothing in a title can begin a line of its own in the log."""
    message = CHANNELS["log"](LOG, [told(title)], (), "d1")
    assert message.kind == "log"
    assert len(message.body.decode().splitlines()) == 1
    assert one_line(title) in message.body.decode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "inbox:sha256:00",
        "https://",
        "https://[::1",
        "http://a b/",
        "http://a/\nb",
        "//a/",
        "ftp://a/",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """An address that is none of the web is left out of every output."""
    alert = replace(ALERT, url=url, links=("https://south.example/2", url))
    assert web_links(alert) == ["https://south.example/2"]
    for kind, channel in (("mail", DESK), ("atom", FEED), ("webhook", HOOK), ("log", LOG), ("slack", CHAT)):
        assert CHANNELS[kind](channel, [alert], (), "d1").body


@given(st.text())
def test_cleaning_a_line_twice_changes_nothing(text: str) -> None:
    """One line is one line, fit for XML, and cleaning is idempotent."""
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1
    etree.Element("a").text = line


def test_coverage_counts_for_people() -> None:
    """One is singular, and an unknown agency is not mentioned."""
    assert coverage(ALERT) == "first in north, text by dpa, 4 outlets of 1 publisher"
    assert (
        coverage(replace(ALERT, agency=None, outlets=1, publishers=2))
        == "first in north, 1 outlet of 2 publishers"
    )


def test_every_message_says_that_only_the_beginning_is_readable() -> None:
    """An alert about a teaser says so wherever a person reads it."""
    alert = replace(ALERT, is_partial=True)
    for kind, channel in (("mail", DESK), ("atom", FEED), ("log", LOG), ("slack", CHAT)):
        assert b"only the beginning is readable" in CHANNELS[kind](channel, [alert], (), "d1").body
        assert b"only the beginning" not in CHANNELS[kind](channel, [ALERT], (), "d1").body
