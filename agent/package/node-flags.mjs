/**
 * How Node runs the agent. One helper thread instead of four: megabytes of the few that it may take. And the collector works on the
 * main thread alone: that runs ahead of all others, and asked again and again whether the helper was done, which it kept
 * from running. Seen: a second of a core, once in a minute of flood.
 */
export const NODE_FLAGS = ['--v8-pool-size=1', '--single-threaded-gc']
