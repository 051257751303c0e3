import { isIPv6 } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Groups of the prefix that a provider gives to one customer: 64 of 128 bits. */
const PREFIX_GROUPS = 4;

/**
 * The network address of a request. IPv6 addresses are reduced to their network, since one customer has 2^64 of them.
 * API Gateway determines it from the connection; no header can change it.
 */
export function addressOf(event: Pick<APIGatewayProxyEventV2, 'requestContext'>): string {
  const ip = event.requestContext.http.sourceIp;
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.split('::', 2);
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const after = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - after.length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all
    .slice(0, PREFIX_GROUPS)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
