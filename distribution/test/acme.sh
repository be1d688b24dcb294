# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# An ACME directory for tests, to be sourced: Debian's packages pebble and pebble-challtestsrv on this machine, 30 % of all nonces refused.
# Ports 14000, 15000 and 8053, 8055 of 127.0.0.1, so that one runs at a time; all names lead to 127.0.0.1 until acme_names says otherwise.

# acme_begin FOLDER HTTP_PORT TLS_PORT LIFE: where domains are proved, and the seconds that certificates live.
acme_begin() {
  acme=$1
  mkdir -p "$acme"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost -addext 'subjectAltName=DNS:localhost' \
    -keyout "$acme/key.pem" -out "$acme/ca.pem" 2>/dev/null
  cat >"$acme/config.json" <<END
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
  "certificate": "$acme/ca.pem", "privateKey": "$acme/key.pem", "httpPort": $2, "tlsPort": $3,
  "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": $4}}
END
  pebble-challtestsrv -dns01 127.0.0.1:8053 -management 127.0.0.1:8055 -http01 '' -https01 '' -tlsalpn01 '' -defaultIPv4 127.0.0.1 -defaultIPv6 '' \
    >"$acme/names.log" 2>&1 &
  acme_names=$!
  acme_open
}

# acme_open [SECONDS]: the directory answers, and takes up to so many for a proof; nothing: none.
acme_open() {
  if [ -n "${1:-}" ]; then
    PEBBLE_WFE_NONCEREJECT=30 PEBBLE_AUTHZREUSE=0 PEBBLE_VA_SLEEPTIME=$1 pebble -config "$acme/config.json" -dnsserver 127.0.0.1:8053 >>"$acme/log" 2>&1 &
  else
    PEBBLE_WFE_NONCEREJECT=30 PEBBLE_AUTHZREUSE=0 PEBBLE_VA_NOSLEEP=1 pebble -config "$acme/config.json" -dnsserver 127.0.0.1:8053 >>"$acme/log" 2>&1 &
  fi
  acme_server=$!
  until curl -sfo /dev/null --cacert "$acme/ca.pem" https://localhost:14000/dir; do
    kill -0 "$acme_server" || return 1
    sleep 0.1
  done
}

# It is away.
acme_close() {
  kill "$acme_server"
  wait "$acme_server" 2>/dev/null || true
  acme_server=
}

# acme_lead ADDRESS: where all names lead from now on.
acme_lead() { curl -sf -o /dev/null -d "{\"ip\":\"$1\"}" http://127.0.0.1:8055/set-default-ipv4; }

# What vouches for its certificates: another one at each of its starts.
acme_root() { curl -sf --cacert "$acme/ca.pem" https://localhost:15000/roots/0; }

# How many certificates it has issued.
acme_issued() { grep -c 'Issued certificate serial' "$acme/log" || true; }

acme_end() {
  [ -z "${acme_server:-}" ] || kill "$acme_server" 2>/dev/null || true
  [ -z "${acme_names:-}" ] || kill "$acme_names" 2>/dev/null || true
}
