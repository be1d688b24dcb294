#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Goes the way of somebody with a bare Debian and a domain: installs the package of an older version, sets the site up in a browser, is on HTTPS
# and on air, writes a comment, saves, upgrades, and goes back. Prints how long each step took, and keeps pictures of what the browser showed.
# As root on Debian or Ubuntu, with debootstrap, curl, openssl, ffmpeg, pebble, Chromium, what the front end's tests need (`npm ci` in
# frontend) and, if they are there, OBS and Xvfb. Ports are those of an installation, in a network of its own.
#
#   distribution/test/person.sh [COMMIT]               the older version; the commit before if none is named. Both are built: many minutes
#   distribution/test/person.sh OLD.deb NEW.deb        two that are built already
#
# FOLDER=… keeps the pictures there.
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
house=$(CDPATH='' cd -- "$here/../.." && pwd)
domain=live.example.org
text='one file, five minutes'

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# ---- outside: two packages and a Debian ------------------------------------------------------------------------------

if [ "${1:-}" != inside ]; then
  folder=${FOLDER:-$(mktemp -d)}
  work=$(mktemp -d)
  mkdir -p "$folder"
  end() {
    [ ! -e "$work/site.log" ] || cp "$work/site.log" "$folder"
    umount "$work/root/proc" 2>/dev/null || true
    ! mount | grep -q " $work/root" || { echo "something is mounted in $work/root: it stays" >&2; return; }
    [ ! -e "$work/source" ] || git -C "$house" worktree remove --force "$work/source"
    rm -rf "$work"
  }
  trap end EXIT
  trap 'exit 1' INT TERM
  package() { ls "$1"/distribution/target/dist/*_amd64.deb "$1"/distribution/target/dist/*_"$(dpkg --print-architecture)".deb 2>/dev/null | head -1; }
  case ${1:-} in
    *.deb)
      old=$1
      new=$2
      ;;
    *)
      git -C "$house" worktree add --detach "$work/source" "${1:-HEAD~1}" >/dev/null 2>&1 || fail "${1:-HEAD~1} is no commit"
      for each in "$work/source" "$house"; do (cd "$each" && ./mvnw -B -q -Pdist package -DskipTests) || fail "$each cannot be built"; done
      old=$(package "$work/source")
      new=$(package "$house")
      ;;
  esac
  echo "$(date +%T) a Debian without anything"
  debootstrap --variant=minbase --include=adduser bookworm "$work/root" >"$work/log" || fail "no Debian: $(tail -3 "$work/log")"
  chmod 755 "$work" "$work/root"
  for absent in java node ffmpeg; do [ ! -e "$work/root/usr/bin/$absent" ] || fail "$absent is in the root"; done
  cp "$new" "$work/root/tmp/newer.deb"
  # Of two builds of one version, the older one has the lower number.
  dpkg-deb -R "$old" "$work/older"
  sed -i "s/^Version: .*/&~before/" "$work/older/DEBIAN/control"
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/older" "$work/root/tmp/older.deb" >/dev/null
  rm -rf "$work/older"
  unshare --mount --net --pid --fork --kill-child --mount-proc "$0" inside "$work" "$folder"
  echo "pictures: $folder"
  exit 0
fi

# ---- inside: a machine of its own ------------------------------------------------------------------------------------

work=$2
folder=$3
root=$work/root
. "$here/acme.sh"
starter='' publisher=''
end() {
  for each in "$publisher" "$starter"; do [ -z "$each" ] || kill "$each" 2>/dev/null || true; done
  acme_end
}
trap end EXIT
trap 'exit 1' INT TERM
ip link set lo up
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
echo "127.0.0.1 localhost $domain" | tee "$root/etc/hosts" >"$work/hosts"
mount --bind "$work/hosts" /etc/hosts

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_millrace() { inside runuser -u millrace -- "$@"; }
install() { inside apt-get install -qq --no-install-recommends --allow-downgrades "$1" >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "$1 is not installed"; }; }
browser() { node "$here/person.mjs" "$folder" "$@"; }

table=$work/table
: >"$table"
last=$(date +%s%3N)
# done WHAT: since the last one.
step() {
  now=$(date +%s%3N)
  printf '| %s | %d.%d s |\n' "$1" $(((now - last) / 1000)) $(((now - last) / 100 % 10)) | tee -a "$table"
  last=$(date +%s%3N)
}

# waits SECONDS WHAT COMMAND…
waits() {
  limit=$(($(date +%s) + $1))
  what=$2
  shift 2
  until "$@"; do
    [ "$(date +%s)" -lt $limit ] || { tail -20 "$work/site.log"; fail "$what: not within its time"; }
    sleep 0.2
  done
}

healthy() { kill -0 "$starter" 2>/dev/null && curl -sf http://127.0.0.1:8080/actuator/health | grep -q '"UP"'; }

# The unit's command, as its user, in its folder, with the only right that it has.
begin() {
  command=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/millrace.service")
  # shellcheck disable=SC2086
  inside sh -c 'cd /var/lib/millrace && exec setpriv --reuid millrace --regid millrace --clear-groups --inh-caps -all,+net_bind_service \
    --ambient-caps -all,+net_bind_service --bounding-set -all,+net_bind_service --no-new-privs "$@"' sh $command >>"$work/site.log" 2>&1 &
  starter=$!
  waits 300 "the site is ready" healthy
}

finish() {
  kill "$(pgrep -f '^[^ ]*/usr/lib/millrace/runtime/bin/java ' | head -1)"
  code=0
  wait "$starter" || code=$?
  [ $code -eq 143 ] || fail "the site ended with $code"
  starter=
}

on_https() { curl -sf --cacert "$folder/root.pem" -o /dev/null "https://$domain/login"; }
on_air() { curl -sf --cacert "$folder/root.pem" -o /dev/null "https://$domain/live/plover.m3u8"; }

publish() {
  if command -v obs >/dev/null && command -v Xvfb >/dev/null; then
    "$here/obs.sh" "$work/obs" "$server" "$key" &
  else
    ffmpeg -nostdin -v error -re -f lavfi -i testsrc2=s=640x360:r=30 -f lavfi -i sine=f=440:b=2:r=48000 -c:v libx264 -preset ultrafast -g 60 \
      -pix_fmt yuv420p -c:a aac -f flv "$server/$key" &
  fi
  publisher=$!
  waits 180 "it is on air" on_air
}

silent() {
  kill "$publisher"
  wait "$publisher" 2>/dev/null || true
  publisher=
}

acme_begin "$work/acme" 80 443 7776000
acme_root >"$folder/root.pem"
curl -sf --cacert "$acme/ca.pem" https://localhost:15000/intermediates/0 >"$folder/issuer.pem"
# OBS believes those that the system believes.
cp -rL /etc/ssl/certs "$work/certs"
cp "$folder/root.pem" "$work/certs/millrace-test.pem"
mount --bind "$work/certs" /etc/ssl/certs

last=$(date +%s%3N)
install /tmp/older.deb
step "install the older package"
cp "$work/acme/ca.pem" "$root/etc/millrace/directory.pem"
chmod 644 "$root/etc/millrace/directory.pem"
cat >>"$root/etc/millrace/millrace.yml" <<END
  https:
    port: 443
    directory: https://localhost:14000/dir
    directory-ca: /etc/millrace/directory.pem
END
begin
step "first start, by the service's command"
browser setup "http://$domain:8080$(sed -n 's,.*\(/setup/[0-9a-f]*\).*,\1,p' "$work/site.log" | head -1)"
step "set up in the browser"
browser https $domain
waits 120 "HTTPS" on_https
step "the domain, the terms, and a certificate"
made=$(browser key)
server=${made% *}
key=${made#* }
case $server in
  rtmps://*) ;;
  *) server=rtmps://$domain:1936/live ;;
esac
step "a stream key"
publish
step "on air by RTMPS, with $(command -v obs >/dev/null && command -v Xvfb >/dev/null && echo OBS || echo FFmpeg)"
browser watch "$text"
step "watched over HTTP/2, and a comment"
as_millrace millrace backup --to /var/lib/millrace/by-hand.zip >"$work/backup.log" 2>&1 || { cat "$work/backup.log"; fail "no backup"; }
step "a backup, on air"
silent
finish
install /tmp/newer.deb
begin
step "upgrade to the newer package, until it is ready"
publish
browser again "$text"
step "on air and watched again; the comment is there"
silent
finish
install /tmp/older.deb
begin
step "back to the older package, until it is ready"
publish
browser again "$text"
step "on air and watched again; the comment is there"
silent
finish
! grep -E ' ERROR |LEAK' "$work/site.log" || fail "the log has errors"
echo
echo "| step | took |"
echo "|---|---|"
cat "$table"
