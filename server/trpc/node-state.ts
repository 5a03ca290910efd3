/** Pages take the states from here: transports hold what pages may import. */
export * from '../services/nodes/node-state'
