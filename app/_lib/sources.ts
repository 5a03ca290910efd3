import { percent, wholeNumber } from './figures'

type Totals = {
  packets: number
  addresses: number
  knownPackets: number
  knownAddresses: number
  windows: number
  kernelDrops: number | null
  isCut: boolean
}

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

export const countryName = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code)

/** "12.4 %", and "< 0.1 %" rather than nothing. */
export function shareOfPackets(packets: number, { packets: all }: Pick<Totals, 'packets'>): string {
  const share = all === 0 ? 0 : packets / all
  return share > 0 && share < 0.001 ? '< 0.1 %' : percent(share, 1)
}

/** What the shares are of, and what they cannot say. Pure. */
export function sourceCaveats(totals: Totals): string[] {
  const { packets, addresses, knownPackets, knownAddresses, windows, kernelDrops, isCut } = totals
  const stretches = windows === 1 ? 'one recorded stretch' : `${wholeNumber(windows)} recorded stretches`
  const drops =
    kernelDrops === null
      ? 'how many more the recorder missed is not known'
      : kernelDrops === 0
        ? 'the recorder missed none in them'
        : `the recorder missed ${wholeNumber(kernelDrops)} more in them`
  return [
    `Shares of ${wholeNumber(packets)} packets from ${wholeNumber(addresses)} addresses in ${stretches} of the attack; ${drops}. Between the stretches nothing was recorded.`,
    ...(isCut ? ['The bundle holds more packets than are read here.'] : []),
    ...(knownPackets === 0
      ? []
      : [
          `${wholeNumber(knownPackets)} packets from ${wholeNumber(knownAddresses)} addresses that already spoke with the server before the attack are left out: most likely players.`,
        ]),
    'Source addresses can be forged, and those of a reflection are the reflectors, not the attacker. Tables say who registered an address, not where a machine stands or who used it.',
  ]
}
