#!/bin/sh
# Measures what recording costs those who watch, and prints the table of docs/performance.md, each row for so many seconds (SECONDS_EACH, 60).
# Needs `./mvnw -DskipTests package` and taskset.
set -eu
cd "$(dirname "$0")/.."
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
ulimit -n "$(ulimit -Hn)"
exec taskset -c 1 "$java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR \
    -cp benchmarks/target/benchmarks.jar live.millrace.bench.load.RecordingBench \
    media-engine/target/millrace-media-engine.jar "${SECONDS_EACH:-60}"
