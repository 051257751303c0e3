/** Messages between tabs of a browser, which share the refresh cookie and so the user. */
export type TabMessage =
  { readonly kind: 'signed_out' } | { readonly kind: 'signed_in'; readonly userId: string };

export interface Tabs {
  /** Reaches every other tab of this origin, but not the sender. */
  tell(message: TabMessage): void;
  hear(listener: (message: TabMessage) => void): void;
}

/** For a single tab. */
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
