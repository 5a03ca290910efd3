'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useShortcut } from '@/app/_lib/shortcuts'
import { isOver } from '@/app/_lib/states'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { IncidentDetail } from '@/server/trpc/incident-view'

/** The one primary action. Who may not do it sees who did. */
export function Acknowledge({ workspace, incident }: { workspace: string; incident: IncidentDetail }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const toast = useToast()
  const mutation = useMutation(
    trpc.incidents.acknowledge.mutationOptions({
      onSuccess: () =>
        client.invalidateQueries({ queryKey: trpc.incidents.get.queryKey({ workspace, id: incident.id }) }),
      onError: (error) => toast({ title: 'Not acknowledged', text: error.message }),
    }),
  )
  const possible = incident.may.acknowledge && incident.acknowledged === null
  const acknowledge = () => mutation.mutate({ workspace, id: incident.id })
  useShortcut('a', 'Acknowledge this incident', possible ? acknowledge : null)

  if (incident.acknowledged) {
    return (
      <p className="flex min-h-8 shrink-0 items-center gap-2 text-soft">
        <Check aria-hidden="true" size={14} /> Acknowledged
        {incident.acknowledged.by ? ` by ${incident.acknowledged.by}` : ''}, <Time atMs={incident.acknowledged.atMs} />
      </p>
    )
  }
  if (!possible) return <p className="min-h-8 text-faint">Not acknowledged yet. Your role may read, not acknowledge.</p>
  return (
    <div className="flex shrink-0 items-center gap-3" data-noprint>
      {isOver(incident.state) ? null : (
        <span className="page-unacknowledged text-soft">Nobody has acknowledged this</span>
      )}
      <Button kind="primary" onClick={acknowledge} disabled={mutation.isPending}>
        Acknowledge <kbd className="font-mono text-xs opacity-75">A</kbd>
      </Button>
    </div>
  )
}
