/** What one tab tells the others of this browser: they share the refresh cookie, so they share who is signed in. */
export type TabMessage =
  { readonly kind: 'signed_out' } | { readonly kind: 'signed_in'; readonly userId: string };

export interface Tabs {
  /** Reaches every other tab of this origin, and not the one that tells. */
  tell(message: TabMessage): void;
  hear(listener: (message: TabMessage) => void): void;
}

/** A session of one tab alone. */
export const noTabs: Tabs = { tell: () => undefined, hear: () => undefined };

export function broadcastTabs(name = 'dukenet-session'): Tabs {
  const channel = new BroadcastChannel(name);
  return {
    tell: (message) => channel.postMessage(message),
    hear: (listener) => {
      channel.onmessage = ({ data }: MessageEvent<TabMessage>) => listener(data);
    },
  };
}
