/**
 * Replaces `@smithy/core/event-streams` in the bundles (alias in ../bundle.ts). None of our calls returns an event stream.
 * The SDK imports the module dynamically, so esbuild would keep all of it and its imports: 19 to 40 KB in every bundle.
 */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export const eventStreamSerdeProvider = (): never => {
  throw new Error('Event streams are not part of this bundle (lib/shared/stand-ins/event-streams.ts)');
};

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
