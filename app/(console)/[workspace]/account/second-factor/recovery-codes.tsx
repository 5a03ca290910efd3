'use client'
import { Button } from '@/app/_ui/button'

type Props = { codes: string[]; account: string; onDone: () => void }

/** Shown once: kept as hashes, nobody can show them again. */
export function RecoveryCodes({ codes, account, onDone }: Props) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([textOf(codes, account)], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <p className="text-soft">
        Without your phone, one of these signs you in instead, each once. They are shown this once: keep them where you
        keep your passwords, or print them.
      </p>
      <ol
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-8 gap-y-1 rounded-md border border-line p-4 sm:w-fit"
      >
        {codes.map((code) => (
          <li key={code} className="figures font-mono text-md">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <Button onClick={download}>Download them</Button>
        <Button kind="primary" onClick={onDone}>
          I kept them
        </Button>
      </div>
    </div>
  )
}

const textOf = (codes: string[], account: string): string =>
  [
    `Recovery codes of ${account}, made ${new Date().toISOString().slice(0, 10)}. Each is good once.`,
    '',
    ...codes,
    '',
  ].join('\n')
