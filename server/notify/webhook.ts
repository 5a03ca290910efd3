import type { Channel } from './channel'
import { createGuardedAgent, type GuardedAgentOptions } from './guarded-agent'
import { renderWebhook } from './render-webhook'
import { type SendOptions, sendWebhook, validateUrl, WebhookSettings } from './send-webhook'
import { warmUp } from './warm-up'

export type WebhookOptions = GuardedAgentOptions & SendOptions

/** Signed webhooks by Standard Webhooks v1: `webhook-id` stays over retries, the time stamp is fresh for each. */
export function createWebhookChannel(
  options: WebhookOptions,
): Channel<WebhookSettings> & { warmUp: () => Promise<void> } {
  const agent = createGuardedAgent(options)
  return {
    id: 'webhook',
    name: 'Webhook',
    settings: WebhookSettings,
    validate: (settings) => validateUrl(new URL(settings.url)),
    render: renderWebhook,
    send: (request) => sendWebhook(agent, options, request),
    warmUp: () => warmUp(options),
    close: () => agent.close(),
  }
}
