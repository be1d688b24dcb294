#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds an older version and this one, and starts old, new and old again on the same data: what people made is there each time, and a backup
# was taken where tables changed. Some minutes. Ports 8680 to 8685, unless MILLRACE_TEST_PORT says where else they begin.
#
#   distribution/test/upgrades.sh [COMMIT]               the older version; the commit before if none is named
#   distribution/test/upgrades.sh OLD.jar NEW.jar        two that are built already
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")/../.." && pwd)
first=${MILLRACE_TEST_PORT:-8680}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
site=

end() {
  [ -z "$site" ] || kill "$site" 2>/dev/null || true
  [ ! -e "$work/old" ] || git -C "$here" worktree remove --force "$work/old"
  rm -rf "$work"
}
trap end EXIT

said() { echo "$(date +%T) $*"; }
fail() {
  echo "FAILED: $*" >&2
  [ ! -e "$work/log" ] || tail -40 "$work/log" >&2
  exit 1
}

build() {
  (cd "$1" && ./mvnw -B -q -pl media-engine,frontend,platform-web package -DskipTests -Dprogram.skip=true) || fail "$1 cannot be built"
}

case ${1:-} in
  *.jar)
    old=$1
    new=$2
    ;;
  *)
    commit=${1:-HEAD~1}
    said "builds $(git -C "$here" describe --always "$commit")"
    git -C "$here" worktree add --detach "$work/old" "$commit" >/dev/null 2>&1 || fail "$commit is no commit"
    build "$work/old"
    old=$work/old.jar
    cp "$work/old/platform-web/target/millrace.jar" "$old"
    said "builds what is here"
    build "$here"
    new=$here/platform-web/target/millrace.jar
    ;;
esac

# Starts a jar and waits until it is well.
begin() {
  "$java" -XX:+UseSerialGC -Xmx512m -jar "$1" --server.port="$first" --millrace.http.port=$((first + 1)) --millrace.rtmp.port=$((first + 2)) \
    --millrace.rtsp.port=0 --millrace.srt.port=0 --millrace.webrtc.port=0 --millrace.data-dir="$work/data" >"$work/log" 2>&1 &
  site=$!
  waited=0
  until curl -sf "http://127.0.0.1:$first/actuator/health" | grep -q '"UP"'; do
    kill -0 "$site" 2>/dev/null || fail "it does not start"
    [ $waited -lt 1800 ] || fail "it is not ready"
    waited=$((waited + 1))
    sleep 0.1
  done
}

finish() {
  kill "$site"
  wait "$site" || [ $? -eq 143 ] || fail "it does not end as it should"
  site=
}

# page ANSWER PATH [CURL'S WORDS…]
page() {
  answer=$1
  path=$2
  shift 2
  got=$(curl -s -o "$work/page" -w '%{http_code}' -b "$work/cookies" -c "$work/cookies" "$@" "http://127.0.0.1:$first$path")
  [ "$got" = "$answer" ] || fail "$path answers $got, not $answer"
}

token() { sed -n 's/.*name="_csrf"[^>]*value="\([^"]*\)".*/\1/p' "$work/page" | head -1; }

join() {
  : >"$work/cookies"
  page 200 /signup
  page 302 /signup --data-urlencode "_csrf=$(token)" --data-urlencode "username=$1" --data-urlencode "email=$1@example.org" \
    --data-urlencode "password=three quiet herons"
}

# Whoever joined is known, can log in, and has a page.
look() {
  for name in "$@"; do
    : >"$work/cookies"
    page 200 "/$name"
    grep -q "$name" "$work/page" || fail "the page of $name is not theirs"
    page 200 /login
    page 302 /login --data-urlencode "_csrf=$(token)" --data-urlencode "username=$name" --data-urlencode "password=three quiet herons"
    page 200 /studio
  done
  for path in / /categories '/search?q=plover' /privacy; do page 200 "$path"; done
}

steps() { ls "$work/data/backups" 2>/dev/null | grep -c '^before-' || true; }

said "old"
begin "$old"
join plover
look plover
finish
said "new"
begin "$new"
changed=$(grep -c 'The tables change by' "$work/log" || true)
[ "$(steps)" -eq "$changed" ] || fail "tables changed $changed times, and there are $(steps) backups"
look plover
join kingfisher
finish
said "old again, after $([ "$changed" -eq 0 ] && echo 'no change' || echo 'a change') of the tables"
begin "$old"
look plover kingfisher
join bittern
finish
said "new again"
begin "$new"
look plover kingfisher bittern
[ "$(steps)" -eq "$changed" ] || fail "a backup was taken for tables that did not change"
finish
said "all well"
