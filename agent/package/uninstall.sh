#!/bin/sh
# Removes the agent from this server: process, unit, program, nftables tables. Its key, spool and evidence stay unless --purge is given.
#   sh uninstall.sh [--brand NAME] [--purge]
set -eu
main() {
  brand=tidegate purge=no
  while [ $# -gt 0 ]; do
    case "$1" in
      --brand) brand=$2; shift ;;
      --purge) purge=yes ;;
      *) echo "There is no option $1. Known: --brand --purge." >&2; exit 1 ;;
    esac
    shift
  done
  case "$brand" in '' | *[!a-z0-9]*) echo "--brand takes small letters and digits." >&2; exit 1 ;; esac
  [ "$(id -u)" = 0 ] || { echo "This needs root." >&2; exit 1; }

  if [ -d /run/systemd/system ]; then systemctl disable --now --quiet "$brand-agent" 2>/dev/null || true; fi
  rm -f "/etc/systemd/system/$brand-agent.service"
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
  # Started by another supervisor or by hand: the status file names the process, its title says that it is still ours.
  pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "/var/lib/$brand/status.json" 2>/dev/null || true)
  if [ -n "$pid" ] && grep -q "^$brand-agent" "/proc/$pid/cmdline" 2>/dev/null; then
    kill "$pid" 2>/dev/null || true
    tries=0
    while [ -e "/proc/$pid" ] && [ "$tries" -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  for table in cut verified sense; do nft delete table inet "${brand}_$table" 2>/dev/null || true; done
  rm -rf "/usr/local/bin/$brand" "/usr/local/lib/$brand"
  if [ "$purge" = yes ]; then
    rm -rf "/var/lib/$brand"
    echo "The agent is removed, with its key and evidence. Archive the node on the platform as well."
  else
    echo "The agent is removed. Its key and evidence stay in /var/lib/$brand; archive the node on the platform as well."
  fi
}
main "$@"
