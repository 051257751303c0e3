/** Prints the OpenAPI document; `npm run client:generate` turns it into the types of the SPA's client. */
import { openApiDocument } from '../contracts/api/openapi.ts';

process.stdout.write(`${JSON.stringify(openApiDocument('2'), null, 2)}\n`);
