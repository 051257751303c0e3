import * as z from 'zod';
import { Sha256, Timestamp } from '../entities/common.ts';
import { fileId, FileView, MultipartPlan } from './files.ts';
import { everyone, operations } from './operation.ts';

const PartNumber = z
  .int()
  .min(1)
  .max(10_000)
  .meta({ description: 'Number of the part, from 1.', example: 1 });

export const SignedPart = z
  .strictObject({
    part_number: PartNumber,
    size_bytes: z.int().positive().meta({ description: 'Size of the part in bytes.', example: 8_388_608 }),
    url: z.url().meta({
      description: 'Send the bytes of the part here by PUT.',
      example: 'https://files.example.com/uploads/archive/019ab5e0?partNumber=1&X-Amz-Signature=5d41402a',
    }),
    headers: z.record(z.string(), z.string()).meta({
      id: 'PartHeaders',
      description: 'Headers to send unchanged; the storage rejects bytes with another checksum.',
      example: { 'x-amz-checksum-sha256': 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=' },
    }),
    expires_at: Timestamp.describe('When the URL expires.'),
  })
  .meta({ id: 'SignedPart', description: 'The authorization to send one part.' });
export type SignedPart = z.infer<typeof SignedPart>;

export const StoredPart = z
  .strictObject({
    part_number: PartNumber,
    size_bytes: z.int().nonnegative().meta({ description: 'Its size in bytes.', example: 8_388_608 }),
    sha256: Sha256.describe('SHA-256 of its bytes.'),
  })
  .meta({ id: 'StoredPart', description: 'A part that has arrived.' });
export type StoredPart = z.infer<typeof StoredPart>;

/** Uploads in parts, which can be resumed. */
export const filePartOperations = operations({
  signParts: {
    method: 'POST',
    path: '/files/{file_id}/parts',
    capability: 'files',
    summary: 'Authorize parts of a file to be sent',
    description:
      'Answers with a URL for each part. Send the bytes of the part there by PUT with the given headers; the storage rejects bytes with another SHA-256. A part can be sent again, and signed again after its URL has expired. Files of any size can be sent in parts.',
    access: everyone,
    params: fileId,
    body: z
      .strictObject({
        parts: z
          .array(
            z
              .strictObject({ part_number: PartNumber, sha256: Sha256.describe('SHA-256 of its bytes.') })
              .meta({ id: 'PartToSign', description: 'A part to send.' }),
          )
          .min(1)
          .max(20)
          .describe('At most 20 at a time.'),
      })
      .meta({ id: 'PartsToSign', description: 'Parts to send.' }),
    status: 200,
    answer: 'The authorizations, in the order of the request.',
    response: z
      .strictObject({ parts: z.array(SignedPart).describe('One for each part of the request.') })
      .meta({ id: 'SignedParts', description: 'Authorizations to send parts.' }),
    errors: ['not_found', 'wrong_state'],
  },
  listParts: {
    method: 'GET',
    path: '/files/{file_id}/parts',
    capability: 'files',
    summary: 'Which parts of a file have arrived',
    description:
      'To resume an upload: send the parts that are missing, or whose SHA-256 is not that of the local file, and complete it.',
    access: everyone,
    params: fileId,
    status: 200,
    answer: 'The parts that have arrived.',
    response: z
      .strictObject({
        multipart: MultipartPlan.describe('How the file is cut into parts.'),
        parts: z.array(StoredPart).describe('The parts that have arrived, by number.'),
      })
      .meta({ id: 'UploadState', description: 'How far an upload in parts is.' }),
    errors: ['not_found', 'wrong_state'],
  },
  completeUpload: {
    method: 'POST',
    path: '/files/{file_id}/complete',
    capability: 'files',
    summary: 'Complete an upload in parts',
    description:
      'Joins the parts; the inspection of the file begins. Answers 409 `upload_incomplete` with the parts that are missing or have a wrong size. A repeated request has no further effect. `DELETE /files/{file_id}` aborts an upload and removes its parts.',
    access: everyone,
    params: fileId,
    status: 200,
    answer: 'The file, `pending` until it is inspected.',
    response: FileView,
    errors: ['not_found', 'wrong_state', 'upload_incomplete'],
  },
});
