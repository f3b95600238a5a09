# The daemon in a container. Build it first (./mvnw -DskipTests package), then: docker build -t joblet-storage .
# docs/operations.md says what works in a container and what does not.
FROM eclipse-temurin:25-jre AS java

FROM debian:12-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends btrfs-progs e2fsprogs util-linux mount \
 && rm -rf /var/lib/apt/lists/*
COPY --from=java /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk LANG=C.UTF-8

COPY build/find-jdk.sh packaging/joblet-storage packaging/jvm.options /usr/lib/joblet/
COPY target/quarkus-app /usr/lib/joblet/quarkus-app
COPY target/rnx /usr/lib/joblet/rnx
RUN ln -s /usr/lib/joblet/rnx/bin/rnx /usr/bin/rnx

# Rows and pool outlive the container.
VOLUME /var/lib/joblet
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["rnx", "volume", "list"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/lib/joblet/joblet-storage"]
