import { type ChapterProps, List, Say } from './parts'

export function Upstream({ product }: ChapterProps) {
  return (
    <>
      <Say>
        A rule on a server drops what has arrived. If the link in front of it is full, players are lost before any rule
        sees them. {product} does not speak to your provider’s routers yet, so agree on this while it is quiet, and
        write it down where the person on shift finds it:
      </Say>
      <List
        items={[
          'How large is each uplink, and what else shares it? Write it beside the group.',
          'Whom do we call at night, with which customer number, and what may that person do at once?',
          'What do they do by themselves above which rate? Many blackhole the victim, for hours. Ask for the rate, the length, and who lifts it.',
          'Can they filter by protocol and port ahead of the link, and do they take FlowSpec from us? Which reflection ports may they always drop for us: 19, 53, 123, 389, 1900, 11211 from outside?',
          'Do they drop UDP fragments or limit UDP by default? Some do, and it looks like an attack to players.',
          'Can match servers get an address that was never public, and a second one to move to?',
        ]}
      />
      <Say>
        During an attack the incident page gives you what they will ask for: targets, ports, vectors, packets and bits a
        second on the wire, and since when.
      </Say>
    </>
  )
}
