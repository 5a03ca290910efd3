import type { PublicStatusPage } from '@/server/services/status-pages/get-public'

/** `attack`: there, and not yet known to be harmless. `mitigated`: there, and players are fine. */
export type PublicState = 'clean' | 'attack' | 'mitigated'

export const PUBLIC_WORDS: Record<PublicState, string> = {
  clean: 'running normally',
  mitigated: 'attack held off',
  attack: 'under attack',
}

type Incident = PublicStatusPage['incidents'][number]

export const isOver = (incident: Incident): boolean => incident.resolvedMs !== null

/** Worst of the open incidents that touch a component. */
export function componentState({ incidents }: Pick<PublicStatusPage, 'incidents'>, name: string): PublicState {
  const open = incidents.filter((incident) => !isOver(incident) && incident.components.includes(name))
  if (open.length === 0) return 'clean'
  return open.every(({ state }) => state === 'mitigated' || state === 'ending') ? 'mitigated' : 'attack'
}

export type Answer = { state: PublicState; headline: string; detail: string }

/** The one sentence people come for, and what it means for them. */
export function answer(page: Pick<PublicStatusPage, 'components' | 'incidents'>): Answer {
  const marked = page.components.map(({ name }) => ({ name, state: componentState(page, name) }))
  const state =
    (['attack', 'mitigated'] as const).find((worst) => marked.some((component) => component.state === worst)) ?? 'clean'
  const names = marked.filter((component) => component.state === state).map(({ name }) => name)
  const who = listed(names, marked.length)
  if (state === 'attack') {
    const isDropped = page.incidents.some((incident) => !isOver(incident) && incident.state === 'mitigating')
    const detail = isDropped
      ? 'The attack traffic is being dropped. This page says so as soon as play is known to be unaffected.'
      : 'The attack has been seen and is being looked at. Play may be affected.'
    return { state, headline: `${who} ${names.length === 1 ? 'is' : 'are'} under attack`, detail }
  }
  if (state === 'mitigated') {
    return {
      state,
      headline: `An attack on ${who} is held off`,
      detail: 'The attack goes on, its traffic is dropped, and play is not affected.',
    }
  }
  if (marked.length === 0)
    return {
      state,
      headline: 'Nothing is listed here yet',
      detail: 'Services appear here once they are put on this page.',
    }
  return { state, headline: 'Everything is running normally', detail: 'No attack is going on.' }
}

function listed(names: string[], all: number): string {
  const [first = '', second = ''] = names
  if (names.length === 1) return first
  if (names.length === 2) return `${first} and ${second}`
  return names.length === all ? `all ${all} services` : `${names.length} of ${all} services`
}
