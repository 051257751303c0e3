import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../../contracts/edge.ts';
import { addressOf } from '../../../lambdas/shared/http/address.ts';
import { fromEdge } from '../../../lambdas/shared/http/edge.ts';

const SECRET = 'x'.repeat(48);
const request = (headers: Record<string, string>) =>
  ({
    headers,
    requestContext: { http: { sourceIp: '64.252.0.1', method: 'GET' } },
  }) as unknown as APIGatewayProxyEventV2;

describe('a request to a stage behind the edge', () => {
  it('is counted by the address of its client', () => {
    const received = request({ [ORIGIN_SECRET_HEADER]: SECRET, [VIEWER_ADDRESS_HEADER]: '203.0.113.7' });
    const event = fromEdge(SECRET)(received);
    expect(addressOf(event)).toBe('203.0.113.7');
    expect(event.requestContext.http.method).toBe('GET');
    expect(received.requestContext.http.sourceIp).toBe('64.252.0.1');
  });

  it.each([
    ['no secret', {}],
    ['another secret', { [ORIGIN_SECRET_HEADER]: `${SECRET}y` }],
    ['an empty secret', { [ORIGIN_SECRET_HEADER]: '' }],
  ])('is rejected with %s, because it did not pass the firewall', (_case, headers) => {
    const event = request({ [VIEWER_ADDRESS_HEADER]: '203.0.113.7', ...headers });
    expect(() => fromEdge(SECRET)(event)).toThrow(expect.objectContaining({ code: 'forbidden' }) as Error);
  });

  it.each([undefined, '', 'unknown', '203.0.113.7, 198.51.100.1'])(
    'is rejected with the address %s',
    (ip) => {
      const event = request({
        [ORIGIN_SECRET_HEADER]: SECRET,
        ...(ip !== undefined && { [VIEWER_ADDRESS_HEADER]: ip }),
      });
      expect(() => fromEdge(SECRET)(event)).toThrow(expect.objectContaining({ code: 'forbidden' }) as Error);
    },
  );
});

describe('a request to a stage without an edge', () => {
  it('keeps the address of its connection, whatever its headers say', () => {
    const event = request({ [VIEWER_ADDRESS_HEADER]: '203.0.113.7', 'x-forwarded-for': '203.0.113.8' });
    expect(addressOf(fromEdge(undefined)(event))).toBe('64.252.0.1');
  });
});
