import agentPackage from './package.json'

export const AGENT_VERSION: string = agentPackage.version
