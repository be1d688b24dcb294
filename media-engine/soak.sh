#!/bin/sh
# Keeps the packaged engine busy for some minutes (40 unless told), with so many viewers of each kind (50 unless told), and prints how
# memory, descriptors and threads went. Buffers are watched for leaks.
# Needs `./mvnw -DskipTests package` first.
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-40}
viewers=${2:-50}
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
data=$(mktemp -d)
./mvnw -B -q -pl media-engine dependency:build-classpath -Dmdep.outputFile="$data/classpath" -Dmdep.includeScope=test
cat > "$data/engine.yml" <<Y
rtmp: {port: 24935, refusals-per-minute: 1000}
http: {port: 24081}
api: {port: 24985}
publish: {anonymous: true}
Y
"$java" -Xmx256m -Dio.netty.leakDetection.level=advanced -jar media-engine/target/millrace-media-engine.jar --config "$data/engine.yml" --data-dir "$data" > "$data/engine.log" 2>&1 &
engine=$!
trap 'kill $engine' EXIT
until [ -s "$data/api-token" ] && grep -q Management "$data/engine.log"; do kill -0 $engine; sleep 1; done
"$java" -cp "media-engine/target/test-classes:media-engine/target/classes:$(cat "$data/classpath")" \
    live.millrace.media.survival.Soak 24935 24081 http://127.0.0.1:24985/metrics "$data/api-token" "$minutes" "$viewers"
grep -c WARN "$data/engine.log" | sed 's/^/warnings in the log: /'
grep -c LEAK "$data/engine.log" | sed 's/^/leaks in the log: /'
