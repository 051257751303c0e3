import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

/** Passes requests on to an API and counts them, whatever program sends them. */
export class CountingProxy {
  /** Method and path of each request, in order. */
  readonly calls: string[] = [];
  readonly #server: Server;

  private constructor(target: string) {
    const proxy = createProxyServer({ target });
    this.#server = createServer((request, response) => {
      this.calls.push(`${request.method} ${new URL(request.url ?? '/', target).pathname}`);
      proxy.web(request, response);
    });
  }

  static async before(target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
