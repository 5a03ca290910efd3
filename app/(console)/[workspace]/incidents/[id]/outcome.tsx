import { packetCount, percent, wholeNumber } from '@/app/_lib/figures'
import { verifiedLoss } from '@/app/_lib/sentence'
import { BitRate, PacketRate } from '@/app/_ui/figure'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import type { IncidentDetail } from '@/server/trpc/incident-view'

/** Wire, dropped and delivered apart, each labelled, with the players' share of it. */
export function Outcome({ incident, isOpen }: { incident: IncidentDetail; isOpen: boolean }) {
  const { traffic } = incident
  const lines = [
    { name: 'Wire', says: 'what arrived at the node', swatch: 'bg-wire', rate: traffic.wire },
    { name: 'Dropped', says: 'what our rules took out', swatch: 'border border-wire', rate: traffic.dropped },
    { name: 'Delivered', says: 'what the server received', swatch: 'bg-accent', rate: traffic.delivered },
  ]
  return (
    <Table label="Traffic of this incident">
      <thead>
        <tr>
          <HeadCell>{isOpen ? 'Now' : 'At the end'}</HeadCell>
          <HeadCell figure>Packets</HeadCell>
          <HeadCell figure>Bits</HeadCell>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Row key={line.name}>
            <Cell>
              <span className={`mr-2 inline-block size-2.5 rounded-sm ${line.swatch}`} />
              <span className="font-medium">{line.name}</span>
              <span className="ml-2 hidden text-sm text-faint sm:inline">{line.says}</span>
            </Cell>
            <Cell figure className="font-medium">
              <PacketRate pps={line.rate.pps} />
            </Cell>
            <Cell figure>
              <BitRate bps={line.rate.bps} />
            </Cell>
          </Row>
        ))}
        <Row className="border-0">
          <Cell className="text-soft">Peak on the wire</Cell>
          <Cell figure>
            <PacketRate pps={traffic.peakWire.pps} />
          </Cell>
          <Cell figure>
            <BitRate bps={traffic.peakWire.bps} />
          </Cell>
        </Row>
      </tbody>
    </Table>
  )
}

/** What the node can know of the players it had verified in peace. */
export function Players({ verified }: Pick<IncidentDetail, 'verified'>) {
  const lost = Math.max(0, verified.packetsIn - verified.packetsPastCut)
  const loss = verifiedLoss(verified)
  const rows: [string, string][] = [
    ['Verified in peace', `${wholeNumber(verified.count)} players`],
    ['Their packets in, since the rule stands', packetCount(verified.packetsIn)],
    ['Past the cut', packetCount(verified.packetsPastCut)],
    ['Lost at the cut', wholeNumber(lost)],
    ['Lost in full socket buffers', wholeNumber(verified.socketBufferDrops)],
    ['Lost altogether', loss === 0 ? '0 %' : percent(loss, 3)],
  ]
  return (
    <dl className="flex flex-col">
      {rows.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4 border-b border-line py-2 last:border-0 last:font-medium">
          <dt className="text-soft">{name}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
