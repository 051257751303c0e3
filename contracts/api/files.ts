import * as z from 'zod';
import { Id, Sha256, Timestamp } from '../entities/common.ts';
import { FileMetadata } from '../entities/file-metadata.ts';
import { FileFields } from '../entities/file.ts';
import { LIMITS } from '../limits.ts';
import { KIND_OF_MEDIA_TYPE, maxBytesOf, mediaTypes, sizeLimits } from '../rules/file-kinds.ts';
import { Name, Text } from '../text.ts';
import { own } from '../values/own.ts';
import { everyone, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

/** A bare file name: no path, no control characters, no leading dot. */
export const Filename = Name({ max: LIMITS.filename.value, trim: true })
  .regex(/^(?!\.)[^/\\]+$/, 'a plain file name without path')
  .meta({
    description: 'A bare file name: no path, no control characters, no leading dot.',
    example: 'mails.csv',
  });

/** Parameters and case are ignored: the inspection detects the encoding itself. */
const ContentTypeHeader = Text({ max: LIMITS.contentType.value, min: 1 })
  .transform((value) => value.replace(/;.*$/s, '').trim().toLowerCase())
  .pipe(z.enum(mediaTypes))
  .meta({
    description: `Media type of the content; the inspection verifies it. One of ${mediaTypes.join(', ')}; case and parameters are ignored.`,
    example: 'text/csv',
  });

export const MultipartPlan = z
  .strictObject({
    part_bytes: z.int().positive().meta({
      description: 'Size of every part but the last, in bytes.',
      example: 8_388_608,
    }),
    parts: z.int().positive().meta({ description: 'Number of parts.', example: 12 }),
    expires_at: Timestamp.describe('When all parts must be sent and the upload completed.'),
  })
  .meta({ id: 'MultipartPlan', description: 'How a file is sent in parts.' });
export type MultipartPlan = z.infer<typeof MultipartPlan>;

/** Fields of a file in the API. A new field of the entity is hidden until it is listed here. */
export const FileView = FileFields.pick({
  id: true,
  filename: true,
  content_type: true,
  file_type: true,
  size_bytes: true,
})
  .extend({
    status: z
      .enum(['pending', 'ready', 'rejected'])
      .describe('`pending` until the bytes are uploaded and inspected; tasks accept only `ready` files.'),
    ...FileFields.pick({ rejected_reason: true }).partial().shape,
    metadata: FileMetadata.nullable().describe('The findings of the inspection; null until it is done.'),
    multipart: MultipartPlan.optional().describe(
      'Present while parts of the file are being sent: the upload can be resumed (`GET /files/{file_id}/parts`).',
    ),
    used_by_tasks: z.array(Id).describe('The newest 100 tasks that use the file, finished or not.'),
    created_at: FileFields.shape.created_at,
    download_url: z.url().optional().meta({
      description:
        'URL to download the file as an attachment, valid for 15 minutes. Present only if a single file is requested and it is ready.',
      example: 'https://files.example.com/ready/019ab5e0?X-Amz-Signature=5d41402a',
    }),
  })
  .meta({ id: 'File', description: 'An uploaded file.' });
export type FileView = z.infer<typeof FileView>;

export const UploadTarget = z
  .strictObject({
    url: z.url().meta({
      description: 'Send a multipart POST here: all `fields` first, then the bytes in a field named `file`.',
      example: 'https://files.example.com/',
    }),
    fields: z.record(z.string(), z.string()).meta({
      id: 'UploadFields',
      description: 'Form fields to send unchanged; they authorize the upload.',
      example: { key: 'uploads/019ab5e0', 'Content-Type': 'text/csv', Policy: 'eyJleHBpcmF0aW9uIjoi' },
    }),
    expires_at: Timestamp.describe('When the authorization expires.'),
  })
  .meta({ id: 'UploadTarget', description: 'The form to upload the bytes with.' });

export const fileId = z.strictObject({ file_id: Id.describe('The id of the file.') });

export const fileOperations = operations({
  uploadFile: {
    method: 'POST',
    path: '/files/upload',
    capability: 'files',
    summary: 'Announce a file and get the form to upload its bytes with',
    description:
      'The first of three steps: then send the bytes to `upload.url` and wait until the file is `ready`. The description of the tag `files` explains all three.',
    access: everyone,
    body: z
      .strictObject({
        filename: Filename,
        content_type: ContentTypeHeader,
        size_bytes: z.int().positive('an empty file has nothing to do').meta({
          description: 'Size of the file in bytes. The upload must have exactly this size.',
          example: 183_220,
        }),
        sheet: Name({ max: 31, min: 1 }).optional().meta({
          description: 'Of an Excel workbook: the sheet to read as a table. The first visible one if absent.',
          example: 'Orders',
        }),
      })
      .refine((b) => b.sheet === undefined || own(KIND_OF_MEDIA_TYPE, b.content_type) === 'xlsx', {
        path: ['sheet'],
        message: 'only an Excel workbook has sheets',
      })
      // Zod also runs this check where `content_type` breaks a bound of its own and is not a media type.
      .refine((b) => b.size_bytes <= (maxBytesOf(b.content_type) ?? Infinity), {
        path: ['size_bytes'],
        message: `too large: ${sizeLimits(' ')} at most`,
      })
      .meta({
        id: 'Upload',
        description: 'A file to upload.',
        example: { filename: 'reviews.csv', content_type: 'text/csv', size_bytes: 183_220 },
      }),
    status: 201,
    answer: 'The file is announced; send its bytes now.',
    location: '/files/{file.id}',
    response: z
      .strictObject({
        file: FileView.describe('The file, `pending` until its bytes are uploaded and inspected.'),
        upload: UploadTarget.describe('The form to upload the bytes with.'),
        multipart: MultipartPlan.optional().describe(
          'Present above 25 MB: send the file in parts instead of by the form, so that a dropped connection loses one part at most.',
        ),
      })
      .meta({ id: 'AnnouncedFile', description: 'An announced file and the form to upload its bytes with.' }),
    errors: ['idempotency_key_reused'],
    idempotent: 'repeated',
  },
  listFiles: {
    method: 'GET',
    path: '/files/list',
    capability: 'files',
    summary: 'My files, newest first',
    description: 'The files of the caller, without download URLs.',
    access: everyone,
    query: PageQuery,
    status: 200,
    answer: 'One page of files.',
    response: pageOf('FilePage', FileView),
    errors: [],
  },
  getFile: {
    method: 'GET',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'One file',
    description: 'Visible to its owner, administrators, and the agent of a task that uses it.',
    access: parties,
    params: fileId,
    query: z.strictObject({
      sha256: Sha256.optional().meta({
        description:
          'Which bytes `download_url` is for, as items name them: of a member of an archive, its hash. The file itself if absent.',
        example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      }),
    }),
    status: 200,
    answer: 'The file.',
    response: FileView,
    errors: ['not_found'],
  },
  chooseEncoding: {
    method: 'POST',
    path: '/files/{file_id}/encoding',
    capability: 'files',
    summary: 'Choose the character encoding of a file',
    description:
      'For a file whose encoding is a guess (`metadata.encoding_guess` shows excerpts in other encodings) or was detected wrongly. The file is inspected again and is `pending` until that is done. A file that a task uses cannot be changed.',
    access: everyone,
    params: fileId,
    body: z
      .strictObject({
        encoding: Name({ max: 40, min: 1 }).meta({
          description: 'A label of the WHATWG Encoding Standard.',
          example: 'shift_jis',
        }),
      })
      .meta({ id: 'EncodingChoice', description: 'The encoding of a file.' }),
    status: 200,
    answer: 'The file is being inspected again in that encoding.',
    response: FileView,
    errors: ['not_found', 'wrong_state', 'file_in_use'],
  },
  deleteFile: {
    method: 'DELETE',
    path: '/files/{file_id}',
    capability: 'files',
    summary: 'Delete a file that no unfinished task uses',
    description:
      'Deletes the bytes permanently; of a file that is being sent in parts, aborts the upload. Answers 409 `file_in_use` while an unfinished task uses the file.',
    access: everyone,
    params: fileId,
    status: 204,
    answer: 'The file is deleted.',
    errors: ['not_found', 'file_in_use', 'conflict'],
  },
});
