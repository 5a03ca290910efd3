/** What `npm run bench -- NAME --json` prints. */
export type Result<Figures> = {
  name: string
  figures: Figures
  /** Whom or what the figures are measured against. */
  peer: string
  ratio: Record<string, number | null>
}
