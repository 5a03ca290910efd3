#!/bin/sh
# Puts the agent on this server, enrols it and starts it. Run again it repairs or upgrades what stands; nothing is compiled.
#   sh install.sh --gateway URL --token TOKEN [--brand NAME] [--no-start]
#   sh install.sh --gateway URL                upgrades the agent of an enrolled server
#   sh install.sh --uninstall [--purge]        removes it; --purge removes its key and evidence as well
set -eu

# Archives of this release, as the build wrote them: system, SHA-256.
ARCHIVES='@ARCHIVES@'

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

read_options() {
  brand=tidegate gateway='' token='' action=install purge='' start=yes
  while [ $# -gt 0 ]; do
    case "$1" in
      --uninstall) action=uninstall ;;
      --purge) purge=--purge ;;
      --no-start) start=no ;;
      --gateway | --token | --brand)
        [ $# -ge 2 ] || fail "$1 wants a value."
        case "$1" in --gateway) gateway=${2%/} ;; --token) token=$2 ;; *) brand=$2 ;; esac
        shift ;;
      *) fail "There is no option $1. Known: --gateway --token --brand --no-start --uninstall --purge." ;;
    esac
    shift
  done
  case "$brand" in '' | [!a-z]* | *[!a-z0-9]*) fail "--brand takes small letters and digits, a letter first." ;; esac
  home=/usr/local/lib/$brand
  agent=/usr/local/bin/$brand
  unit=/etc/systemd/system/$brand-agent.service
}

check_system() {
  [ "$(id -u)" = 0 ] || fail "This needs root: the agent changes the firewall. Run the line again as root, e.g. with sudo."
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') system=linux-x64 ;;
    'Linux aarch64' | 'Linux arm64') system=linux-arm64 ;;
    *) fail "The agent runs on Linux on x86-64 and arm64; this is $(uname -s) on $(uname -m)." ;;
  esac
  hash=$(printf '%s\n' "$ARCHIVES" | while read -r one sha; do if [ "$one" = "$system" ]; then printf %s "$sha"; fi; done)
  [ -n "$hash" ] || fail "This platform has no agent for $system. It serves: $(printf '%s\n' "$ARCHIVES" | cut -d' ' -f1 | tr '\n' ' ')"
  has sha256sum && has tar && has gzip || fail "sha256sum, tar and gzip are needed. Install coreutils, tar and gzip."
}

# tcpdump brings libpcap with it, which the agent's capture needs as well.
install_packages() {
  missing=''
  has nft || missing='nftables'
  has tcpdump || missing="$missing tcpdump"
  missing=${missing# }
  [ -n "$missing" ] || return 0
  say "Installing $missing."
  if has apt-get; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >&2 || true
  elif has dnf; then dnf install -y -q $missing >&2 || true
  elif has yum; then yum install -y -q $missing >&2 || true
  fi
  has nft && has tcpdump || fail "These packages are missing and could not be installed: $missing. Install them, then run the line again."
}

fetch() {
  if has curl; then curl -fsSL --retry 3 -o "$2" "$1"
  elif has wget; then wget -q -O "$2" "$1"
  else fail "curl or wget is needed to fetch the agent. Install one, then run the line again."
  fi
}

# A folder a release, named by its hash and moved into place whole: what stands is complete.
unpack() {
  short=$(printf %.12s "$hash")
  folder=$home/$short
  changed=no
  if [ ! -d "$folder" ]; then
    part=$home/$short.part
    rm -rf "$part"
    mkdir -p "$part"
    fetch "$gateway/gateway/agent/agent-$system-$short.tar.gz" "$part.tar.gz" ||
      fail "The agent could not be fetched from $gateway. Check the address and that this server may connect to it; nothing was changed."
    printf '%s  %s\n' "$hash" "$part.tar.gz" | sha256sum -c - >/dev/null 2>&1 ||
      fail "The agent that $gateway sent is not the one of this installer (its SHA-256 differs): it was damaged or replaced on its way. Nothing was changed."
    tar -xzf "$part.tar.gz" -C "$part" --no-same-owner
    rm -f "$part.tar.gz"
    check_release "$part"
    mv "$part" "$folder"
    if has restorecon; then restorecon -R "$home" || true; fi
  fi
  if [ "$(readlink "$home/current" 2>/dev/null)" != "$short" ]; then
    ln -sfn "$short" "$home/current.new"
    mv -T "$home/current.new" "$home/current"
    changed=yes
  fi
  for old in "$home"/*; do
    case "${old##*/}" in "$short" | current) ;; *) rm -rf "$old" ;; esac
  done
  put "$agent" 755 "$(printf '#!/bin/sh\nexport LD_LIBRARY_PATH="%s/current/lib" MALLOC_ARENA_MAX=1\nexec "%s/current/node" @NODE_FLAGS@ "%s/current/agent.mjs" --brand "%s" "$@"' "$home" "$home" "$home" "$brand")"
}

check_release() {
  "$1/node" --version >/dev/null 2>&1 ||
    fail "The agent's runtime does not start here: this system's C library is too old (glibc 2.28 is needed). Run the agent from a container."
  addon() { LD_LIBRARY_PATH="$1/lib" "$1/node" -e 'require(process.argv[1])' "$1/cap.node" 2>"$1.error"; }
  mkdir -p "$1/lib"
  if ! addon "$1"; then
    # Red Hat's family gives the same library another name.
    for library in /usr/lib64/libpcap.so.1 /usr/lib/libpcap.so.1; do
      if [ -e "$library" ]; then ln -sf "$library" "$1/lib/libpcap.so.0.8"; fi
    done
    addon "$1" || fail "The capture addon does not load: $(grep -m1 Error "$1.error"). Install libpcap (libpcap0.8), then run the line again."
  fi
  rm -f "$1.error"
}

# put FILE MODE TEXT: writes the file if it differs, whole or not at all.
put() {
  if [ -f "$1" ] && [ "$(cat "$1")" = "$3" ]; then return 0; fi
  printf '%s\n' "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
  changed=yes
}

enrol() {
  if [ -z "$token" ]; then
    [ -f "/var/lib/$brand/agent.json" ] || say "Not enrolled yet: run \"$agent enroll --gateway $gateway --token TOKEN\" with a token from the platform."
    return 0
  fi
  before=$(cat "/var/lib/$brand/agent.json" 2>/dev/null || true)
  "$agent" enroll --gateway "$gateway" --token "$token"
  [ "$before" = "$(cat "/var/lib/$brand/agent.json")" ] || changed=yes
}

start_agent() {
  [ -f "/var/lib/$brand/agent.json" ] || return 0
  "$agent" doctor >"$home/doctor.new" || {
    cat "$home/doctor.new" >&2
    fail "This server cannot be protected yet: see the lines above that begin with fail. Put them right and run the line again."
  }
  grep '^warn' "$home/doctor.new" || true
  rm -f "$home/doctor.new"
  if [ ! -d /run/systemd/system ]; then
    say "There is no systemd here. Have your supervisor start, as root:  $agent run"
    return 0
  fi
  put "$unit" 644 "$(sed "s/tidegate/$brand/g" "$home/current/agent.service")"
  [ "$start" = yes ] || { say "Not started, as you asked. To start it:  systemctl enable --now $brand-agent"; return 0; }
  systemctl daemon-reload
  systemctl enable --quiet "$brand-agent"
  if [ "$changed" = yes ]; then systemctl restart "$brand-agent"; else systemctl start "$brand-agent"; fi
  systemctl is-active --quiet "$brand-agent" || {
    journalctl -u "$brand-agent" -n 20 --no-pager >&2 || true
    fail "The agent did not start: its own words stand above."
  }
  say "The agent runs and starts with the system. See \"$brand status\" and \"$brand doctor\"."
}

# All in functions, called last: of a script cut off on its way nothing runs.
main() {
  read_options "$@"
  if [ "$action" = uninstall ]; then
    [ -f "$home/current/uninstall.sh" ] || fail "There is no agent under $home: nothing to remove."
    exec sh "$home/current/uninstall.sh" --brand "$brand" $purge
  fi
  [ -n "$gateway" ] || fail "--gateway is missing: the address of the platform, e.g. https://security.example.org"
  check_system
  install_packages
  unpack
  enrol
  start_agent
}
main "$@"
