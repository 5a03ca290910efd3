import { type ChapterProps, List, Rows, Say } from './parts'

export function Connections(_: ChapterProps) {
  return (
    <>
      <Say>
        Nothing connects to your servers. Every connection below is opened by them or by a browser, to the one address
        of the platform.
      </Say>
      <Rows
        head={['From', 'To', 'For']}
        rows={[
          ['Each server', 'the platform, TCP 443', 'enrolment, reports, policy: one WebSocket that stays'],
          ['Each server', 'the platform, TCP 443', 'evidence, after the attack, resumed where it broke off'],
          ['Each server', 'your package mirror', 'once, where nftables or tcpdump are missing'],
          ['Browsers', 'the platform, TCP 443', 'console, board, status page'],
          [
            'The platform',
            'your mail server and webhooks',
            'alerts; private addresses are refused unless you allow them',
          ],
        ]}
      />
      <List
        items={[
          'What stands between server and platform, a firewall or a proxy, must let WebSockets through.',
          'The agent finds the ports your services listen on by itself. They are its idea of what must not be cut.',
          'If the platform cannot be reached, reports wait on the server’s disk and go out later, once and in order. Protection does not wait.',
          'Leave the connection out of the paths that an attack fills, if you can: a management network is the best place for it.',
        ]}
      />
    </>
  )
}
