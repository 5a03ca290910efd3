'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { faultOf, publicCalls } from '../../../(auth)/_door/public-data'

/** The press that opens the guide. What the link became meanwhile, the page says. */
export function OpenButton({ token }: { token: string }) {
  const router = useRouter()
  const [error, setError] = useState<string | null>(null)
  const [isPending, setPending] = useState(false)
  const open = async () => {
    setPending(true)
    setError(null)
    await publicCalls.site.openGuide.mutate({ token }).then(
      () => router.refresh(),
      (fault: unknown) => {
        setError(faultOf(fault).text)
        setPending(false)
      },
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <Button kind="primary" onClick={() => void open()} disabled={isPending} className="h-11 w-fit px-5 text-md">
        Open the guide
      </Button>
      <p role="alert" className="min-h-5 text-attack">
        {error}
      </p>
    </div>
  )
}
