import type { ChainCheck, ChainFault } from '@/server/services/audit/verify'

const FAULTS: Record<ChainFault, (seq: number) => string> = {
  changed: (seq) => `Row ${seq} says something else than when it was written.`,
  missing: (seq) => `Rows before row ${seq} are missing.`,
  unlinked: (seq) => `The row before row ${seq} is not the one that stood there.`,
  unchained: () => 'A row was put in past the chain: it has no place in it.',
  cut: (seq) => `Rows from ${seq} on are missing at the end.`,
}

/** What a check of the audit chain came to. Pure. */
export function chainWords({ checked, broken }: ChainCheck): { isWhole: boolean; text: string } {
  const rows = checked === 1 ? 'One row' : `${checked.toLocaleString('en-GB')} rows`
  if (broken === null)
    return { isWhole: true, text: checked === 0 ? 'There is no row yet.' : `${rows} checked, the chain is whole.` }
  const rest = checked === 0 ? '' : ` The ${checked === 1 ? 'row' : rows} before ${checked === 1 ? 'is' : 'are'} whole.`
  return { isWhole: false, text: `${FAULTS[broken.fault](broken.seq)}${broken.fault === 'unchained' ? '' : rest}` }
}
