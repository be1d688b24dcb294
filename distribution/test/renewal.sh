#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Renews the certificate of a busy site three times: a stream with viewers of four kinds on encrypted ports, none of whom may miss anything,
# while the directory refuses nonces, finds no address, is away, and is slow. Needs curl, openssl, ffmpeg, Node 20 and Debian's pebble; ten
# minutes. Ports 8580 to 8589 unless MILLRACE_TEST_PORT says where else they begin, and those of acme.sh.
#
#   distribution/test/renewal.sh [JAR]     VIEWERS=200 of each kind, LIFE=240 seconds of each certificate
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
jar=${1:-$here/../../platform-web/target/millrace.jar}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
first=${MILLRACE_TEST_PORT:-8580}
web=$first plain=$((first + 1)) shared=$((first + 2)) rtmps=$((first + 3))
viewers=${VIEWERS:-200}
life=${LIFE:-240}
domain=live.example.org
work=$(mktemp -d)
site='' publisher='' watching=''
. "$here/acme.sh"
ulimit -n "$(ulimit -Hn)"

end() {
  for each in "$watching" "$publisher" "$site"; do [ -z "$each" ] || kill "$each" 2>/dev/null || true; done
  acme_end
  [ -n "${KEEP:-}" ] && echo "all of it: $work" || rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

started=$(date +%s)
said() { printf '%s %4d s | %s\n' "$(date +%T)" $(($(date +%s) - started)) "$*"; }
fail() {
  echo "FAILED: $*" >&2
  for each in site watching; do tail -20 "$work/$each.log"; done >&2 || true
  exit 1
}

# waits SECONDS WHAT COMMAND…
waits() {
  limit=$(($(date +%s) + $1))
  what=$2
  shift 2
  until "$@"; do
    [ "$(date +%s)" -lt $limit ] || fail "$what: not within its time"
    sleep 0.5
  done
}

# page PATH [CURL'S WORDS…]
page() {
  path=$1
  shift
  curl -sk -o "$work/page" -b "$work/cookies" -c "$work/cookies" "$@" "http://127.0.0.1:$web$path"
}

token() { sed -n 's/.*name="_csrf"[^>]*value="\([^"]*\)".*/\1/p' "$work/page" | head -1; }

# The button of /admin/https, where it is.
tried() {
  [ "$(acme_issued)" -lt $((before_all + renewals + 1)) ] || return 0
  page /admin/https
  grep -q 'action="/admin/https/try"' "$work/page" && page /admin/https/try --data-urlencode "_csrf=$(token)" && sleep 15
}
healthy() { curl -sf "http://127.0.0.1:$web/actuator/health" | grep -q '"UP"'; }
serial() { openssl s_client -connect "127.0.0.1:$1" -servername $domain </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null; }
issued() { [ "$(acme_issued)" -ge "$1" ]; }
served() { [ "$(serial $shared)" != "$1" ] && [ "$(serial $rtmps)" != "$1" ] && [ -n "$(serial $shared)" ]; }
failed() { grep -ciE 'no (new )?certificate for' "$work/site.log" || true; }
failing() { [ "$(failed)" -gt "$1" ]; }
all_there() { grep -qx watching "$work/watching.log"; }
alive() { kill -0 "$watching" 2>/dev/null || fail "the viewers ended"; }

acme_begin "$work/acme" "$plain" "$shared" "$life"
said "the site starts"
"$java" -jar "$jar" --server.port="$web" --millrace.http.port=$((first + 4)) --millrace.rtmp.port=$((first + 5)) --millrace.rtsp.port=0 \
  --millrace.srt.port=0 --millrace.https.domain=$domain --millrace.https.port="$shared" --millrace.https.redirect-port="$plain" \
  --millrace.tls.rtmp-port="$rtmps" --millrace.tls.http-port=0 --millrace.tls.rtsp-port=0 --millrace.https.terms-agreed=true \
  --millrace.https.directory=https://localhost:14000/dir --millrace.https.directory-ca="$work/acme/ca.pem" --millrace.data-dir="$work/data" \
  --logging.level.live.millrace.platform.https=debug \
  >"$work/site.log" 2>&1 &
site=$!
waits 600 "the site is ready" healthy
: >"$work/cookies"
setup=$(sed -n 's,.*\(/setup/[0-9a-f]*\).*,\1,p' "$work/site.log" | head -1)
page "$setup"
page "$setup" --data-urlencode "_csrf=$(token)" -d username=plover -d email=plover@example.org --data-urlencode 'password=three quiet herons'
page '/studio/connect?new'
page /studio/keys --data-urlencode "_csrf=$(token)" -d name=desk
page '/studio/connect?made'
key=$(grep -o 'mr_[a-z2-7]\{34\}' "$work/page" | head -1)
[ -n "$key" ] || fail "there is no key"
# As it is called where it is encrypted.
cookie=$(awk '$6 == "SESSION" { print "__Host-SESSION=" $7 }' "$work/cookies")
waits 120 "the first certificate" issued 1
said "there is a certificate; a stream by RTMPS"
ffmpeg -nostdin -v error -re -f lavfi -i testsrc2=s=320x180:r=10 -f lavfi -i sine=f=440:b=2:r=16000 -c:v libx264 -preset ultrafast -tune zerolatency \
  -g 20 -b:v 80k -pix_fmt yuv420p -c:a aac -b:a 32k -f flv "rtmps://127.0.0.1:$rtmps/live/$key" >"$work/ffmpeg.log" 2>&1 &
publisher=$!
waits 60 "the stream is there" curl -skfo /dev/null "https://127.0.0.1:$shared/live/plover.m3u8"
node "$here/viewers.mjs" $domain "$shared" "$rtmps" plover "$viewers" "$cookie" >"$work/watching.log" 2>&1 &
watching=$!
waits 300 "all viewers" all_there
said "$viewers viewers of each kind; RSS $(awk '/^VmRSS/ { print int($2 / 1024) " MB" }' /proc/$site/status)"

renewals=0
# What was served before; a renewal may be over before somebody waits for it.
serving=$(serial $shared)
# Those of the time before all were there do not count.
before_all=$(acme_issued)
# renewed WHAT: another certificate is issued and served on both ports.
renewed() {
  waits $((life * 2)) "$1" issued $((before_all + renewals + 1))
  waits 60 "$1: it is served" served "$serving"
  serving=$(serial $shared)
  renewals=$((renewals + 1))
  alive
  said "renewal $renewals: $1"
}

renewed "30 % of the nonces refused"

failures=$(failed)
acme_lead ''
waits $((life * 2)) "a refusal" failing "$failures"
said "refused: $(grep -iE 'no (new )?certificate for' "$work/site.log" | tail -1 | cut -c1-250)"
acme_lead 127.0.0.1
renewed "after the domain had led nowhere"

failures=$(failed)
acme_close
waits $((life * 2)) "a failure" failing "$failures"
said "away: $(grep -iE 'no (new )?certificate for' "$work/site.log" | tail -1 | cut -c1-250)"
acme_open 15
# Whoever runs the site is told that they may try now; the first of these tries finds out that nobody is known there any more.
waits $((life * 2)) "somebody tries" tried
waits $((life * 2)) "somebody tries again" tried
renewed "after the directory had been away, by one that is slow and has forgotten everybody"

waits 10 "the publisher is there" kill -0 "$publisher"
kill "$watching"
code=0
wait "$watching" || code=$?
watching=
said "$((renewals)) renewals"
sed 1d "$work/watching.log"
[ $code -eq 0 ] || fail "something was missing"
said "all well"
