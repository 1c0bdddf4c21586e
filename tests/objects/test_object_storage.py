"""The archive on S3, by s3fs, beside a server that stands for Amazon's (moto), on loopback."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from copydesk.adapters.archive.store import Store
from copydesk.adapters.archive.warc import Archive
from copydesk.errors import ArchiveError
from made.archives import closed, page

BUCKET = "archive"


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """One for all tests: s3fs goes on asking where it asked first."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "made")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "made")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield
    running.stop()


@pytest.fixture
def bucket(server: None) -> str:  # noqa: ARG001 (has to run)
    """The address of an empty folder in a bucket."""
    return f"s3://{BUCKET}/{os.urandom(4).hex()}"


def put(address: str, name: str, content: bytes) -> None:
    """A file that another worker has put there, past our client."""
    _, _, path = address.partition("://")
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"{path.partition('/')[2]}/{name}", Body=content)


def test_an_archive_on_s3_gives_back_its_pages(bucket: str) -> None:
    """Segments are listed and come back in order, and lose a page that is forgotten."""
    archive, pages = Archive(bucket), [page(number) for number in range(3)]
    for one in pages:
        archive.append(one)
    segment = closed(archive)
    assert list(archive.read(segment.name)) == pages
    assert archive.segments() == [segment]
    archive.rewrite(segment.name, lambda capture: capture.id != "c1")
    assert [one.id for one in archive.read(segment.name)] == ["c0", "c2"]


def test_what_another_worker_puts_there_is_seen_at_once(bucket: str) -> None:
    """Two workers that share no folder meet in the bucket alone."""
    store = Store(bucket)
    store.write("segments/2026/a", b"1")
    assert store.last("segments", 5, bool) == ["segments/2026/a"]
    put(bucket, "segments/2026/b", b"2")
    assert (
        store.last("segments", 5, bool) == store.names("segments") == ["segments/2026/a", "segments/2026/b"]
    )
    assert not store.create("segments/2026/b", b"3")
    assert store.read("segments/2026/b") == b"2"


def test_a_folder_that_is_copied_into_a_bucket_is_the_same_archive(bucket: str, tmp_path: Path) -> None:
    """Moving an archive is copying its files: segments and pages are the same by the new address."""
    here = Archive(str(tmp_path))
    for number in range(2):
        here.append(page(number))
        closed(here)
    for file in sorted(one for one in tmp_path.rglob("*") if one.is_file()):
        put(bucket, str(file.relative_to(tmp_path)), file.read_bytes())
    there = Archive(bucket)
    assert there.segments() == here.segments()
    for segment in here.segments():
        assert list(there.read(segment.name)) == list(here.read(segment.name))


def test_a_bucket_that_is_not_there_is_told_in_one_line(bucket: str) -> None:
    """Neither a missing bucket nor a server that does not answer leaves a traceback of the client's."""
    with pytest.raises(ArchiveError, match=r"^s3://nobody/x: cannot write a: .*bucket does not exist$"):
        Store("s3://nobody/x").write("a", b"1")
    assert Store(bucket).read("a") is None
