"""What Airflow's plugin loader runs: Copydesk as a part of Airflow's own web server.

The only file of ours that the loader runs, for `.airflowignore` hides the library from it. It does so in every process
of Airflow, those of tasks too; so nothing heavy is imported before somebody asks for a page.

`/copydesk/` is the page, and `/copydesk/status` answers what `copydesk status --json` counts, to whoever may see
plugins in Airflow's pages; without a login 401. The settings are those of the environment, as for the command line.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["CopydeskPlugin", "pages"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Copydesk's pages as an ASGI application, which is made when it is first asked."""
    await _pages()(scope, receive, send)


@cache
def _pages() -> "FastAPI":
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView, DagAccessEntity
    from airflow.api_fastapi.core_api.security import get_user, requires_access_dag, requires_access_view
    from fastapi import Depends

    from copydesk.config.settings import load_settings
    from copydesk.connect import open_desk
    from copydesk.page.app import make_app

    def name_of(user: Any = Depends(get_user)) -> str:  # noqa: B008 (FastAPI reads it)
        return str(user.get_name())

    readers = [Depends(requires_access_view(AccessView.PLUGINS))]
    # Airflow guards its own routes only: what is mounted is open to everybody unless we ask
    app = make_app(
        open_desk(load_settings, writes=True),
        readers=readers,
        # who may start the DAG that polls all sources may have one of them polled
        writers=[Depends(requires_access_dag("POST", DagAccessEntity.RUN, "ingest"))],
        who=Depends(name_of),
        login="../api/v2/auth/login",
    )
    app.get("/status", dependencies=readers)(status)
    return app


def status() -> dict[str, object]:
    """What became of every entry and every capture, by source, and how much there is."""
    from fastapi import HTTPException

    from copydesk.config.settings import load_settings
    from copydesk.connect import asking
    from copydesk.errors import CopydeskError
    from copydesk.views.status import funnel

    try:
        with asking(load_settings()) as index:
            seen = funnel(index)
    except CopydeskError as exc:
        raise HTTPException(503, str(exc)) from exc
    return {"sources": {source: seen.outcomes(source) for source in seen.sources}, **seen.totals}


class CopydeskPlugin(AirflowPlugin):
    """Copydesk in Airflow's pages."""

    name = "copydesk"
    fastapi_apps = [{"app": pages, "url_prefix": "/copydesk", "name": "Copydesk"}]  # noqa: RUF012 (Airflow reads the class)
    # Without `url_route` it opens as a whole page: in Airflow's frame links to newspapers could open no tab. The slash
    # is needed, for without it Airflow answers with its own first page
    external_views = [  # noqa: RUF012
        {
            "name": "News",
            "href": "copydesk/",
            "icon": "copydesk/static/icon.svg",
            "destination": "nav",
            "nav_top_level": True,
        }
    ]
