"""The web server: identifies the user, checks rights, records the access, then gives the page and headers.

Every answer carries a policy (CSP) under which a browser runs and loads only what this server sent as a file
of its own, and so nothing from inside a record. Forms are bound to the session by a token and to this site by
the browser's Origin header.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from aiohttp import web

from shield.console.accounts import AccountError, LockedError, Session
from shield.console.answers import Answer, Call, Page, Redirect, RefusedError
from shield.console.desk import Desk
from shield.console.forms import read_form
from shield.console.pace import Pace
from shield.console.render import Renderer
from shield.console.roles import Right, may
from shield.errors import ShieldError

MAX_FORM_BYTES = 512 * 1024
SESSION_COOKIE = "shield_session"
VISIT_COOKIE = "shield_visit"
THEME_COOKIE = "shield_theme"
_VISIT_BYTES = 16
_YEAR = 31_536_000

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Server": "shield-console",
    }
)

View = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A page for signed-in users. `action` names it in access records, which keep the fields `filters`.

    `most` bounds the bytes of a form, including its files.
    """

    method: str
    path: str
    view: View
    right: Right
    action: str
    filters: tuple[str, ...] = ()
    most: int = MAX_FORM_BYTES


class Site:
    """The application over a desk. `secure`: browsers reach it by TLS."""

    def __init__(self, desk: Desk, renderer: Renderer, routes: Sequence[Route], *, secure: bool) -> None:
        self._desk = desk
        self._renderer = renderer
        self.secure = secure
        self._form_key = secrets.token_bytes(32)
        self._pace = Pace()
        prefix = "__Host-" if secure else ""
        self.session_cookie = prefix + SESSION_COOKIE
        self.visit_cookie = prefix + VISIT_COOKIE
        self.app = web.Application(client_max_size=MAX_FORM_BYTES, middlewares=[self._outermost])
        for route in routes:
            self.app.router.add_route(route.method, route.path, self._page(route))
        self.app.router.add_get("/static/{name}", self._static_file)
        self.app.router.add_get("/healthz", self._health)
        self.app.on_response_prepare.append(self._headers)

    # Around every answer.

    async def _headers(self, _: web.BaseRequest, response: web.StreamResponse) -> None:
        for name, value in SECURITY_HEADERS.items():
            response.headers[name] = value
        if self.secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"

    @web.middleware
    async def _outermost(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                self._check_origin(request)
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            message = "this is larger than the form accepts; for a large file, use the command line"
            return await self.problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            return await self.problem(request, error.status, HTTPStatus(error.status).phrase)
        except RefusedError as error:
            return await self.problem(request, error.status, str(error))
        except LockedError as error:
            return await self.problem(request, HTTPStatus.TOO_MANY_REQUESTS, str(error))
        except AccountError as error:
            return await self.problem(request, HTTPStatus.BAD_REQUEST, str(error))
        except ShieldError as error:
            return await self.problem(request, HTTPStatus.CONFLICT, f"{error.code}: {error}")
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001  a defect: its text may quote what was asked, so only its type
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where is not None else ""
            self._desk.logger.error("console_defect", error=type(error).__name__, place=place)  # noqa: TRY400  a traceback may quote what was asked
            return await self.problem(
                request, HTTPStatus.INTERNAL_SERVER_ERROR, "The console failed. Its log says where."
            )

    async def problem(self, request: web.Request, status: int, message: str) -> web.Response:
        """A page that says what is wrong."""
        session = self.session(request)
        return self.respond(
            request, Page("problem.html", {"message": message, "status": status}, status), session
        )

    # Identification.

    def token(self, request: web.Request) -> str:
        return request.cookies.get(self.session_cookie, "")

    def session(self, request: web.Request) -> Session | None:
        token = self.token(request)
        return self._desk.accounts.session(token) if token else None

    def form_token(self, bound_to: str) -> str:
        """The token that a form of this session, or of this visit before signing in, carries."""
        return hmac.digest(self._form_key, bound_to.encode("utf-8", "surrogateescape"), "sha256").hex()

    def set_session(self, response: web.Response, token: str) -> None:
        response.set_cookie(
            self.session_cookie, token, httponly=True, secure=self.secure, samesite="Lax", path="/"
        )

    def drop_session(self, response: web.Response) -> None:
        response.del_cookie(self.session_cookie, path="/", secure=self.secure)

    def _check_origin(self, request: web.Request) -> None:
        """Raises `RefusedError` for a form that another site sent (browsers say so in these headers)."""
        origin = request.headers.get("Origin", "")
        public = self._desk.settings.public_url
        own = {f"{'https' if self.secure else 'http'}://{request.host}"}
        if public is not None:
            parts = urlsplit(public)
            own.add(f"{parts.scheme}://{parts.netloc}")
        if origin not in own or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise RefusedError("this form was not sent by a page of the console", HTTPStatus.FORBIDDEN)

    async def form(self, request: web.Request, bound_to: str) -> dict[str, list[str]]:
        """The fields of a form, after checking its token. Raises `RefusedError`."""
        fields = await read_form(request)
        given = (fields.pop("form", None) or [""])[0]
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.form_token(bound_to).encode()):
            raise RefusedError(
                "this form has expired; go back, reload the page and try again", HTTPStatus.FORBIDDEN
            )
        return fields

    # Pages of signed-in users.

    def _page(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            session = self.session(request)
            if session is None:
                if route.method != "GET":
                    raise RefusedError("you are no longer signed in; sign in again", HTTPStatus.UNAUTHORIZED)
                raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs, safe='/')}")
            if not may(session.user.role, route.right):
                raise RefusedError(f"your role ({session.user.role}) may not do this", HTTPStatus.FORBIDDEN)
            fields: dict[str, list[str]] = {}
            if route.method == "POST":
                fields = await self.form(request.clone(client_max_size=route.most), session.id)
            query = dict(request.query)
            given = {**query, **{name: values[0] for name, values in fields.items()}, **request.match_info}
            filters = {name: given[name] for name in route.filters if given.get(name)}
            if wait := self._pace.wait(session.user.name, asyncio.get_running_loop().time()):
                await asyncio.sleep(wait)
            receipts = await self._desk.record_access(session.user.name, route.action, filters)
            loop = asyncio.get_running_loop()

            def view() -> tuple[Answer, str | None]:
                call = Call(
                    session,
                    MappingProxyType(query),
                    MappingProxyType(fields),
                    request.match_info,
                    self._desk.search(),
                    self._desk,
                    request.remote or "",
                    receipts,
                )
                answer = route.view(call)
                if isinstance(answer, Page):
                    lost = sum(it.records for it in call.search.notable.damages())
                    return answer, self._render(
                        answer, request, session, session.id, receipts=receipts, lost_records=lost
                    )
                return answer, None

            answer, html = await loop.run_in_executor(self._desk.threads, view)
            return self._response(answer, html)

        return handle

    def _render(
        self,
        page: Page,
        request: web.Request,
        session: Session | None,
        bound_to: str,
        *,
        receipts: Sequence[str] = (),
        lost_records: int = 0,
    ) -> str:
        return self._renderer.render(
            page,
            session=session,
            form=self.form_token(bound_to),
            path=request.path,
            notice=request.query.get("notice", ""),
            receipts=receipts,
            indexing=self._desk.indexing,
            lost_records=lost_records,
            theme=request.cookies.get(THEME_COOKIE, ""),
            oidc=self._desk.settings.oidc is not None,
        )

    def respond(self, request: web.Request, page: Page, session: Session | None) -> web.Response:
        """Send a page; a visitor who is not signed in gets a visit to bind forms to."""
        visit = request.cookies.get(self.visit_cookie, "")
        fresh = session is None and not visit
        if fresh:
            visit = secrets.token_hex(_VISIT_BYTES)
        text = self._render(page, request, session, visit if session is None else session.id)
        response = web.Response(text=text, content_type="text/html", status=page.status)
        if fresh:
            response.set_cookie(
                self.visit_cookie, visit, httponly=True, secure=self.secure, samesite="Lax", path="/"
            )
        return response

    def _response(self, answer: Answer, html: str | None) -> web.StreamResponse:
        if isinstance(answer, Page):
            return web.Response(text=html, content_type="text/html", status=answer.status)
        if isinstance(answer, Redirect):
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": answer.to})
        headers = {"Content-Type": answer.media_type}
        if answer.name:
            headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
        if isinstance(answer.content, Path):
            return web.FileResponse(answer.content, headers=headers)
        return web.Response(body=answer.content, headers=headers)

    # Files.

    async def _static_file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        found = self._renderer.static.get(name)
        if found is None:
            raise web.HTTPNotFound
        content, media_type, digest = found
        fresh = request.query.get("v") == digest
        headers = {"Cache-Control": f"private, max-age={_YEAR}, immutable" if fresh else "no-cache"}
        return web.Response(body=content, content_type=media_type, charset="utf-8", headers=headers)

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "indexing": self._desk.indexing})
