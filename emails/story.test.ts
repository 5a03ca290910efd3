import { describe, expect, it } from 'vitest'
import type { IncidentNotice } from '../server/notify/channel'
import { storyOf } from './story'
import { textOf } from './words'

const opened: IncidentNotice = {
  type: 'incident.opened',
  incidentId: 'inc_1',
  workspaceId: 'ws_1',
  workspaceName: 'Cup',
  workspaceSlug: 'cup',
  nodeId: 'nd_1',
  nodeName: 'match-03',
  state: 'mitigating',
  revision: 2,
  score: 0.97,
  target: { addresses: ['203.0.113.10'], ports: [27015] },
  vectors: [{ id: 'dns_amp', name: 'DNS reflection', confidence: 0.71, share: 1 }],
  wire: { pps: 150_000, bps: 1.37e9 },
  detectedUs: 1_795_210_938_006_000,
  resolvedUs: null,
  event: 'opened',
  startedUs: 1_795_210_938_000_000,
  ruleInKernelUs: 1_795_210_938_014_000,
  delivered: { pps: 1_000, bps: 1e7 },
  droppedPackets: 4_100_000,
  verifiedClients: { count: 38, packetsIn: 900, packetsPastCut: 900, socketBufferDrops: 0 },
}
const resolved: IncidentNotice = {
  ...opened,
  type: 'incident.resolved',
  state: 'resolved',
  resolvedUs: 1_795_211_030_000_000,
  vectors: [{ id: 'syn_flood', name: 'SYN flood', confidence: 0.9, share: 1 }, ...opened.vectors],
}
const site = 'https://harbour.example'

describe('the story of a mail', () => {
  it('says in the words of the pages what happened, what was done and how players are', () => {
    const { title, sentences, mark } = storyOf(opened, site)
    expect([title, ...sentences]).toEqual([
      'DNS reflection against match-03',
      'Dropped since 14 ms.',
      '38 of 38 players unaffected.',
    ])
    expect(mark).toMatchObject({ shape: '▲', word: 'dropping' })
  })

  it('keeps its subject while everything else changes, or threads would fall apart', () => {
    expect(storyOf(resolved, site).subject).toBe(storyOf(opened, site).subject)
  })

  it('says what is news in an update', () => {
    const update = { ...opened, type: 'incident.updated', state: 'mitigated', event: 'mitigated' } as const
    expect(storyOf(update, site).sentences[0]).toBe('Delivered traffic is back in its usual band.')
  })

  it('shows no rate of now once the attack is over', () => {
    const names = storyOf(resolved, site).facts.map(({ name }) => name)
    expect(names).not.toContain('On the wire')
    expect(names).toContain('Over')
  })

  it('claims nothing that a message of an older platform does not say', () => {
    const { ruleInKernelUs, verifiedClients, droppedPackets, delivered, workspaceSlug, ...old } = opened
    const story = storyOf(old, site)
    expect([story.sentences, story.link]).toEqual([[], null])
  })

  it('links to the incident when the platform knows its own address, and not otherwise', () => {
    expect(storyOf(opened, site).link).toBe('https://harbour.example/cup/incidents/inc_1')
    expect(storyOf(opened, '').link).toBeNull()
  })

  it('is the same in the text part', () => {
    const story = storyOf(opened, site)
    const text = textOf({ productName: 'Harbour' }, story, false)
    for (const { name, value } of story.facts)
      expect(text).toMatch(new RegExp(`^${name} +${value.replace(/[()]/g, '\\$&')}$`, 'm'))
    for (const line of text.split('\n')) if (!line.includes('https://')) expect(line.length).toBeLessThanOrEqual(72)
  })
})
