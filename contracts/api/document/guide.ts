import type { Capability } from '../operation.ts';
import { limitsTable } from './limits-table.ts';

/** The first page of the API reference. `docs/api.md` is the same as a walk-through with code. */
export const DESCRIPTION = `
A marketplace for work done by a model that improves itself. A **buyer** posts a task: a description, a complexity, and rows or
files. **Duke MM**, the model, does it and says how sure it is and why. The buyer accepts or rejects; the price, held in escrow
since the task was posted, is paid or returned; every outcome becomes training data.

## Conventions
- **JSON** in \`snake_case\`. Bodies of requests are \`application/json\` of at most 1 MB. Unknown fields and unknown query parameters
  are refused with 422.
- **Times** are ISO 8601 in UTC with \`Z\`. **Ids** are UUIDs. **Money** is whole satoshis (\`*_satoshis\`), never a fraction.
- **Authentication**: \`Authorization: Bearer <access_token>\` with the access token of \`POST /api/v2/auth/login\`. It lives for an hour;
  \`POST /api/v2/auth/refresh\` gives a new one. An ID token in its place is 401.
- **Visibility**: what you may not see does not exist for you (404). What your role may never do is 403.

## Errors
Every error of the service is \`application/problem+json\` (RFC 9457). Decide by \`code\`, which is stable, not by \`detail\`, which is for
people. With \`validation_failed\`, \`errors\` names each wrong field. A path with a method that it does not take is 405 with an
\`Allow\` header; an unknown path is 404. The gateway in front of the service may answer 413, 429, 500 and 503 by itself: such an answer is
\`application/json\` with one \`message\`, so decide by the status. 431 has no body. 429 and 503 mean that nothing was done: wait (\`Retry-After\`, where it is
given) and try again.

## Pages
Lists take \`limit\` (1 to 100, 20 by default) and \`cursor\`, and answer \`{ "items": [...], "next_cursor": "..." }\`, newest first. Give
\`next_cursor\` back as \`cursor\` for the next page; \`null\` means that there is none. A cursor is opaque and belongs to the list
that gave it.

## Repeating requests safely
Every POST that creates something takes an \`Idempotency-Key\` (1 to 255 printable characters, a UUID for example). For 24 hours the same key
with the same body gives the stored answer with \`Idempotency-Replayed: true\`, and nothing happens twice. The same key with
another body is 422 \`idempotency_key_reused\`; while the first request still runs it is 409 \`idempotency_in_progress\`. Only successes are
stored. Registering and announcing a file store no answer, since it holds secrets: a repetition finds what the first request made and
answers anew.

## Limits
${limitsTable()}

## Limits of rate
50 requests a second, and 5 a second on the routes under \`/auth\` that take a password or a code. What is above is 429.
`.trim();

const FILES = `
Tables and texts that tasks are made of. An upload has three steps:

1. **Announce** it: \`POST /api/v2/files/upload\` with name, media type and size. The answer holds \`upload.url\` and \`upload.fields\`.
2. **Send the bytes** as \`multipart/form-data\` to \`upload.url\`: every entry of \`upload.fields\` as a form field first, the bytes last in a field
   named \`file\`. No access token: the fields carry the permission, which ends at \`upload.expires_at\` and fits exactly the announced size.
3. **Wait** until \`GET /api/v2/files/{file_id}\` says \`ready\` (or \`rejected\` with \`rejected_reason\`). The inspection reads the content,
   whatever the name says, and usually takes a few seconds.

\`\`\`sh
curl "$UPLOAD_URL" -F key="$KEY" -F policy="$POLICY" …  -F file=@mails.csv
\`\`\`

A table in which the target column is filled in some rows and empty in others is a whole task: filled rows are examples, empty
rows are the work.
`.trim();

const TASKS = `
A task is posted, answered and judged. Posting chooses the agent, fixes the price and holds it in escrow. The work comes from \`items\` in
the request, or from \`files\`: each row of a table, each element of a JSON array, each text. A task whose status is \`completed\` has a
\`result_id\`; its items are pages of \`GET /api/v2/results/{result_id}/items\`, the input with the target filled in is \`output_url\` of the
result. The buyer then accepts, or rejects with corrections: the refused share of the price comes back. Without a verdict the result
counts as accepted when \`review_until\` has passed.
`.trim();

const WORDS: Readonly<Record<Capability, string>> = {
  identity: 'Accounts and sessions: registering, signing in and out, passwords, the profile.',
  files: FILES,
  tasks: TASKS,
  wallet:
    'Money in whole satoshis, kept as double-entry movements: what can be spent, what escrow holds, what was earned, and every entry that made it so.',
  learning:
    'Duke MM itself: the version that serves, its figures, its versions with their lineage, and training runs. Training and promotion are for admins.',
  insight: 'Health of the platform, and this document.',
};

/** One tag per capability, in the order of a task's life. */
export const TAGS: readonly { name: Capability; description: string }[] = (
  Object.entries(WORDS) as [Capability, string][]
).map(([name, description]) => ({ name, description }));
