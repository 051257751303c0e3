import { hasCode } from './errors.ts';
import type { AccessToken, TokenSource } from './tokens.ts';
import type { Schemas } from './types.ts';

/** The tokens of the user who is signed in. */
export class Session implements TokenSource {
  readonly #refresh: (refreshToken: string) => Promise<Schemas['Session']>;
  #token: (AccessToken & { readonly refreshToken: string | undefined }) | undefined;
  #renewal: Promise<void> | undefined;

  /** @param refresh requests new tokens */
  constructor(refresh: (refreshToken: string) => Promise<Schemas['Session']>) {
    this.#refresh = refresh;
  }

  readonly current = (): AccessToken | undefined => this.#token;

  get refreshToken(): string | undefined {
    return this.#token?.refreshToken;
  }

  /** Signs in with the tokens of a response. */
  open({ access_token, expires_in, refresh_token }: Schemas['Session']): void {
    this.#token = {
      accessToken: access_token,
      expiresAt: Date.now() + expires_in * 1000,
      refreshToken: refresh_token ?? this.#token?.refreshToken,
    };
  }

  /** Signs in with an access token that is not renewed. */
  use(accessToken: string): void {
    this.#token = { accessToken, expiresAt: Infinity, refreshToken: undefined };
  }

  close(): void {
    this.#token = undefined;
  }

  readonly renew = (): Promise<void> =>
    (this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = undefined;
    }));

  async #renewOnce(): Promise<void> {
    const refreshToken = this.refreshToken;
    if (refreshToken === undefined) return;
    try {
      this.open(await this.#refresh(refreshToken));
    } catch (error) {
      if (!hasCode(error, 'refresh_token_invalid') && !hasCode(error, 'user_disabled')) throw error;
      this.close(); // the request is sent without a token, and the caller receives its 401
    }
  }
}
