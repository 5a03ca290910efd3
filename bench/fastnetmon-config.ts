/** What the peer is told, and what it answers. Pure. */

export type Folder = { directory: string; interfaceName: string; networks: readonly string[] }

export const THRESHOLD_PPS = 50_000

export const filesOf = (directory: string) => ({
  configuration: `${directory}/fastnetmon.conf`,
  networks: `${directory}/networks`,
  whitelist: `${directory}/whitelist`,
  script: `${directory}/ban.sh`,
  bans: `${directory}/bans.log`,
  log: `${directory}/fastnetmon.log`,
})

/** The package's own configuration with these keys set; a key it does not have would be a silent no-op, so it throws. */
export function renderConfiguration(shipped: string, { directory, interfaceName }: Folder): string {
  const files = filesOf(directory)
  const wanted: Record<string, string> = {
    mirror_afpacket: 'on',
    interfaces: interfaceName,
    threshold_pps: String(THRESHOLD_PPS),
    disable_usage_report: 'on',
    networks_list_path: files.networks,
    white_list_path: files.whitelist,
    notify_script_path: files.script,
    pid_path: `${directory}/fastnetmon.pid`,
    cli_stats_file_path: `${directory}/stats.dat`,
    cli_stats_ipv6_file_path: `${directory}/stats6.dat`,
  }
  return Object.entries(wanted).reduce((text, [key, value]) => {
    const line = new RegExp(`^${key} *=.*$`, 'm')
    if (!line.test(text)) throw new Error(`fastnetmon.conf of this package has no key ${key}`)
    return text.replace(line, `${key} = ${value}`)
  }, shipped)
}

/** Run by the peer at a ban: the shell's own clock, so that no process is started before the time is taken. */
export const banScript = (bans: string): string => `#!/bin/bash
printf '%s %s %s\\n' "$EPOCHREALTIME" "$4" "$1" >> ${bans}
cat > /dev/null
`

export type Ban = { atUs: number; action: string; address: string }

/** Lines of the ban script: time, action, address. */
export function parseBans(text: string): Ban[] {
  return [...text.matchAll(/^(\d+)[.,](\d{6}) (\S+) (\S+)$/gm)].map(([, seconds, micros, action, address]) => ({
    atUs: Number(seconds) * 1e6 + Number(micros),
    action: action as string,
    address: address as string,
  }))
}
