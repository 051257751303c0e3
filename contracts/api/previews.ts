import * as z from 'zod';
import { Sha256 } from '../entities/common.ts';
import { LIMITS } from '../limits.ts';
import { fileId } from './files.ts';
import { operations, parties } from './operation.ts';
import { queryInteger } from './page.ts';

const DataUrl = z
  .string()
  .regex(/^data:image\/webp;base64,[A-Za-z0-9+/]+=*$/)
  .meta({
    description: 'The picture in WebP, as a data URL.',
    example: 'data:image/webp;base64,UklGRh4AAABXRUJQ',
  });
const Width = z.int().positive().meta({ description: 'Width of the preview in pixels.', example: 320 });
const Height = z.int().positive().meta({ description: 'Height of the preview in pixels.', example: 213 });

export const FilePreview = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('picture').describe('A picture, scaled down.'),
        data_url: DataUrl,
        width: Width,
        height: Height,
      })
      .meta({ id: 'PicturePreview', description: 'A picture, scaled down, without metadata.' }),
    z
      .strictObject({
        kind: z.literal('page').describe('A page of a PDF.'),
        data_url: DataUrl,
        width: Width,
        height: Height,
        page: z.int().positive().meta({ description: 'Number of the page, from 1.', example: 1 }),
        pages: z.int().positive().meta({ description: 'Number of pages.', example: 3 }),
      })
      .meta({ id: 'PagePreview', description: 'A page of a PDF as a picture.' }),
    z
      .strictObject({
        kind: z.literal('waveform').describe('A sound.'),
        peaks: z
          .array(z.number().min(0).max(1))
          .max(LIMITS.waveformPeaks.value)
          .meta({
            description: 'The loudest sample of each of equal spans of time, from 0 to 1.',
            example: [0, 0.42, 0.97, 0.3],
          }),
      })
      .meta({ id: 'WaveformPreview', description: 'The loudness of a sound over its time.' }),
    z
      .strictObject({
        kind: z.literal('none').describe('There is no preview.'),
        reason: z.string().max(300).meta({
          description: 'Why there is none.',
          example: 'Tables and texts have no preview.',
        }),
      })
      .meta({ id: 'NoPreview', description: 'A file without a preview; it can be used all the same.' }),
  ])
  .meta({ id: 'FilePreview', description: 'A preview of a file.' });
export type FilePreview = z.infer<typeof FilePreview>;

/** Previews have a function of their own, because the libraries that decode media are large. */
export const previewOperations = operations({
  previewFile: {
    method: 'GET',
    path: '/files/{file_id}/preview',
    capability: 'previews',
    summary: 'A small picture of a file, a page of it, or its waveform',
    description:
      'Visible to everyone who may see the file. Made on the first request, then stored. A file without a preview (`none`, with the reason) can be used like any other.',
    access: parties,
    params: fileId,
    query: z.strictObject({
      sha256: Sha256.optional().meta({
        description: 'Of a member of an archive: its hash, as items name it. The file itself if absent.',
        example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      }),
      page: queryInteger(1, LIMITS.pages.value).default(1).meta({
        description: 'Page of a PDF, from 1.',
        default: 1,
        example: 1,
      }),
    }),
    status: 200,
    answer: 'The preview, or why there is none.',
    response: FilePreview,
    errors: ['not_found'],
  },
});
