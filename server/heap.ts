import { setFlagsFromString } from 'node:v8'

// Helpers of the collector wait for a core on a small or busy machine, and the main thread for them: it is faster alone.
setFlagsFromString('--no-parallel-scavenge')

// A scavenge each few messages would fall into the storing of an incident: a larger young generation makes them rare.
setFlagsFromString('--semi-space-growth-factor=8')

// Code that has not run for a while would be thrown away and compiled anew in front of the first incident.
setFlagsFromString('--no-flush-bytecode')
