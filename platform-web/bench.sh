#!/bin/sh
# Measures the packaged site on this machine: bench.sh chat [viewers lines-a-second seconds]
#                                             bench.sh home [channels live views-a-second seconds]
#                                             bench.sh console [users comments times]
#                                             bench.sh guess [log-ins guessers]
# Builds the site first. Site and load share the processors, so the figures are the worst of both.
set -eu
cd "$(dirname "$0")"
case "${1:-}" in
  chat) bench=ChatBench ;;
  home) bench=HomeBench ;;
  console) bench=ConsoleBench ;;
  guess) bench=GuessBench ;;
  *) sed -n '2,6p' "$0"; exit 2 ;;
esac
shift
(cd .. && ./mvnw -q -B -pl platform-web -am package dependency:build-classpath -DskipTests \
  -Dmdep.outputFile='${project.build.directory}/bench.classpath' -Dmdep.includeScope=test)
ulimit -n "$(ulimit -Hn)"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED -Xmx1200m -cp "target/test-classes:$(cat target/bench.classpath)" "live.millrace.platform.bench.$bench" "$@"
