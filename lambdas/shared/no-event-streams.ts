/**
 * Stands in for `@smithy/core/event-streams` in the bundles (alias in lib/shared/bundling.ts). No call of ours answers
 * with an event stream; and since the SDK loads that module dynamically, esbuild would keep all that it touches
 * whole: 19 to 40 KB in every bundle.
 */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export const eventStreamSerdeProvider = (): never => {
  throw new Error('Event streams are not part of this bundle (lib/shared/bundling.ts)');
};

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
