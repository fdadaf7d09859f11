"""The proxy works behind real load balancers that speak the PROXY protocol to it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from shield.audit.record import Kind
from shield.config.proxy_protocol import ProxyProtocol
from shield.config.settings import ListenerTls
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Raw, Stack, post, running
from tests.integration.proxy.programs import listening
from tests.integration.proxy.raw_upstream import Received

HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
STREAM = Path("/usr/lib/nginx/modules/ngx_stream_module.so")
BODY = b'{"comment": "secret-zebra"}'
CLIENT = "127.0.0.2"  # an address of this host that is not the balancer's own
BALANCER = ProxyProtocol((ip_network("127.0.0.1/32"),))

needs_haproxy = pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")
needs_nginx = pytest.mark.skipif(
    NGINX is None or not STREAM.exists(), reason="nginx with its stream module is not installed"
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def haproxy(folder: Path, port: int, to: int, options: str) -> tuple[str, ...]:
    file = folder / "haproxy.cfg"
    file.write_text(
        "defaults\n mode tcp\n timeout connect 5s\n timeout client 20s\n timeout server 20s\n"
        f"listen balancer\n bind 127.0.0.1:{port}\n server shield 127.0.0.1:{to} {options}\n"
    )
    return str(HAPROXY), "-db", "-f", str(file)


def nginx(folder: Path, port: int, to: int) -> tuple[str, ...]:
    file = folder / "nginx.conf"
    file.write_text(
        f"load_module {STREAM};\ndaemon off;\nmaster_process off;\npid {folder}/pid;\n"
        "error_log stderr;\nevents {}\n"
        f"stream {{ server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{to}; proxy_protocol on; }} }}\n"
    )
    return str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(file)


async def assert_served(stack: Stack, port: int, authority: Certificates | None = None) -> None:
    """Two writes over TLS, with the certificate checked, reach the upstream via the balancer on `port`."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1",
        port,
        local_addr=(CLIENT, 0),
        ssl=None if authority is None else ssl.create_default_context(cafile=authority.ca),
        server_hostname=None if authority is None else "localhost",
    )
    client = Raw(reader, writer)
    stack.clients.append(client)
    for _ in range(2):
        await client.send(post(BODY))
        assert (await client.answer()).status == 201
    for request in stack.upstream.requests:
        assert request.get("X-Forwarded-For") == CLIENT
        assert request.body == b'{"comment": "<SECRET>"}'


@needs_haproxy
@pytest.mark.parametrize(
    "options",
    [
        "send-proxy",
        "send-proxy-v2 check inter 20ms check-send-proxy",
        "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority",
    ],
    ids=["v1", "v2-with-health-checks", "v2-with-checksum"],
)
async def test_behind_haproxy(tmp_path: Path, options: str) -> None:
    async with running(proxy_protocol=BALANCER) as stack:
        port = free_port()
        async with listening(port, *haproxy(tmp_path, port, stack.site.port, options)):
            await assert_served(stack, port)
        assert not [draft for draft in stack.evidence.drafts if draft.kind is Kind.REJECT]


@needs_nginx
async def test_behind_nginx(tmp_path: Path) -> None:
    async with running(proxy_protocol=BALANCER) as stack:
        port = free_port()
        async with listening(port, *nginx(tmp_path, port, stack.site.port)):
            await assert_served(stack, port)


@needs_nginx
async def test_tls_goes_through_nginx(tmp_path: Path, certificates: Certificates) -> None:
    tls = ListenerTls(certificates.certificate, certificates.key)
    async with running(tls=tls, proxy_protocol=BALANCER) as stack:
        port = free_port()
        async with listening(port, *nginx(tmp_path, port, stack.site.port)):
            await assert_served(stack, port, certificates)
        assert {it.get("X-Forwarded-Proto") for it in stack.upstream.requests} == {"https"}


def nginx_with_prefix(folder: Path, port: int, to: int) -> tuple[str, ...]:
    file = folder / "nginx.conf"
    temporary = " ".join(f"{it}_temp_path {folder}/{it};" for it in ("proxy", "fastcgi", "uwsgi", "scgi"))
    file.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; {temporary}\n"
        f"server {{ listen 127.0.0.1:{port}; location /desk/ {{ proxy_pass http://127.0.0.1:{to}/;\n"
        "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Prefix /desk; } } }\n"
    )
    return str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(file)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
async def test_an_address_in_an_answer_has_the_prefix_that_nginx_took_off(tmp_path: Path) -> None:
    async with running() as stack:
        stack.reserve(trusted_forwarders=True)

        async def script(_: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            address = f"http://127.0.0.1:{stack.upstream.port}/api/tickets/17"
            writer.write(f"HTTP/1.1 201 OK\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode())

        stack.upstream.script = script
        port = free_port()
        async with listening(port, *nginx_with_prefix(tmp_path, port, stack.site.port)):
            client = Raw(*await asyncio.open_connection("127.0.0.1", port))
            stack.clients.append(client)
            await client.send(post(BODY, path="/desk/api/tickets"))
            assert (await client.answer()).get("Location") == "http://shield.example/desk/api/tickets/17"
        assert stack.upstream.requests[0].get("X-Forwarded-Prefix") == "/desk"
