# Images and archives are named by what they are (their digest), so that the same file builds the same image; take newer ones on purpose.
# Build: the jar, with everything in it. Browsers are for tests, which run elsewhere.
FROM eclipse-temurin:25-jdk@sha256:97014c4b396021f9ddb7d592a7dbedb0c4e4215c29e03dc01c393558aefb71c2 AS build
ARG NODE=v20.20.2
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates unzip xz-utils && rm -rf /var/lib/apt/lists/* \
    && case "$(dpkg --print-architecture)" in \
         amd64) arch=x64 sum=df770b2a6f130ed8627c9782c988fda9669fa23898329a61a871e32f965e007d ;; \
         arm64) arch=arm64 sum=73093db209e4e9e09dd7d15a47aeaab1b74833830df03efa5f942a1122c5fa71 ;; \
         *) echo "Node has no archive for this processor" >&2; exit 1 ;; \
       esac \
    && curl -fsSLo /tmp/node.tar.xz "https://nodejs.org/dist/$NODE/node-$NODE-linux-$arch.tar.xz" \
    && echo "$sum  /tmp/node.tar.xz" | sha256sum -c - \
    && tar -xJf /tmp/node.tar.xz -C /usr/local --strip-components=1 && rm /tmp/node.tar.xz
WORKDIR /src
COPY . .
RUN ./mvnw -B -DskipTests -Dprogram.skip package \
    && java -Djarmode=tools -jar platform-web/target/millrace.jar extract --destination /app \
    && java -XX:+UseSerialGC -XX:AOTCacheOutput=/app/millrace.aot -Dspring.context.exit=onRefresh \
         -jar /app/millrace.jar --millrace.data-dir=/tmp/train \
    && rm -rf /tmp/train

FROM eclipse-temurin:25-jre@sha256:bb036ed6cfdc57e3da7c22634d15f1b840d2caf76183861c80e81ca4b5104abb
# For pictures of running streams; without it cards show a poster.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home millrace && mkdir /data && chown millrace /data
COPY --from=build /app /app
USER millrace
VOLUME /data
# Whoever runs containers starts them again.
ENV MILLRACE_WATCHDOG_END_PROCESS=true
EXPOSE 8080 1935 8081 8554 8554/udp 8555/udp 8890/udp 8189/udp 8189
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["java", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", "/app/millrace.jar", "live.millrace.platform.HealthCheck"]
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-XX:AOTCache=/app/millrace.aot", "-jar", "/app/millrace.jar", "--millrace.data-dir=/data"]
