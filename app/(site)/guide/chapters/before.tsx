import { type ChapterProps, List, Name, Rows, Say } from './parts'

export function Before({ command }: ChapterProps) {
  return (
    <>
      <Say>A server needs this. The agent looks for each of it and says what is missing, and what to do.</Say>
      <Rows
        head={['What', 'Why', 'If it is missing']}
        rows={[
          [
            'Linux on x86-64 or arm64, glibc 2.28 or later',
            'the agent brings its own runtime',
            'run it from a container',
          ],
          ['Root', 'it changes the firewall and captures packets', 'the installer stops before it changes anything'],
          [<Name key="nft">nftables</Name>, 'rules, counters and limits', 'installed from your distribution'],
          [
            <Name key="tcpdump">tcpdump</Name>,
            'records the attack itself',
            'installed; without it evidence holds the packets from before only',
          ],
          [
            'A clock that is kept right',
            'evidence carries times; a node far off is refused',
            <>
              start <Name>chrony</Name>
            </>,
          ],
          [
            'Room on the disk, about a gigabyte',
            'a day without the platform, and its evidence',
            'a warning; then the oldest goes first',
          ],
        ]}
      />
      <Say>Tell these people before, not during:</Say>
      <List
        items={[
          'Whoever runs the firewall of these servers: the agent works in tables of its own and leaves theirs alone.',
          'Whoever watches changes on these servers: a unit and a command appear, and rules come and go in an attack.',
          <>
            Whoever already uses bits of the packet mark: one is used to know players. <Name>{command} doctor</Name>{' '}
            says whether it is free.
          </>,
          'Your provider. Chapter 4.',
        ]}
      />
    </>
  )
}
