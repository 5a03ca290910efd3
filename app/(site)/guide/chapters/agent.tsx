import { type ChapterProps, Code, List, Name, Say } from './parts'

export function Agent({ command }: ChapterProps) {
  return (
    <>
      <Say>
        In the console: create a group, press <em>Add a node</em>, give it the name an alert should say. You get one
        line, good for one server and one hour. Run it there as root. It fetches the agent, checks its hash, installs{' '}
        <Name>nftables</Name> and <Name>tcpdump</Name> where they are missing, makes a key that never leaves the server,
        enrols and starts. The node shows up on the page you left open.
      </Say>
      <Say>Then look whether the server lets it do its work:</Say>
      <Code>{`${command} doctor        # each need of protection: ok, warn or fail, and what to change\n${command} status        # what the agent does now`}</Code>
      <Say>
        By configuration management it is the same line: make it when the server is made, run it once. A line names its
        node and the groups it lands in. It ends when it is used, when it is replaced, or after its hour; what was
        enrolled stays. Run again with a new line, a server keeps its history and gets a new key.
      </Say>
      <List
        items={[
          <>
            Images: install with <Name>--no-start</Name> and without a token; enrol each copy with its own line, so that
            each makes a key of its own.
          </>,
          'Upgrades: run the installer with the address alone. A server upgrades in place, and its rules end before.',
          <>
            More than one uplink: name the interface that players come in by in{' '}
            <Name>/var/lib/{command}/agent.json</Name>, as <Name>"interface": "eth1"</Name>, and restart the unit.
          </>,
          'Removal: the uninstaller beside the agent takes its tables, its unit and its files away. Archive the node afterwards.',
        ]}
      />
    </>
  )
}
