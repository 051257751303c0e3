/** Prints the OpenAPI document of the API. */
import { openApiDocument } from '../contracts/api/openapi.ts';

process.stdout.write(`${JSON.stringify(openApiDocument('2'), null, 2)}\n`);
