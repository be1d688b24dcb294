#!/bin/sh
# Measures what RTSP and SRT cost beside RTMP with the same media, and prints the table of docs/performance.md: rows by name, all when none is
# named, each for so many seconds (SECONDS_EACH, 20). Needs `./mvnw -DskipTests package` and taskset.
set -eu
cd "$(dirname "$0")/.."
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
ulimit -n "$(ulimit -Hn)"
exec taskset -c 1 "$java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR \
    -cp benchmarks/target/benchmarks.jar live.millrace.bench.load.ContributionBench \
    media-engine/target/millrace-media-engine.jar "${SECONDS_EACH:-20}" "$@"
