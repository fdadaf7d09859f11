"""Users and invitations, for admins."""

from __future__ import annotations

from shield.console.answers import Answer, Call, Page, Redirect, RefusedError
from shield.console.roles import Role


def _role(call: Call) -> Role:
    try:
        return Role(call.field("role"))
    except ValueError:
        raise RefusedError("there is no such role") from None


def show_users(call: Call) -> Answer:
    """Everybody, and the form that invites."""
    return _page(call, "")


def invite(call: Call) -> Answer:
    """Invite a user. The link is shown once, to the admin, who hands it on."""
    name = call.field("name").strip()
    if not name:
        raise RefusedError("an invitation needs a name")
    token = call.desk.accounts.invite(name, _role(call))
    base = call.desk.settings.public_url or ""
    return _page(call, f"{base}/join?token={token}", name)


def change(call: Call) -> Answer:
    """Change a user's role, or take away access; the user's sessions end."""
    call.desk.accounts.change(
        call.field("name"),
        role=_role(call),
        disabled=call.field("disabled") == "yes",
        by=call.session.user.name,
    )
    return Redirect("/users?notice=changed")


def _page(call: Call, link: str, name: str = "") -> Page:
    users = call.desk.accounts.users()
    return Page("users.html", {"users": users, "roles": list(Role), "link": link, "invited": name})
