"""HTTP routes of a SageMaker container."""

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dukemm.contract.invocation import parse_request, version_of
from dukemm.domain.errors import DukeMMError
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry

log = logging.getLogger("dukemm")
#: Request limit of SageMaker's InvokeEndpoint.
MAX_BODY_BYTES = 6 << 20
#: Most concurrent requests; further ones are answered `overloaded` with Retry-After.
MAX_REQUESTS = 32
#: Names the model version in a request, and the instance that answered in an answer.
ATTRIBUTES_HEADER = "x-amzn-sagemaker-custom-attributes"


def make_app(registry: Registry, predictor: Predictor, deadline_seconds: float, problem: str | None = None) -> Starlette:
    """Build the ASGI application over a registry. With a problem of the machine, the health check fails and states it."""
    active = 0
    instance = {ATTRIBUTES_HEADER: f"instance={secrets.token_hex(8)}"}

    async def ping(_request: Request) -> Response:
        if problem is not None:
            return JSONResponse({"status": "unhealthy", "reason": problem}, status_code=503)
        return JSONResponse({"status": "ok", "versions": registry.loaded})

    async def invocations(request: Request) -> Response:
        nonlocal active
        started = time.monotonic()
        if active >= MAX_REQUESTS:
            return _error(DukeMMError("overloaded", f"{MAX_REQUESTS} requests are being answered", 2))
        active += 1
        try:
            body = await _body(request)
            version = version_of(request.headers.get(ATTRIBUTES_HEADER))
            deadline = started + deadline_seconds
            answer = await anyio.to_thread.run_sync(_answer, registry, predictor, version, body, deadline)
            log.info("answered", extra={"items": len(answer["items"]), "ms": round(1000 * (time.monotonic() - started))})
            # json.dumps escapes non-ASCII: a label may hold a lone surrogate, which UTF-8 cannot encode.
            text = json.dumps(answer, allow_nan=False, separators=(",", ":"))
            return Response(text, headers=instance, media_type="application/json")
        except DukeMMError as error:
            log.warning("rejected", extra={"code": error.code, "detail": error.message})
            return _error(error)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:  # details go to the log only
            log.exception("failed")
            return _error(DukeMMError("internal", "internal error of the model"))
        finally:
            active -= 1

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = MAX_REQUESTS
        yield
        registry.close()

    routes = [Route("/ping", ping), Route("/invocations", invocations, methods=["POST"])]
    return Starlette(routes=routes, lifespan=lifespan)


def _answer(registry: Registry, predictor: Predictor, version: str, body: bytes, deadline: float) -> dict[str, object]:
    request = parse_request(body)
    loaded = registry.get(version)
    return {"model_version": version, "items": predictor.predict(loaded, request, deadline)}


async def _body(request: Request) -> bytes:
    pieces = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY_BYTES:
            raise DukeMMError("invalid_request", f"the body has more than {MAX_BODY_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _error(error: DukeMMError) -> Response:
    body: dict[str, object] = {"code": error.code, "message": error.message[:2000]}
    headers = {}
    if error.retry_after_seconds is not None:
        body["retry_after_seconds"] = error.retry_after_seconds
        headers["Retry-After"] = str(round(error.retry_after_seconds))
    return Response(json.dumps(body), status_code=error.status, headers=headers, media_type="application/json")
