import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../../contracts/edge.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { sha256 } from '../ids.ts';

export type FromEdge = (event: APIGatewayProxyEventV2) => APIGatewayProxyEventV2;

/**
 * The request with the address of its client: behind the edge, API Gateway names an address of the edge. Without a secret there
 * is no edge, and the request stays as it is.
 * @throws DukeError forbidden, for a request that did not come through the edge, and so past its firewall
 */
export const fromEdge =
  (secret: string | undefined): FromEdge =>
  (event) => {
    if (secret === undefined) return event;
    const { [ORIGIN_SECRET_HEADER]: presented = '', [VIEWER_ADDRESS_HEADER]: address = '' } = event.headers;
    // Hashes have one length, which the comparison needs.
    if (!timingSafeEqual(Buffer.from(sha256(presented)), Buffer.from(sha256(secret))) || isIP(address) === 0)
      throw new DukeError('forbidden', 'Send requests to the address of the web application, under /api.');
    const { http } = event.requestContext;
    return {
      ...event,
      requestContext: { ...event.requestContext, http: { ...http, sourceIp: address } },
    };
  };
