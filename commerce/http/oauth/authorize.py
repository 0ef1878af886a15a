"""The page on which staff let a program in: who it is, what it asks for, and a password."""

from dataclasses import dataclass
from html import escape
from string import Template
from typing import Final
from urllib.parse import urlsplit

from anyio import Path as AsyncPath
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from commerce.core.attempts import TooManyAttempts
from commerce.core.problems import Problem
from commerce.http.doors import Door, behind
from commerce.http.oauth.endpoints import OpenServices
from commerce.http.oauth.requests import MalformedError, in_address, posted
from commerce.http.oauth.seal import FormSeal
from commerce.http.pages import HERE
from commerce.oauth.protocol import Asked, Consent, Reply
from commerce.oauth.rules.scopes import words_for
from commerce.wiring import Services

PATH: Final = "/oauth/authorize"
COOKIE: Final = "storegraph_oauth"
STATUS: Final = 401  # of the page after a wrong password


@dataclass(frozen=True, slots=True)
class AuthorizePage:
    """Without scripts. Nothing is sent on to an address the client did not register."""

    services: OpenServices
    seal: FormSeal

    def routes(self) -> list[BaseRoute]:
        return behind(
            Door.PROOF,
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH, self.decide, methods=["POST"]),
        )

    async def show(self, request: Request) -> Response:
        try:
            asked = in_address(request)
        except MalformedError as error:
            return await _refusal(str(error))
        async with self.services() as services:
            question = await services.granting.question(asked)
        if not isinstance(question, Consent):
            return await _answer(question)
        return await self._page(request, question)

    async def decide(self, request: Request) -> Response:
        try:
            asked, form = in_address(request), (await posted(request)).parameters
        except MalformedError as error:
            return await _refusal(str(error))
        nonce = request.cookies.get(COOKIE, "")
        if not self.seal.holds(form.get("form", ""), nonce, _query(request)):
            return await _refusal("This form is too old. Go back to the program, and start anew.")
        async with self.services() as services:
            if form.get("decision") != "allow":
                return await _answer(await services.consenting.deny(asked))
            return await self._allow(request, services, asked, dict(form))

    async def _allow(
        self, request: Request, services: Services, asked: Asked, form: dict[str, str]
    ) -> Response:
        email, password = form.get("email", ""), form.get("password", "")
        answer = await services.consenting.allow(asked, email, password)
        if not isinstance(answer, Problem):
            return await _answer(answer)
        question = await services.granting.question(asked)
        if not isinstance(question, Consent):
            return await _answer(question)
        return await self._page(request, question, email, answer)

    async def _page(
        self, request: Request, asks: Consent, email: str = "", problem: Problem | None = None
    ) -> Response:
        nonce = request.cookies.get(COOKIE) or self.seal.nonce()
        query = _query(request)
        page = await _filled(
            "authorize.html",
            client=escape(asks.client.name),
            scopes="\n".join(f"<li>{escape(words_for(name))}</li>" for name in asks.scopes),
            target=escape(_target(asks.redirect_uri)),
            action=escape(f"{PATH}?{query}"),
            seal=escape(self.seal.seal(nonce, query)),
            email=escape(email),
            problem="" if problem is None else f'<p role="alert">{escape(problem.message)}</p>',
        )
        headers = _headers(_source(asks.redirect_uri))
        status = 200 if problem is None else STATUS
        if isinstance(problem, TooManyAttempts):
            status = 429
            headers["Retry-After"] = str(problem.retry_after)
        response = HTMLResponse(page, status, headers)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, nonce, path=PATH, httponly=True, samesite="lax", secure=secure)
        return response


async def _answer(reply: Reply) -> Response:
    """See Other, so that a browser does not post the password on; a page where there is no client
    to go back to."""
    status, body, headers = reply
    if status == 302:
        kept = {"Cache-Control": "no-store"}
        return RedirectResponse(dict(headers)["Location"], 303, kept)
    return await _refusal(body.get("error_description") or body["error"])


async def _refusal(message: str) -> Response:
    text = f"<p>{escape(message)}</p><p>The program that sent you here made a mistake.</p>"
    page = await _filled("message.html", title="This cannot be allowed", text=text)
    return HTMLResponse(page, 400, _headers(""))


def _headers(target: str) -> dict[str, str]:
    """`target` is where the browser may be led after the form was sent."""
    forms = f"form-action 'self' {target}".strip()
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    return {
        "Content-Security-Policy": f"{policy}{forms}; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }


def _source(uri: str) -> str:
    """A redirect's address as a policy names it: an origin, or the scheme of an app."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _target(uri: str) -> str:
    return urlsplit(uri).netloc or uri


def _query(request: Request) -> str:
    return str(request.scope["query_string"].decode("latin-1"))


async def _filled(template: str, **texts: str) -> str:
    """`texts` are HTML: what came from outside is escaped before."""
    return Template(await AsyncPath(HERE / "html" / template).read_text("utf-8")).substitute(texts)
