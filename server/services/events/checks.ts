import { HOUR_MS, MINUTE_MS } from '../../core/units'

/** `ok` as it should be · `attention` will do, but look at it · `missing` not ready. */
export type CheckState = 'ok' | 'attention' | 'missing'

export const CHECKS = [
  'servers',
  'online',
  'baselines',
  'agents',
  'alerts',
  'evidence',
  'air',
  'clashes',
  'board',
] as const
export type CheckKey = (typeof CHECKS)[number]

export type Check = { key: CheckKey; state: CheckState; words: string; mend: string | null }

export type ReadinessFacts = {
  nodes: {
    name: string
    isEnrolled: boolean
    isOnline: boolean
    agentVersion: string | null
    /** It sent a second lately; and that second had a learned band in it. */
    hasSecond: boolean
    hasBaseline: boolean
  }[]
  /** Newest agent version in the workspace. */
  newestVersion: string | null
  matches: number
  matchesWithoutServers: number
  /** Enabled destinations; `lastOutcome` of the last attempt, null when there never was one. */
  destinations: { name: string; lastOutcome: string | null; lastAtMs: number | null }[]
  /** Bundles of this event's servers: how many were announced and how many of those arrived; the oldest that waits. */
  evidence: { announced: number; uploaded: number; oldestWaitingMs: number | null }
  /** Where the event or anything in it is on air. */
  windows: number
  lastEndMs: number | null
  clashes: number
  boardLinks: { expiresMs: number }[]
  nowMs: number
}

const check = (key: CheckKey, state: CheckState, words: string, mend: string | null = null): Check => ({
  key,
  state,
  words,
  mend,
})

const some = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
const count = (number: number, one: string, more = `${one}s`): string => `${number} ${number === 1 ? one : more}`

/** What an event still needs before it goes on air, each with the way to mend it. Pure. */
export function checksOf(facts: ReadinessFacts): Check[] {
  return [
    servers(facts),
    online(facts),
    baselines(facts),
    agents(facts),
    alerts(facts),
    evidence(facts),
    air(facts),
    clashes(facts),
    board(facts),
  ]
}

function servers({ nodes, matches, matchesWithoutServers }: ReadinessFacts): Check {
  if (nodes.length === 0)
    return check(
      'servers',
      'missing',
      'No server belongs to this event.',
      'Give the event or its matches their servers.',
    )
  const waiting = nodes.filter(({ isEnrolled }) => !isEnrolled).map(({ name }) => name)
  if (waiting.length > 0)
    return check(
      'servers',
      'missing',
      `Not enrolled: ${some(waiting)}.`,
      'Run the enrol line of the fleet page on them.',
    )
  if (matchesWithoutServers > 0)
    return check(
      'servers',
      'attention',
      `${count(matchesWithoutServers, 'match', 'matches')} of ${matches} to come without a server.`,
      'Give them their servers, or a rule that does.',
    )
  return check('servers', 'ok', `${count(nodes.length, 'server')}, all enrolled.`)
}

function online({ nodes }: ReadinessFacts): Check {
  if (nodes.length === 0)
    return check('online', 'missing', 'No server that could report.', 'Give the event its servers.')
  const away = nodes.filter(({ isOnline }) => !isOnline).map(({ name }) => name)
  if (away.length === 0) return check('online', 'ok', 'All servers report.')
  return check(
    'online',
    'missing',
    `Not reporting: ${some(away)}.`,
    'On the server, ask the agent’s doctor command what keeps it from connecting.',
  )
}

function baselines({ nodes }: ReadinessFacts): Check {
  const reporting = nodes.filter(({ hasSecond }) => hasSecond)
  if (reporting.length === 0)
    return check('baselines', 'missing', 'No figures have come lately.', 'Wait until the servers report.')
  const learning = reporting.filter(({ hasBaseline }) => !hasBaseline).map(({ name }) => name)
  if (learning.length > 0)
    return check(
      'baselines',
      'missing',
      `Still learning what is usual: ${some(learning)}.`,
      'Let them run in peace; the first band takes seconds, a good one hours.',
    )
  const silent = nodes.length - reporting.length
  if (silent > 0)
    return check(
      'baselines',
      'attention',
      `Learned on ${reporting.length} of ${nodes.length} servers; the others sent no figures lately.`,
      'Wait until they report.',
    )
  return check('baselines', 'ok', 'What is usual is learned on every server.')
}

function agents({ nodes, newestVersion }: ReadinessFacts): Check {
  const versions = new Set(nodes.flatMap(({ agentVersion }) => agentVersion ?? []))
  if (versions.size === 0)
    return check('agents', 'missing', 'No agent has said its version yet.', 'Connect the servers.')
  const behind = nodes.filter(({ agentVersion }) => agentVersion !== newestVersion).map(({ name }) => name)
  if (behind.length === 0) return check('agents', 'ok', `All run agent ${newestVersion}, the newest in this workspace.`)
  return check(
    'agents',
    'attention',
    `Not on agent ${newestVersion}: ${some(behind)}.`,
    'Run the install line on them again; protection goes on meanwhile.',
  )
}

function alerts({ destinations }: ReadinessFacts): Check {
  if (destinations.length === 0)
    return check(
      'alerts',
      'missing',
      'Nobody would be told: there is no destination for alerts.',
      'Add a destination for alerts.',
    )
  const failing = destinations
    .filter(({ lastOutcome }) => lastOutcome !== null && lastOutcome !== 'delivered')
    .map(({ name }) => name)
  if (failing.length === destinations.length)
    return check(
      'alerts',
      'missing',
      `The last alert did not arrive: ${some(failing)}.`,
      'Look at its deliveries on the last incident and correct the destination.',
    )
  if (failing.length > 0)
    return check(
      'alerts',
      'attention',
      `The last alert did not arrive: ${some(failing)}.`,
      'Look at its deliveries on the last incident and correct the destination.',
    )
  if (destinations.every(({ lastOutcome }) => lastOutcome === null))
    return check(
      'alerts',
      'attention',
      `${count(destinations.length, 'destination')}, never used yet.`,
      'Run a drill: it sends a real alert.',
    )
  return check('alerts', 'ok', `${count(destinations.length, 'destination')}; the last alert arrived.`)
}

const UPLOAD_MS_MAX = HOUR_MS

function evidence({ evidence: { announced, uploaded, oldestWaitingMs }, nowMs }: ReadinessFacts): Check {
  if (announced === 0)
    return check(
      'evidence',
      'attention',
      'These servers never uploaded evidence yet.',
      'Run a drill: its bundle is uploaded like a real one.',
    )
  if (oldestWaitingMs !== null && nowMs - oldestWaitingMs > UPLOAD_MS_MAX)
    return check(
      'evidence',
      'missing',
      `${count(announced - uploaded, 'bundle')} waiting for upload for ${Math.floor((nowMs - oldestWaitingMs) / HOUR_MS)} h.`,
      'See whether the server reaches the platform, and whether the platform’s disk is full.',
    )
  return check('evidence', 'ok', `${count(uploaded, 'bundle')} of ${announced} uploaded.`)
}

function air({ windows, lastEndMs, nowMs }: ReadinessFacts): Check {
  if (windows === 0)
    return check('air', 'missing', 'No time on air is set.', 'Set when the event is on air, or import its calendar.')
  if (lastEndMs !== null && lastEndMs < nowMs)
    return check('air', 'attention', 'All times on air are past.', 'Set the next ones.')
  return check('air', 'ok', `${count(windows, 'time')} on air.`)
}

const clashes = ({ clashes: found }: ReadinessFacts): Check =>
  found === 0
    ? check('clashes', 'ok', 'No two matches share a server at one time.')
    : check(
        'clashes',
        'attention',
        `${count(found, 'clash', 'clashes')}: two matches on one server at once.`,
        'Move one of them, or give it another server.',
      )

function board({ boardLinks, lastEndMs, nowMs }: ReadinessFacts): Check {
  if (boardLinks.length === 0)
    return check('board', 'attention', 'Nobody has a link to the board.', 'Make a link for the broadcast crew.')
  const last = Math.max(...boardLinks.map(({ expiresMs }) => expiresMs))
  if (lastEndMs !== null && lastEndMs > nowMs && last < lastEndMs - MINUTE_MS)
    return check(
      'board',
      'attention',
      'The last link ends before the event does.',
      'Make a link that lasts to the end.',
    )
  return check('board', 'ok', `${count(boardLinks.length, 'link')} to the board.`)
}
