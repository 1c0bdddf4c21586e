"""What each kind of channel makes of a digest, and to whom a mail goes."""

import email
import email.policy
import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.alerting.alerts import in_one
from copydesk.channels import (
    CHANNELS,
    AtomChannel,
    LogChannel,
    MailChannel,
    SlackChannel,
    WebhookChannel,
    mail,
)
from copydesk.channels.plain import heading, one_line
from made.messages import ALERT, NOW

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
    },
)
OTHER = replace(
    ALERT,
    id="alert2",
    topic="dams",
    topic_title="Dams",
    title="Dam cracks",
    url="https://south.example/2",
    links=(),
)
TITLES = st.one_of(st.text("ab, ", max_size=6), st.text(max_size=12))


def test_a_digest_tells_all_of_its_stories() -> None:
    """Every kind of channel tells each story with its address; the heading says how many on which topics."""
    digest = [replace(one, digest_at=NOW + timedelta(hours=9)) for one in (OTHER, ALERT)]
    for kind, channel in (("log", LOG), ("webhook", HOOK), ("slack", CHAT), ("mail", DESK), ("atom", FEED)):
        body = CHANNELS[kind](channel, digest, (), "d1").body.decode()
        assert all(one.title in body and one.url in body for one in digest)
        assert body.index(OTHER.title) < body.index(ALERT.title) or kind == "atom"
        assert "2 stories: Dams, Ferries" in body or kind in {"log", "atom"}
    event = json.loads(CHANNELS["webhook"](HOOK, digest, (), "d1").body)
    assert (event["type"], [one["id"] for one in event["data"]]) == ("digest.created", ["alert2", "alert1"])
    parsed = email.message_from_bytes(
        CHANNELS["mail"](DESK, digest, (), "d1").body, policy=email.policy.default
    )
    assert (parsed["Subject"], parsed["Date"]) == (
        "2 stories: Dams, Ferries",
        "Mon, 02 Mar 2026 21:00:00 +0000",
    )


@given(st.lists(st.lists(TITLES, min_size=1, max_size=3), min_size=2, max_size=3))
@example([["Harbour, north"], ["Ferries, north", "Harbour"]])
def test_titles_with_commas_are_told_one_by_one(stories: list[list[str]]) -> None:
    """The heading has each title whole and once, in order, whatever parts it shares with others; so has an event."""
    alerts = [
        in_one([replace(ALERT, topic=f"t{at}", topic_title=title) for at, title in enumerate(titles)])
        for titles in stories
    ]
    cleaned = [[one_line(title) for title in titles] for titles in stories]
    each = dict.fromkeys(title for titles in cleaned for title in titles)
    assert heading(alerts) == f"{len(stories)} stories: {', '.join(each)}"
    event = json.loads(CHANNELS["webhook"](HOOK, alerts, (), "d1").body)
    assert [one["topic_titles"] for one in event["data"]] == cleaned


def test_a_mail_to_one_names_him() -> None:
    """Who is written to alone sees his address; several do not see one another's."""
    alone = DESK.model_copy(update={"to": ("night@north.example",)})
    assert b"To: night@north.example" in mail.render(alone, [ALERT], (), "d1").body
    assert b"night@north.example" not in mail.render(DESK, [ALERT], (), "d1").body


def test_a_digest_says_which_sources_were_not_seen() -> None:
    """At its end, in every kind of message and escaped as it needs; a feed in a file is read when that is over."""
    seen = "41 of 43 sources were seen; not A & B since 06:10, <c> ever."
    digest = [replace(one, digest_at=NOW + timedelta(hours=9)) for one in (OTHER, ALERT)]
    bodies = {
        kind: CHANNELS[kind](channel, digest, (), "d1", seen=seen).body
        for kind, channel in (
            ("log", LOG),
            ("webhook", HOOK),
            ("slack", CHAT),
            ("mail", DESK),
            ("atom", FEED),
        )
    }
    assert bodies["log"].decode().splitlines()[-1] == seen
    assert json.loads(bodies["webhook"])["sources"] == seen
    assert json.loads(bodies["slack"])["text"].splitlines()[-1] == (
        "41 of 43 sources were seen; not A &amp; B since 06:10, &lt;c&gt; ever."
    )
    parsed = email.message_from_bytes(bodies["mail"], policy=email.policy.default)
    plain, page = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().strip().splitlines()[-1] == seen
    assert (
        "<p>41 of 43 sources were seen; not A &amp; B since 06:10, &lt;c&gt; ever.</p>" in page.get_content()
    )
    assert b"41 of 43" not in bodies["atom"]


def test_without_such_a_line_a_message_is_as_it_was() -> None:
    for kind, channel in (("log", LOG), ("webhook", HOOK), ("slack", CHAT)):
        render = CHANNELS[kind]
        assert render(channel, [ALERT], (), "d1", seen="") == render(channel, [ALERT], (), "d1")
