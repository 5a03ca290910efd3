import { createHash } from 'node:crypto'
import type { PublicStatusPage } from '@/server/services/status-pages/get-public'
import { Html, html } from './html'
import { STYLE } from './style'
import { answer, componentState, isOver, PUBLIC_WORDS, type PublicState } from './view'

const REFRESH_S = 10

const SHAPES: Record<PublicState, Html> = {
  clean: html`<circle cx="8" cy="8" r="5.5"/>`,
  attack: html`<path d="M8 1.8 15 14H1Z"/>`,
  mitigated: html`<path d="M8 1.2 13.9 4.6V11.4L8 14.8 2.1 11.4V4.6Z"/>`,
}

/** Only this sheet may apply, and nothing may run. */
export const STATUS_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

const shape = (state: PublicState): Html =>
  html`<svg class="${state}" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">${SHAPES[state]}</svg>`

type Given = { status: PublicStatusPage; slug: string; nowMs: number; refreshes: boolean }

export function renderStatusPage({ status, slug, nowMs, refreshes }: Given): string {
  const said = answer(status)
  const open = status.incidents.filter((incident) => !isOver(incident))
  const over = status.incidents.filter(isOver)
  const style = new Html(`<style>${STYLE}</style>`)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${said.headline} · ${status.title}</title>${refreshes && html`<meta http-equiv="refresh" content="${REFRESH_S}">`}
<link rel="icon" href="data:,">${style}</head><body><main>
<h1>${status.title}</h1>
<section class="answer" aria-label="Now">${shape(said.state)}<p class="headline">${said.headline}</p><p class="detail">${said.detail}</p></section>
${open.length > 0 && section('Going on', incidentList(open))}
${section('Services', componentList(status))}
${section('The last 14 days', over.length > 0 ? incidentList(over) : html`<p class="soft">${open.length > 0 ? 'No other attack.' : 'No attack.'}</p>`)}
<footer>As of ${clock(nowMs)}. ${refreshLink(slug, refreshes)} · <a href="/s/${slug}/status.json">As JSON</a></footer>
</main></body></html>`.text
}

const section = (title: string, content: Html): Html => html`<section><h2>${title}</h2>${content}</section>`

function refreshLink(slug: string, refreshes: boolean): Html {
  if (refreshes) return html`Reloads every ${REFRESH_S} seconds, <a href="/s/${slug}?refresh=off">stop that</a>`
  return html`Does not reload by itself, <a href="/s/${slug}">reload every ${REFRESH_S} seconds</a>`
}

function componentList(status: PublicStatusPage): Html {
  if (status.components.length === 0) return html`<p class="soft">No service has been put on this page yet.</p>`
  return html`<ul>${status.components.map(({ name }) => {
    const state = componentState(status, name)
    return html`<li><span>${name}</span><span class="mark ${state}">${shape(state)}${PUBLIC_WORDS[state]}</span></li>`
  })}</ul>`
}

type Incident = PublicStatusPage['incidents'][number]

const incidentList = (incidents: readonly Incident[]): Html =>
  html`<ol>${incidents.map(
    (incident) => html`<li><span>${incidentWords(incident)}</span><span class="soft">${when(incident)}</span></li>`,
  )}</ol>`

function incidentWords({ components, state, resolvedMs }: Incident): string {
  const where = components.join(', ')
  if (resolvedMs !== null) return `Attack on ${where}, over`
  return state === 'mitigated' || state === 'ending' ? `Attack on ${where}, held off` : `Attack on ${where}`
}

function when({ openedMs, resolvedMs }: Incident): Html {
  if (resolvedMs === null) return html`since ${time(openedMs)}`
  return html`${time(openedMs)}, for ${duration(resolvedMs - openedMs)}`
}

const time = (ms: number): Html => html`<time datetime="${new Date(ms).toISOString()}">${clock(ms)}</time>`

const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
})

/** Without script the reader's zone cannot be known, so the zone is said. */
const clock = (ms: number): string => `${format.format(ms)} UTC`

function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3_600)} h ${Math.round((seconds % 3_600) / 60)} min`
}
