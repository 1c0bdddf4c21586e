"""`python -m local ...`: runs Copydesk and what it needs on this machine."""

import sys
from typing import Annotated

import typer

from local import pidfiles
from local.processes import LocalError
from local.progress import say

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
elasticsearch_commands = typer.Typer(no_args_is_help=True, help="A local Elasticsearch server.")
app.add_typer(elasticsearch_commands, name="elasticsearch")

Data = Annotated[str, typer.Option("--data", help="Name of the server and of its data folder.")]


@app.callback()
def local() -> None:
    """Run Copydesk on this machine, on loopback only."""


@elasticsearch_commands.command("start")
def start_elasticsearch(port: int = 9200, data: Data = "main") -> None:
    """Start a server that runs until it is stopped; print its address. That of `make up` asks for a password."""
    from local import elasticsearch  # noqa: PLC0415 - status and stop need no jgo and no cjdk
    from local.up import Place  # noqa: PLC0415 - as above

    name = f"elasticsearch-{data}"
    already = pidfiles.running(name)
    if already is None:
        own = Place()
        login = own.login if data == own.data else None  # other data are of tests
        elasticsearch.start(data, port, remember_as=name, login=login)
        if login:
            say(f"log in as {login.user}, with the password in {own.login_file}")
        already = pidfiles.running(name)
    else:
        say(f"Elasticsearch {data} is running already")
    print(already.url if already else "")


@elasticsearch_commands.command("stop")
def stop_elasticsearch(data: Data = "main") -> None:
    """Stop a server that was started here."""
    stopped = pidfiles.end(f"elasticsearch-{data}", grace=20)
    say(f"Elasticsearch {data} {'stopped' if stopped else 'was not running'}")


@elasticsearch_commands.command("status")
def elasticsearch_status() -> None:
    """Print every server that was started here and is running: name, address, process id."""
    for name in pidfiles.names():
        server = pidfiles.running(name)
        if name.startswith("elasticsearch-") and server:
            print(f"{name.removeprefix('elasticsearch-')}\t{server.url}\t{server.pid}")


@app.command("up")
def start_all(port: int = 8080, elasticsearch_port: int = 9200) -> None:
    """Start Copydesk for continuous use: Airflow with its pages on --port, and Elasticsearch."""
    from local.up import up  # noqa: PLC0415 - as above

    up(port=port, elasticsearch_port=elasticsearch_port, ask=input if sys.stdin.isatty() else None)


@app.command("down")
def stop_all() -> None:
    """End what `up` started."""
    from local.up import down  # noqa: PLC0415 - as above

    down()


@app.command("demo")
def run_demo(seed: int = 7) -> None:
    """Run everything on the made news world, print what came of it, and stop."""
    from local.demo import demo  # noqa: PLC0415 - as above

    demo(seed=seed)


@app.command("rehearse")
def run_rehearsal(seed: int = 7) -> None:
    """Run what docker-compose.yml starts, on PostgreSQL and with its settings, and kill the scheduler in the middle."""
    from local.rehearse import rehearse  # noqa: PLC0415 - as above

    rehearse(seed=seed)


@app.command("env")
def write_env() -> None:
    """Write `.env` with passwords for docker compose; never overwrites one."""
    from local import env  # noqa: PLC0415 - as above

    env.main()


def main() -> None:
    """Run a command; what a person can mend is one line on standard error and exit code 1."""
    try:
        app()
    except LocalError as error:
        say(f"error: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
