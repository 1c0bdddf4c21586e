"""``python -m newsworld``: serve the made news world until Ctrl-C."""

import argparse
import asyncio
import datetime as dt
import logging
from pathlib import Path

from newsworld import build, lately, serve, write
from newsworld.server import HOST_FORMS
from newsworld.world import SIZES

logger = logging.getLogger("newsworld")


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m newsworld", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another world")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--speed", type=float, default=60, help="world seconds per second; 0 publishes all at once"
    )
    parser.add_argument("--all-now", action="store_true", help="the same as --speed 0")
    parser.add_argument("--size", default="demo", help=f"{', '.join(SIZES)} or a number of times sixty pages")
    parser.add_argument(
        "--start", type=dt.datetime.fromisoformat, help="date of the first hour; default: yesterday"
    )
    parser.add_argument("--hosts", choices=HOST_FORMS, default="auto", help="NAME.localhost or 127.0.0.x")
    parser.add_argument("--fault", action="append", default=[], metavar="/OUTLET/PATH=NAME[:N]")
    parser.add_argument("--every", default="2s", help="polling interval written to sources.yml")
    parser.add_argument(
        "--write", type=Path, metavar="DIR", help="write sources.yml, topics.yml and the truth"
    )
    return parser.parse_args(words)


async def main(wishes: argparse.Namespace) -> None:
    """Build, write, serve."""
    start = wishes.start or lately(dt.datetime.now(dt.UTC))
    size = int(wishes.size) if wishes.size.isdigit() else wishes.size
    world = build(wishes.seed, size, start if start.tzinfo else start.replace(tzinfo=dt.UTC))
    faults = dict(text.rsplit("=", 1) for text in wishes.fault)
    speed = 0 if wishes.all_now else wishes.speed
    server = await serve(world, port=wishes.port, speed=speed, faults=faults, form=wishes.hosts)
    try:
        if wishes.write:
            write(world, server.bases, wishes.write, every=wishes.every)
        logger.info("control at %s, first outlet at %s", server.control, server.url_of(world.outlets[0].name))
        await asyncio.Event().wait()
    finally:
        await server.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        asyncio.run(main(arguments()))
    except KeyboardInterrupt:
        logger.info("stopped")
