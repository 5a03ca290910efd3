'use client'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="p-4 sm:p-6 lg:px-8">
      <EmptyState
        title="This page could not be loaded"
        action={
          <Button kind="primary" onClick={reset}>
            Load again
          </Button>
        }
      >
        <p>The platform did not answer as it should. Your nodes go on protecting themselves without it.</p>
        {error.digest ? <p className="font-mono text-sm text-faint">reference {error.digest}</p> : null}
      </EmptyState>
    </div>
  )
}
