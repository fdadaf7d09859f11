# The shield as an image: `docker build -t shield .`, then
#
#   docker run --read-only --tmpfs /tmp -v shield-state:/var/lib/shield \
#     -e SHIELD_UPSTREAM_URL=http://store:8081 -p 8080:8080 -p 127.0.0.1:9090:9090 \
#     -p 127.0.0.1:9092:9092 shield
#
# serves the quick start's routes and policy before that upstream, and the console, whose set-up link is
# in the container's output (`docker logs`). For your own, mount a configuration
# over /etc/shield/shield.yaml. All that it writes is below /var/lib/shield: the evidence, keep it.
# `docker stop` kills after ten seconds, `docker stop -t 60` lets it finish and sign its log.
# With podman: `podman build --format docker -t shield .`, since its own format leaves out the health check.
# scripts/dockerfile_steps.py runs the steps below without a container engine; .ci/run calls it.

FROM python:3.11-slim-bookworm AS build

WORKDIR /src

RUN python3 -m venv /opt/shield

# The pins first: their layer is built again only when they change.
COPY requirements/runtime.lock requirements/runtime.lock
RUN /opt/shield/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes -r requirements/runtime.lock

COPY pyproject.toml MANIFEST.in README.md LICENSE ./
COPY config config
COPY models/ner-en models/ner-en
COPY models/README.md models/README.md
COPY models/ner-en-accurate models/ner-en-accurate
COPY shield shield
RUN /opt/shield/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      --no-deps --no-build-isolation .

# The quick start's configuration for a container: reachable from outside it, before an upstream that
# the environment names, with its evidence in the volume. (`${env:…}` is the configuration's, not sh's.)
# hadolint ignore=SC2016
RUN mkdir -p /etc/shield \
    && sed -e 's|host: 127.0.0.1|host: 0.0.0.0|' \
           -e 's|url: http://127.0.0.1:8081|url: "${env:SHIELD_UPSTREAM_URL}"|' \
           -e 's|origin: .*|origin: "${env:SHIELD_ORIGIN}"|' \
           -e 's|directory: state/|directory: /var/lib/shield/|' \
           config/quickstart.yaml > /etc/shield/shield.yaml \
    && SHIELD_UPSTREAM_URL=http://upstream.example SHIELD_ORIGIN=build.example/check \
       /opt/shield/bin/shield check -c /etc/shield/shield.yaml \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/shield


FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/shield \
    SHIELD_ORIGIN=container.shield.example/worker-0

COPY --from=build /opt/shield /opt/shield
COPY --from=build /etc/shield /etc/shield
COPY --from=build --chown=10001:10001 /var/lib/shield /var/lib/shield

USER 10001:10001
WORKDIR /var/lib/shield
VOLUME ["/var/lib/shield"]
EXPOSE 8080 9090 9092

# The path of the health check does not follow a configuration that moves the admin listener or gives
# it TLS: then override it, or turn it off where the orchestrator asks /readyz itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/opt/shield/bin/python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 9090, timeout=2); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/shield/bin/shield"]
CMD ["serve", "-c", "/etc/shield/shield.yaml"]
