// Stands for a model container: argv is the port and, optionally, what goes wrong.
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';

const [port, fault] = process.argv.slice(2);
if (fault === 'dies-at-start') process.exit(3);

createServer(async (request, response) => {
  if (request.url === '/ping') return response.writeHead(200).end();
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  if (body === 'die') process.exit(1);
  if (body === 'hang') return;
  if (body === 'refuse') return response.writeHead(422).end('unknown label');
  if (body === 'break') return response.writeHead(500).end('out of memory');
  response.setHeader('content-type', String(request.headers.accept));
  response.setHeader('x-amzn-sagemaker-custom-attributes', 'version=7');
  response.end(
    JSON.stringify({
      body,
      type: request.headers['content-type'],
      attributes: request.headers['x-amzn-sagemaker-custom-attributes'],
      registry: process.env.DUKEMM_REGISTRY,
      pid: process.pid,
    }),
  );
}).listen(Number(port), '127.0.0.1');
