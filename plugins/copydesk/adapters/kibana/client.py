"""Saved objects → Kibana. Touches the network; Kibana is the operator's own and stands where he says."""

import asyncio
import base64
import json
from http import HTTPStatus

import aiohttp
from pydantic import BaseModel, ValidationError

from copydesk.errors import ConfigError, CopydeskError

__all__ = ["import_objects"]

TIMEOUT = aiohttp.ClientTimeout(total=60)


class Problem(BaseModel):
    """What Kibana says of one object it did not take."""

    type: str
    id: str
    error: dict[str, object] = {}


class Answer(BaseModel):
    """What Kibana says of an import as a whole."""

    success: bool
    successCount: int = 0  # noqa: N815 (Kibana's name)
    errors: list[Problem] = []


def import_objects(url: str, ndjson: bytes, user: str = "", password: str = "") -> int:
    """Put saved objects into Kibana, over those of the same id that are there; how many were taken. Idempotent.

    `url` is Kibana's, with its base path and space if it has any. Raises ConfigError when Kibana refuses the
    credentials or there is none at the address, CopydeskError when it cannot be reached or did not take everything;
    then some objects may have been taken.
    """
    status, body = asyncio.run(_post(f"{url.rstrip('/')}/api/saved_objects/_import", ndjson, user, password))
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise ConfigError(f"Kibana at {url} refuses the credentials (HTTP {status})")
    try:
        answer = Answer.model_validate(json.loads(body))
    except (ValueError, ValidationError):
        if status == HTTPStatus.NOT_FOUND:
            raise ConfigError(f"{url} is no Kibana (HTTP 404); has it a base path?") from None
        raise CopydeskError(f"Kibana at {url} answers HTTP {status}: {_beginning(body)}") from None
    if not answer.success or answer.errors:
        troubles = "; ".join(
            f"{one.type} {one.id}: {one.error.get('type', 'unknown')}" for one in answer.errors
        )
        raise CopydeskError(f"Kibana took {answer.successCount} objects, but not {troubles or 'the others'}")
    return answer.successCount


async def _post(address: str, ndjson: bytes, user: str, password: str) -> tuple[int, bytes]:
    form = aiohttp.FormData()
    form.add_field("file", ndjson, filename="copydesk.ndjson", content_type="application/ndjson")
    headers = {"kbn-xsrf": "copydesk"}
    if user:
        headers["Authorization"] = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.post(
                address,
                params={"overwrite": "true"},
                data=form,
                headers=headers,
                allow_redirects=False,
            ) as response,
        ):
            return response.status, await response.read()
    except (aiohttp.ClientError, OSError) as exc:
        raise CopydeskError(f"Kibana at {address} cannot be reached: {exc or type(exc).__name__}") from exc


def _beginning(body: bytes) -> str:
    return " ".join(body.decode(errors="replace").split())[:200]
