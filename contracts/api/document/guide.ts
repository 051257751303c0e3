import type { Capability } from '../operation.ts';
import { limitsTable } from './limits-table.ts';

/** The first page of the API reference. `docs/api.md` is the same as a walk-through with code. */
export const DESCRIPTION = `
A marketplace for work done by a self-improving model. A **buyer** posts a task: a description, a complexity, and rows or
files. **Duke MM**, the model, answers it with a confidence and an explanation per item. The buyer accepts or rejects the result;
the price, held in escrow since the task was posted, is paid or refunded; the outcomes become training data.

## Conventions
- **JSON** in \`snake_case\`. Bodies of requests are \`application/json\` of at most 1 MB. Unknown fields and unknown query parameters
  are rejected with 422.
- **Times** are ISO 8601 in UTC with \`Z\`. **Ids** are UUIDs. **Money** is whole satoshis (\`*_satoshis\`), never a fraction.
- **Authentication**: \`Authorization: Bearer <access_token>\` with the access token of \`POST /api/v2/auth/login\`. It is valid for one hour;
  \`POST /api/v2/auth/refresh\` returns a new one. An ID token is answered with 401.
- **Visibility**: a resource that you may not see is answered with 404, an operation that your role does not allow with 403.

## Errors
Every error of the service is \`application/problem+json\` (RFC 9457). Base your logic on \`code\`, which is stable, not on \`detail\`, which is for
people. For \`validation_failed\`, \`errors\` lists the invalid fields. A method that a path does not support is answered with 405 and an
\`Allow\` header, an unknown path with 404. The API gateway may itself answer 413, 429, 500 and 503: such a response is
\`application/json\` with one \`message\`, so use the status. 431 has no body. 429 and 503 mean that nothing was done: wait (\`Retry-After\`, if
present) and retry.

## Pages
Lists take \`limit\` (1 to 100, 20 by default) and \`cursor\`, and return \`{ "items": [...], "next_cursor": "..." }\`, newest first. Pass
\`next_cursor\` as \`cursor\` to get the next page; \`null\` means that there is none. A cursor is opaque and valid only for the list
that returned it.

## Repeating requests safely
Every POST that creates something takes an \`Idempotency-Key\` (1 to 255 printable characters, a UUID for example). For 24 hours a request with the same key
and body returns the stored response with \`Idempotency-Replayed: true\` and has no further effect. The same key with
another body is answered with 422 \`idempotency_key_reused\`, and with 409 \`idempotency_in_progress\` while the first request is still running. Only
successful responses are stored. The responses of registration and of announcing a file contain secrets and are not stored: a repeated request finds
what the first one created and returns a new response for it.

## Limits
${limitsTable()}

## Rate limits
50 requests a second per account, 5 a second on routes that take a password or a code; public routes count per network address.
Short bursts may be higher. Requests above that are answered with 429 and \`Retry-After\`, and do nothing. Failed logins delay the next login to
that account from that address: after three of them by a second, then four times longer each time, up to 15 minutes.
`.trim();

const FILES = `
Tables and texts for tasks. An upload has three steps:

1. **Announce** it: \`POST /api/v2/files/upload\` with name, media type and size. The response contains \`upload.url\` and \`upload.fields\`.
2. **Send the bytes** as \`multipart/form-data\` to \`upload.url\`: every entry of \`upload.fields\` as a form field first, the bytes last in a field
   named \`file\`. Send no access token: the fields authorize the upload until \`upload.expires_at\`, for exactly the announced size.
3. **Wait** until \`GET /api/v2/files/{file_id}\` returns \`ready\` (or \`rejected\` with \`rejected_reason\`). The inspection examines the content,
   not the name, and usually takes a few seconds.

\`\`\`sh
curl "$UPLOAD_URL" -F key="$KEY" -F policy="$POLICY" …  -F file=@mails.csv
\`\`\`

Above 25 MB the response contains \`multipart\` too: send the file in parts, of which a dropped connection loses one at most.

1. **Authorize** parts: \`POST /api/v2/files/{file_id}/parts\` with the number and SHA-256 of up to 20 parts of \`part_bytes\` each.
2. **Send** the bytes of each part by PUT to its \`url\` with its \`headers\`. The storage rejects bytes with another SHA-256.
3. **Complete** the upload: \`POST /api/v2/files/{file_id}/complete\`. Then wait for the inspection as above.

\`GET /api/v2/files/{file_id}/parts\` lists the parts that have arrived, to **resume** an upload within a day; \`DELETE /api/v2/files/{file_id}\`
aborts it. Both clients do all this in \`upload\`.

A table whose target column is filled in some rows and empty in others is a complete task: filled rows are examples, empty
rows are the items to answer.
`.trim();

const TASKS = `
A task is posted, answered and judged. Posting selects the agent, fixes the price and holds it in escrow. The items come from \`items\` in
the request, or from \`files\`: each row of a table, each element of a JSON array, each text. A task with status \`completed\` has a
\`result_id\`: \`GET /api/v2/results/{result_id}/items\` returns the answers in pages, and \`output_url\` of the result is the input with the target
filled in. The buyer then accepts, or rejects with corrections; the share of the price for the refused items is refunded. Without a verdict the
result counts as accepted once \`review_until\` has passed.

With \`Prefer: wait=25\` the request that posts a task is answered when Duke MM has finished it, or after 25 seconds with the task as it is then.
`.trim();

const TAG_DESCRIPTIONS: Readonly<Record<Capability, string>> = {
  identity: 'Accounts and sessions: registering, signing in and out, passwords, the profile.',
  files: FILES,
  previews: 'Small pictures of files: of a picture, of a page of a PDF, the waveform of a sound.',
  tasks: TASKS,
  wallet:
    'Money in whole satoshis with double-entry bookkeeping: the available balance, the amount in escrow, the earnings, and the ledger entries behind them.',
  agents:
    'People and programs that work on tasks: what they take, how many tasks at a time, their reputation. Registering as an agent makes one available.',
  work: 'What agents do with the tasks that they have: start, answer, give up; and what became of each.',
  quotes: 'The price and the odds of a task before it is posted; both are binding for ten minutes.',
  verdicts: 'What buyers say of results: accepting pays, rejecting refunds the share of the wrong items.',
  learning:
    'Duke MM itself: the version in production, its metrics, all versions with their lineage, and training runs. Training and promotion are for administrators.',
  admin:
    'For administrators: accounts, the leaderboard of agents, figures of the marketplace, and the audit log. For buyers and agents: their own figures.',
  live: 'What happened to your tasks, results and wallet: as a numbered list, and over a WebSocket as it happens.',
  notifications: 'E-mails about tasks: which ones, quiet hours, and unsubscribing.',
  insight: 'Health of the platform, and this document.',
};

/** One tag per capability, in the order in which a task uses them. */
export const TAGS: readonly { name: Capability; description: string }[] = (
  Object.entries(TAG_DESCRIPTIONS) as [Capability, string][]
).map(([name, description]) => ({ name, description }));
