#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what `./mvnw -Pdist package` made into a Debian without anything, runs it, upgrades, removes and purges it, and does the same with
# the archive as an ordinary user. As root, on Debian or Ubuntu with debootstrap and curl; some minutes. Ports 8780 to 8786, unless MILLRACE_TEST_PORT
# says where else they begin.
#
#   distribution/test/installs.sh [ROOT]     ROOT: a root made before by debootstrap --variant=minbase; it is changed
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")/.." && pwd)
dist=$here/target/dist
root=${1:-}
first=${MILLRACE_TEST_PORT:-8780}
web=$first
made=

if [ -z "$root" ]; then
  root=$(mktemp -d)
  # As the root of a file system: not for one user alone.
  chmod 755 "$root"
  made=yes
fi

site=
end() {
  [ -z "$site" ] || kill "$site" 2>/dev/null || true
  umount "$root/proc" "$root" 2>/dev/null || true
  [ -z "$made" ] || rm -rf "$root" "$root.log"
}
trap end EXIT

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_millrace() { inside runuser -u millrace -- "$@"; }
# What comes now, and how long what was before it took.
last=$(date +%s%3N)
said() {
  now=$(date +%s%3N)
  echo "$(date +%T) $(printf '%4d.%d s' $(((now - last) / 1000)) $(((now - last) / 100 % 10))) | $*"
  last=$now
}
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Runs a command in the background until the site answers that it is well; $waited is how long that took, in milliseconds.
begin() {
  begun=$(date +%s%3N)
  "$@" >"$root/tmp/site.log" 2>&1 &
  starter=$!
  until curl -sf "http://127.0.0.1:$web/actuator/health" | grep -q '"UP"'; do
    kill -0 "$starter" 2>/dev/null || { cat "$root/tmp/site.log"; fail "the site ended"; }
    [ $(($(date +%s%3N) - begun)) -lt 300000 ] || { cat "$root/tmp/site.log"; fail "the site is not ready"; }
    sleep 0.1
  done
  waited=$(($(date +%s%3N) - begun))
  site=$(pgrep -f "^[^ ]*/runtime/bin/java .*--server.port=$web" | head -1)
  [ -n "$site" ] || fail "no process runs the Java of the package"
}

finish() {
  kill "$site"
  wait "$starter" || code=$?
  [ "${code:-0}" -eq 143 ] || fail "the site ended with ${code:-0}"
  site=
}

resident() { awk '/^VmRSS/ { print int($2 / 1024) " MB" }' "/proc/$site/status"; }
cached() { grep -q "app/millrace.aot" "/proc/$site/maps"; }

(cd "$dist" && sha256sum -c --quiet SHA256SUMS)
if [ -n "$made" ]; then
  said "a Debian"
  debootstrap --variant=minbase bookworm "$root" >"$root.log"
fi
# As on a machine, the root is a file system.
mountpoint -q "$root" || mount --bind "$root" "$root"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
for absent in java node ffmpeg; do
  ! inside sh -c "command -v $absent" >/dev/null || fail "$absent is in the root"
done

deb=$(ls "$dist"/*.deb)
cp "$deb" "$root/tmp/millrace.deb"
said "an older package: this one, under an older number"
dpkg-deb -R "$deb" "$root/tmp/older"
sed -i 's/^Version: .*/Version: 0.0.1/' "$root/tmp/older/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$root/tmp/older" "$root/tmp/older.deb" >/dev/null
rm -rf "$root/tmp/older"
said "what Debian has not: adduser"
inside sh -c 'command -v adduser >/dev/null || { apt-get update -q && apt-get install -yq --no-install-recommends adduser; }' >/dev/null 2>&1
settings="--server.port=$web --millrace.http.port=$((first + 1)) --millrace.rtmp.port=$((first + 2)) --millrace.rtsp.port=$((first + 3)) --millrace.srt.port=$((first + 6)) --millrace.webrtc.port=$((first + 7))"

installed() { inside dpkg-query -W -f '${Version}' millrace; }

said "install the older one"
inside dpkg -i /tmp/older.deb >/dev/null
[ "$(installed)" = 0.0.1 ] || fail "the older one is not installed"
inside stat -c '%U:%G %a' /etc/millrace/millrace.yml | grep -qx 'root:millrace 640' || fail "rights of the settings"
inside stat -c '%U:%G %a' /var/lib/millrace | grep -qx 'millrace:millrace 750' || fail "rights of the data"
inside millrace version
inside millrace --help | grep -q '^Usage' || fail "help"
if inside millrace nonsense 2>/dev/null; then fail "an unknown word is taken"; else [ $? -eq 2 ] || fail "an unknown word ends with another code"; fi
if inside runuser -u nobody -- millrace run 2>"$root/tmp/refused"; then fail "nobody may read the settings"; fi
grep -q 'runuser -u millrace' "$root/tmp/refused" || fail "a refusal without advice"

said "first start"
# shellcheck disable=SC2086
begin as_millrace millrace run $settings
said "ready after $waited ms, the first time; $(resident); doctor"
cached || fail "the ahead-of-time cache is not used"
tr '\0' ' ' <"/proc/$site/cmdline" | grep -q -- '-Dspring.aot.enabled=true' || fail "the beans are looked for"
[ "$(stat -c %U "/proc/$site")" != root ] || fail "it runs as root"
[ -d "$root/var/lib/millrace/postgres" ] || fail "no database in the data directory"
[ ! -e "$root/var/lib/millrace/program" ] || fail "something was unpacked"
# shellcheck disable=SC2086
as_millrace millrace doctor $settings || said "doctor ends with $?"
said "backup and trial"
as_millrace millrace backup --to /var/lib/millrace/a.zip
as_millrace millrace restore --from /var/lib/millrace/a.zip --check
finish

said "upgrade"
inside dpkg -i /tmp/millrace.deb >/dev/null
[ "$(installed)" != 0.0.1 ] || fail "the newer one is not installed"
[ -e "$root/var/lib/millrace/a.zip" ] || fail "an upgrade takes data"
said "second start"
# shellcheck disable=SC2086
begin as_millrace millrace run $settings
said "ready after $waited ms, the second time; $(resident)"
cached || fail "the ahead-of-time cache is not used after an upgrade"
finish
said "back to the older one"
inside dpkg -i /tmp/older.deb >/dev/null 2>&1
[ "$(installed)" = 0.0.1 ] || fail "there is no way back"
# shellcheck disable=SC2086
begin as_millrace millrace run $settings
said "ready after $waited ms, the older one again; $(resident)"
finish
said "upgrade again"
inside dpkg -i /tmp/millrace.deb >/dev/null
said "remove"
inside dpkg -r millrace >/dev/null
[ ! -e "$root/usr/lib/millrace" ] || fail "files stay: $(find "$root/usr/lib/millrace")"
[ -e "$root/etc/millrace/millrace.yml" ] || fail "a removal takes the settings"
said "purge"
inside dpkg -P millrace 2>&1 | grep -q 'rm -r /var/lib/millrace' || fail "a purge does not say what stays"
[ -e "$root/var/lib/millrace/a.zip" ] || fail "a purge takes data that nobody agreed to"
[ ! -e "$root/etc/millrace" ] || fail "a purge leaves the settings"

said "purge with a yes"
inside dpkg -i /tmp/millrace.deb >/dev/null
echo 'millrace millrace/purge-data boolean true' | inside debconf-set-selections
inside dpkg -P millrace >/dev/null
[ ! -e "$root/var/lib/millrace" ] || fail "a purge leaves the data"

said "archive"
inside useradd --create-home somebody 2>/dev/null || true
rm -rf "$root/home/somebody/"*
cp "$dist"/millrace-*-linux-*.tar.gz "$root/home/somebody/millrace.tar.gz"
said "unpack"
inside runuser -u somebody -- sh -c 'cd && tar -xzf millrace.tar.gz && rm millrace.tar.gz && ln -s "$(ls -d "$PWD"/millrace-*/bin/millrace)" m && mkdir here'
# shellcheck disable=SC2086
begin inside runuser -u somebody -- sh -c 'cd ~/here && exec ../m run "$@"' m $settings
said "ready after $waited ms, as an ordinary user; $(resident)"
cached || fail "the ahead-of-time cache is not used"
[ -d "$root/home/somebody/here/data" ] || fail "no data where it was started"
finish
said "all well"
