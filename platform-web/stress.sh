#!/bin/bash
# Starts the packaged site 12 times (or as often as told) beside three busy loops, asks it for 30 things the moment its port opens, and for
# one more afterwards. Everything must be answered, and SIGTERM must end it.
#   stress.sh [times] [jar]        needs `./mvnw -DskipTests package` first; uses JAVA, or the java of JAVA_HOME or of the path
# What a start that hangs was doing is kept as a thread dump beside its log.
set -u
cd "$(dirname "$0")"
times=${1:-12}
jar=${2:-target/millrace.jar}
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
paths='/ /signup /login /search?q=a /categories /privacy /following /api/v1/openapi /nobody /embed/nobody'
work=$(mktemp -d)
site=
loops=()
clean_up() {
  kill "${loops[@]}" 2>/dev/null
  [ -n "$site" ] && kill -9 "$site" 2>/dev/null
}
trap clean_up EXIT

free_port() { "$java" "$work/FreePort.java"; }
cat > "$work/FreePort.java" <<'J'
void main() throws Exception {
    try (var socket = new java.net.ServerSocket(0)) {
        IO.println(socket.getLocalPort());
    }
}
J

one_start() {
  local folder=$work/$1 web rtmp http unanswered slowest asked=()
  mkdir "$folder"
  web=$(free_port) rtmp=$(free_port) http=$(free_port)
  "$java" -jar "$jar" --server.port="$web" --millrace.rtmp.port="$rtmp" --millrace.http.port="$http" \
    --millrace.data-dir="$folder/data" > "$folder/log" 2>&1 &
  site=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$web") 2>/dev/null; do
    kill -0 "$site" 2>/dev/null || { echo "start $1: did not start, see $folder/log"; return 1; }
    sleep 0.1
  done
  for path in $paths $paths $paths; do
    curl -s -m 100 -o /dev/null -w '%{http_code} %{time_total}\n' "http://127.0.0.1:$web$path" >> "$folder/answers" &
    asked+=($!)
  done
  wait "${asked[@]}"
  unanswered=$(grep -c '^000' "$folder/answers")
  slowest=$(sort -k2 -n "$folder/answers" | tail -1 | cut -d' ' -f2)
  local hung=0 ended=0
  if [ "$unanswered" != 0 ] || ! curl -fsS -m 30 -o /dev/null "http://127.0.0.1:$web/"; then
    hung=1
    "${java%java}jcmd" "$site" Thread.dump_to_file "$folder/threads.txt" > /dev/null 2>&1
  fi
  kill "$site"
  for _ in $(seq 700); do kill -0 "$site" 2>/dev/null || { ended=1; break; }; sleep 0.1; done
  echo "start $1: $unanswered of 30 unanswered, slowest $slowest s$([ $hung = 1 ] && echo ", HUNG, see $folder")$([ $ended = 0 ] && echo ', SIGTERM did not end it')"
  [ $ended = 0 ] && kill -9 "$site"
  wait "$site" 2>/dev/null
  site=
  [ $hung = 0 ] && [ $ended = 1 ]
}

for _ in 1 2 3; do
  (while :; do :; done) &
  loops+=($!)
done
good=0
for i in $(seq "$times"); do
  one_start "$i" && good=$((good + 1)) && rm -rf "${work:?}/$i"
done
echo "$good of $times starts answered everything"
[ "$good" = "$times" ] && rm -rf "$work" && exit 0
exit 1
