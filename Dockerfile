FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.lock /src/
RUN /venv/bin/pip install --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE /src/
COPY bot /src/bot
COPY adapters /src/adapters
COPY storage /src/storage
# what built the project has no place in the image that runs it
RUN /venv/bin/pip install --no-deps --no-build-isolation /src \
    && /venv/bin/pip uninstall --yes setuptools pip


FROM python:3.12-slim
# Chinese on slates
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin throughline \
    && install --directory --owner=throughline --group=throughline --mode=0700 /data
COPY --from=build /venv /venv
# nothing is written outside /data and /tmp, so the rest of the file system may be read-only
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    THROUGHLINE_HOME=/data
USER throughline
WORKDIR /data
VOLUME /data
EXPOSE 8484
# http.client, because urllib would ask a proxy for it
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8484, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["throughline", "run"]
