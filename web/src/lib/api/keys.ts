/** First element of every query key, so that a feature can invalidate another's data without importing it. */
export const keys = {
  files: ['files'],
  previews: ['previews'],
  tasks: ['tasks'],
  /** Items and examples of tasks: they never change, so no event makes them out of date. */
  items: ['items'],
  results: ['results'],
  wallet: ['wallet'],
  model: ['model'],
  pricing: ['pricing'],
  agents: ['agents'],
  analytics: ['analytics'],
  admin: ['admin'],
  notifications: ['notifications'],
} as const;
