# Build: the jar, with everything in it. Browsers are for tests, which run elsewhere.
FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates gnupg unzip \
    && curl -fsSL https://deb.nodesource.com/setup_20.x | bash - \
    && apt-get install -y --no-install-recommends nodejs && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN ./mvnw -B -DskipTests -Dprogram.skip package \
    && java -Djarmode=tools -jar platform-web/target/millrace.jar extract --destination /app \
    && java -XX:+UseSerialGC -XX:AOTCacheOutput=/app/millrace.aot -Dspring.context.exit=onRefresh \
         -jar /app/millrace.jar --millrace.data-dir=/tmp/train \
    && rm -rf /tmp/train

FROM eclipse-temurin:25-jre
# For pictures of running streams; without it cards show a poster.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home millrace && mkdir /data && chown millrace /data
COPY --from=build /app /app
USER millrace
VOLUME /data
# Whoever runs containers starts them again.
ENV MILLRACE_WATCHDOG_END_PROCESS=true
EXPOSE 8080 1935 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["java", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", "/app/millrace.jar", "live.millrace.platform.HealthCheck"]
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-XX:AOTCache=/app/millrace.aot", "-jar", "/app/millrace.jar", "--millrace.data-dir=/data"]
