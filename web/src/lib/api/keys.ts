/** First part of every query key: a feature can mark another's data as out of date without importing it. */
export const keys = {
  files: ['files'],
  tasks: ['tasks'],
  results: ['results'],
  wallet: ['wallet'],
  model: ['model'],
  pricing: ['pricing'],
  agents: ['agents'],
  analytics: ['analytics'],
  admin: ['admin'],
} as const;
