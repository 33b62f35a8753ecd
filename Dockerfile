# Two stages: one that builds, one that runs, as a user without rights.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev pkg-config && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY src ./src
COPY static ./static
COPY templates ./templates
COPY locales ./locales
COPY migrations ./migrations
COPY tests ./tests
COPY benches ./benches
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 ca-certificates curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/mandi mandi
COPY --from=build /build/target/release/mandi /usr/local/bin/mandi
USER mandi
WORKDIR /var/lib/mandi
ENV MANDI_PROFILE=production MANDI_DATA_DIR=/var/lib/mandi
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD curl -fsS http://127.0.0.1:8080/health/ready || exit 1
ENTRYPOINT ["mandi"]
CMD ["serve"]
