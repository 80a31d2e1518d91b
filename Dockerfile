# A small image with the Debian package of a release:
#
#     scripts/release
#     docker build --build-arg VERSION=0.1.0 -t reconcile:0.1.0 .
#
FROM debian:bookworm-slim
ARG VERSION
ARG TARGETARCH=amd64
COPY .build/release-files/reconcile_${VERSION}_${TARGETARCH}.deb /tmp/reconcile.deb
RUN apt-get update \
    && apt-get install -y --no-install-recommends /tmp/reconcile.deb \
    && rm -rf /tmp/reconcile.deb /var/lib/apt/lists/* \
    && useradd --create-home reconcile \
    && install -d -o reconcile -g reconcile /release
USER reconcile
# Mount the folder with the manifest here. Its .reconcile is the ledger, unless the manifest names another.
WORKDIR /release
ENTRYPOINT ["reconcile"]
