"""Pages to sign in and out, for first set-up, invitations and one's own account. Each use is recorded."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from shield.console.accounts import AccountError, LockedError, Session, is_name
from shield.console.answers import Page, RefusedError
from shield.console.desk import Desk
from shield.console.oidc import OidcClient
from shield.console.site import THEME_COOKIE, Site
from shield.evidence.access import WITHHELD

_FORM_BYTES = 16 * 1024  # of a form that anybody may send
_FLOW_COOKIE = "shield_sign_in"
_FLOW_SECONDS = 600
_YEAR = 31_536_000
_THEMES = ("", "light", "dark")


class Entrance:
    """Adds its pages to a site."""

    def __init__(self, site: Site, desk: Desk, oidc: OidcClient | None) -> None:
        self._site = site
        self._desk = desk
        self._oidc = oidc
        router = site.app.router
        router.add_get("/login", self._login_page)
        router.add_post("/login", self._login)
        router.add_post("/logout", self._logout)
        router.add_get("/join", self._join_page)
        router.add_post("/join", self._join)
        router.add_get("/account", self._account_page)
        router.add_post("/account/password", self._password)
        router.add_post("/theme", self._theme)
        if oidc is not None:
            router.add_get("/oidc/start", self._oidc_start)
            router.add_get("/oidc/callback", self._oidc_callback)

    async def _login_page(self, request: web.Request) -> web.StreamResponse:
        if self._site.session(request) is not None:
            raise web.HTTPSeeOther("/")
        values = {"next": _local(request.query.get("next", "/")), "name": "", "problem": ""}
        return self._site.respond(request, Page("login.html", values), None)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        fields = await self._visit_form(request)
        name, onwards = _first(fields, "name"), _local(_first(fields, "next"))
        try:
            token = await self._in_thread(
                self._desk.accounts.sign_in, name, _first(fields, "password"), request.remote or ""
            )
        except AccountError as error:
            locked = isinstance(error, LockedError)
            if not locked:
                # A user may type a password into this field by mistake: an unknown name is stored nowhere.
                user = self._desk.accounts.user(name)
                await self._record(WITHHELD if user is None else user.name, "sign_in_refused")
            values = {"next": onwards, "name": name, "problem": str(error)}
            status = HTTPStatus.TOO_MANY_REQUESTS if locked else HTTPStatus.UNAUTHORIZED
            return self._site.respond(request, Page("login.html", values, status), None)
        await self._record(name, "sign_in")
        return self._signed_in(token, onwards)

    async def _logout(self, request: web.Request) -> web.StreamResponse:
        session = self._site.session(request)
        if session is not None:
            await self._site.form(request, session.id)
            await self._record(session.user.name, "sign_out")
            self._desk.accounts.sign_out(self._site.token(request))
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/login?notice=signed_out"})
        self._site.drop_session(response)
        return response

    async def _join_page(self, request: web.Request) -> web.StreamResponse:
        token = request.query.get("token", "")
        invitation = self._desk.accounts.invitation(token)
        if invitation is None or (not invitation.name and not self._desk.accounts.empty()):
            raise RefusedError(
                "this link was already used or has expired; ask for a new one", HTTPStatus.GONE
            )
        values = {"invited": token, "invitation": invitation, "name": invitation.name, "problem": ""}
        return self._site.respond(request, Page("join.html", values), None)

    async def _join(self, request: web.Request) -> web.StreamResponse:
        fields = await self._visit_form(request)
        token, name, password = (_first(fields, field) for field in ("token", "name", "password"))
        invitation = self._desk.accounts.invitation(token)
        if invitation is None:
            raise RefusedError(
                "this link was already used or has expired; ask for a new one", HTTPStatus.GONE
            )
        name = invitation.name or name
        try:
            if password != _first(fields, "again"):
                raise AccountError("the two passwords differ")  # noqa: TRY301  one way out
            session = await self._in_thread(self._desk.accounts.accept, token, name, password)
        except AccountError as error:
            values = {"invited": token, "invitation": invitation, "name": name, "problem": str(error)}
            return self._site.respond(request, Page("join.html", values, HTTPStatus.BAD_REQUEST), None)
        await self._record(name, "join")
        return self._signed_in(session, "/")

    async def _account_page(self, request: web.Request) -> web.StreamResponse:
        session = self._needed(request)
        return self._site.respond(request, Page("account.html", {"problem": ""}), session)

    async def _password(self, request: web.Request) -> web.StreamResponse:
        session = self._needed(request)
        fields = await self._site.form(request, session.id)
        try:
            if _first(fields, "new") != _first(fields, "again"):
                raise AccountError("the two passwords differ")  # noqa: TRY301  one way out
            token = await self._in_thread(
                self._desk.accounts.change_password,
                session,
                _first(fields, "old"),
                _first(fields, "new"),
                request.remote or "",
            )
        except AccountError as error:
            page = Page("account.html", {"problem": str(error)}, HTTPStatus.BAD_REQUEST)
            return self._site.respond(request, page, session)
        await self._record(session.user.name, "password")
        return self._signed_in(token, "/account?notice=password")

    async def _theme(self, request: web.Request) -> web.StreamResponse:
        session = self._needed(request)
        fields = await self._site.form(request, session.id)
        theme, back = _first(fields, "theme"), _local(_first(fields, "next"))
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": back})
        response.set_cookie(
            THEME_COOKIE, theme if theme in _THEMES else "", samesite="Lax", httponly=True, max_age=_YEAR
        )
        return response

    # The OpenID provider.

    async def _oidc_start(self, request: web.Request) -> web.StreamResponse:
        assert self._oidc is not None  # noqa: S101  the page is only there with a provider
        flow = await self._oidc.begin(self._callback_url(request))
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": flow.url})
        response.set_cookie(
            _FLOW_COOKIE,
            flow.state,
            httponly=True,
            samesite="Lax",
            max_age=_FLOW_SECONDS,
            path="/oidc",
            secure=self._site.secure,
        )
        return response

    async def _oidc_callback(self, request: web.Request) -> web.StreamResponse:
        assert self._oidc is not None  # noqa: S101  the route is there only with it
        state = request.query.get("state", "")
        if not state or state != request.cookies.get(_FLOW_COOKIE):
            raise RefusedError(
                "this sign-in was not started in this browser; sign in again", HTTPStatus.FORBIDDEN
            )
        identity = await self._oidc.finish(state, request.query.get("code", ""), self._callback_url(request))
        try:
            if identity.role is None:
                raise RefusedError(  # noqa: TRY301  one way out
                    "the provider gives you no role in this console; ask its administrator",
                    HTTPStatus.FORBIDDEN,
                )
            token = self._desk.accounts.sign_in_elsewhere(
                identity.name, identity.role, self._oidc.issuer, identity.sub
            )
        except (RefusedError, AccountError):
            # Who has no role here may have put anything into the claim that names users.
            await self._record(identity.name if is_name(identity.name) else WITHHELD, "sign_in_refused")
            raise
        await self._record(identity.name, "sign_in")
        response = self._signed_in(token, "/")
        response.del_cookie(_FLOW_COOKIE, path="/oidc")
        return response

    def _callback_url(self, request: web.Request) -> str:
        public = self._desk.settings.public_url
        scheme = "https" if self._site.secure else "http"
        return f"{public or f'{scheme}://{request.host}'}/oidc/callback"

    # Shared by them.

    def _needed(self, request: web.Request) -> Session:
        session = self._site.session(request)
        if session is None:
            raise RefusedError("you are no longer signed in; sign in again", HTTPStatus.UNAUTHORIZED)
        return session

    async def _visit_form(self, request: web.Request) -> dict[str, list[str]]:
        small = request.clone(client_max_size=_FORM_BYTES)
        return await self._site.form(small, request.cookies.get(self._site.visit_cookie, ""))

    def _signed_in(self, token: str, onwards: str) -> web.Response:
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": onwards})
        self._site.set_session(response, token)
        return response

    async def _record(self, name: str, action: str) -> None:
        await self._desk.record_access(name, action)

    async def _in_thread(self, work: object, *arguments: object) -> str:
        loop = asyncio.get_running_loop()
        return str(await loop.run_in_executor(self._desk.threads, work, *arguments))  # type: ignore[arg-type]  # as `run_in_executor` has it


def _first(fields: dict[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[0]


def _local(path: str) -> str:
    """A path of this site; anything else becomes the first page, so that no link leads elsewhere."""
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if plain and "\\" not in path else "/"
