import { type ChapterProps, Code, List, Say } from './parts'

export function Evening({ command }: ChapterProps) {
  return (
    <>
      <Say>A week before, with a server that nobody plays on:</Say>
      <List
        items={[
          'Every server of the event is on the fleet page, clean, in its groups, and doctor finds nothing to change.',
          'It has seen real players for at least an evening. What is usual is learned, not entered.',
          'Each destination of alerts is read by a person who is awake then.',
          'Official, broadcaster and the screen in the gallery open their pages with their own accounts or links.',
          'The status page is known to whoever answers the audience.',
          'Cut one server off from the platform for a minute, on purpose. It stays as it is, and comes back by itself.',
        ]}
      />
      <Say>When it happens, in this order:</Say>
      <List
        items={[
          'Read the incident’s first sentence. Blue means: an attack is here, players are fine. Then there is nothing to do.',
          'Acknowledge it, so that others know that somebody looks.',
          'Magenta means that players suffer although a rule stands. Look whether what is delivered is too much (the rule is too narrow) or whether the link is full (call the provider: chapter 4).',
          'Do not restart match servers: known players are known because they stayed.',
          'Tell the broadcast to look at the board, not at you.',
        ]}
      />
      <Say>Afterwards, the evidence lies on the incident’s page. Anybody can check a bundle without us:</Say>
      <Code>{`${command} verify evidence.tar --public-key KEY     # unbroken, signed by that server, with times and drop counts`}</Code>
    </>
  )
}
