#!/bin/sh
# Measures the engine beside nginx with its RTMP module and prints the table of docs/performance.md: rows by name, all when none is
# named, for so many seconds each (SECONDS_EACH, 20), of this engine or of another (ENGINE_JAR). Needs `./mvnw -DskipTests package`, nginx
# with libnginx-mod-rtmp, wrk and taskset.
set -eu
cd "$(dirname "$0")/.."
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
ulimit -n "$(ulimit -Hn)"
exec taskset -c 1 "$java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR \
    -cp benchmarks/target/benchmarks.jar live.millrace.bench.load.LoadBench \
    "${ENGINE_JAR:-media-engine/target/millrace-media-engine.jar}" "${SECONDS_EACH:-20}" "$@"
