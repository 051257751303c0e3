import { describe, expect, test } from 'vitest';
import { detectEncoding } from '../../../lambdas/files/encoding.ts';
import { FREQUENCIES } from '../../../lambdas/files/encodings/frequencies.ts';
import { fingerprint } from '../../../lambdas/files/fingerprint.ts';
import { Encoder } from '../../../lambdas/shared/tables/encode.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import { frequencyTables } from '../../../scripts/encodings/frequencies.ts';
import type { ByteModels } from '../../../scripts/encodings/frequencies.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { fillIn, ready } from '../support/table-flow.ts';

const detected = async (bytes: Buffer) =>
  detectEncoding(
    await fingerprint(
      (async function* () {
        yield bytes;
      })(),
    ),
  );
const encoded = (text: string, encoding: string): Buffer => {
  const bytes = new Encoder(encoding).encode(text);
  if (!bytes) throw new Error(`${encoding} has no place for it`);
  return bytes;
};

/** jschardet exports its detector only. A name that TypeScript does not resolve: the file has no types. */
const MODELS: string = new URL('../../../node_modules/jschardet/build/models/index.js', import.meta.url).href;

const SHORT: readonly (readonly [encoding: string, rows: readonly string[]])[] = [
  ['windows-1251', ['Отличный чайник, спасибо;хорошо', 'Сломался через день;плохо', 'Ужасное качество;']],
  ['koi8-r', ['Отличный чайник, спасибо;хорошо', 'Сломался через день;плохо', 'Ужасное качество;']],
  ['windows-1250', ['Świetny czajnik, dziękuję;dobrze', 'Zepsuł się następnego dnia;źle', 'Okropna jakość;']],
  [
    'windows-1254',
    ['Çok güzel bir çaydanlık, teşekkürler;iyi', 'Ertesi gün bozuldu, kötü;kötü', 'Berbat işçilik ığdır;'],
  ],
  ['windows-1252', ['Schöne Grüße aus Köln;gut', 'Gerät kaputt, böser Ärger;schlecht', 'Sehr hübsch;']],
  [
    'windows-1253',
    ['Πολύ καλός βραστήρας, ευχαριστώ;καλό', 'Χάλασε την επόμενη μέρα;κακό', 'Απαίσια ποιότητα;'],
  ],
  ['shift_jis', ['とても良いやかんです;良い', '次の日に壊れました;悪い', '品質が悪い;']],
  ['euc-jp', ['とても良いやかんです;良い', '次の日に壊れました;悪い', '品質が悪い;']],
  ['gbk', ['非常好的水壶,谢谢;好', '第二天就坏了;坏', '质量太差;']],
  ['big5', ['非常好的水壺,謝謝;好', '第二天就壞了;壞', '品質太差;']],
  ['euc-kr', ['아주 좋은 주전자입니다;좋음', '다음 날 고장났어요;나쁨', '품질이 나빠요;']],
  ['windows-874', ['กาน้ำดีมาก ขอบคุณ;ดี', 'วันต่อมาก็พัง;แย่', 'คุณภาพแย่มาก;']],
];

describe('short files of several languages', () => {
  test.each(SHORT)('%s', async (encoding, rows) => {
    const bytes = encoded(`text;label\r\n${rows.join('\r\n')}\r\n`, encoding);
    const found = await detected(bytes);
    expect(new TextDecoder(found.encoding).decode(bytes)).toBe(new TextDecoder(encoding).decode(bytes));
    const { output } = await fillIn('text/csv', bytes, 'label', () => 'x');
    expect(output).toEqual(encoded(`text;label\r\n${rows.join('\r\n')}x\r\n`, encoding));
  });

  test.each(SHORT)('%s among many lines of English', async (encoding, rows) => {
    const english = Array.from({ length: 40 }, (_, i) => `Order ${i} was shipped to the customer;ok`);
    const bytes = encoded(`text;label\r\n${[...english, ...rows].join('\r\n')}\r\n`, encoding);
    const { encoding: found } = await detected(bytes);
    expect(new TextDecoder(found).decode(bytes)).toBe(new TextDecoder(encoding).decode(bytes));
  });
});

describe('one non-ASCII word in English text', () => {
  test.each([
    ['windows-1252', 'café'],
    ['windows-1252', 'São Paulo'],
    ['windows-1252', 'Müller'],
    ['windows-1252', 'Peña'],
    ['windows-1252', 'Citroën'],
    ['windows-1252', "Côte d'Ivoire"],
    ['windows-1252', '£5'],
    ['windows-1252', '€ 20'],
    ['windows-1252', '20 °C'],
    ['windows-1252', '“quoted” text'],
    ['windows-1252', 'it’s'],
    ['windows-1250', 'Łódź'],
    ['windows-1251', 'Здравствуйте'],
    ['windows-1251', 'мир'],
    ['koi8-r', 'мир'],
    ['windows-1254', 'İstanbul'],
    ['shift_jis', '東京'],
    ['euc-kr', '서울'],
    ['big5', '臺北'],
  ])('%s: %s', async (encoding, word) => {
    const { encoding: found } = await detected(encoded(`id,name\n1,${word}\n2,abc\n`, encoding));
    expect(new TextDecoder(found).decode(encoded(word, encoding))).toBe(word);
  });

  test('asks the owner if several encodings are equally likely', async () => {
    const { guess } = await detected(encoded('id,name\n1,naïve\n2,abc\n', 'windows-1252'));
    expect(guess?.alternatives.map(({ excerpt }) => excerpt.trim())).toContain('naïve');
  });
});

test('the tables of frequencies are what the generator writes', async () => {
  const { loadModels } = (await import(MODELS)) as {
    loadModels: () => ByteModels;
  };
  expect(FREQUENCIES).toEqual(frequencyTables(loadModels()));
});

test.each(['utf-16le', 'utf-16be'])('%s without a byte order mark', async (encoding) => {
  expect(await detected(encoded('text;label\nGrüße aus Köln;good\nя;\n', encoding))).toEqual({ encoding });
});

test('shows the alternatives if two encodings are equally likely', async () => {
  const bytes = Buffer.from('id,name,label\n1,caf\xe9 \xc0 \xd0,a\n2,b,\n', 'latin1');
  const { encoding, guess } = await detected(bytes);
  if (!guess) throw new Error(`sure of ${encoding}`);
  expect(guess.alternatives.length).toBeGreaterThan(1);
  expect(guess.alternatives[0]?.encoding).toBe(encoding);
  expect(new Set(guess.alternatives.map(({ excerpt }) => excerpt)).size).toBe(guess.alternatives.length);
});

test.each(['windows-1251', 'shift_jis', 'utf-8'])(
  'tells the model that a document is %s',
  async (encoding) => {
    const [, rows] = SHORT.find(([name]) => name === encoding) ?? [encoding, ['Schöne Grüße aus Köln;gut']];
    const file = await ready('text/plain', encoded(rows.join('\r\n'), encoding));
    const sources = {
      task: { kind: 'generation' as const, files: [file.id] },
      inputs: { items: [], examples: [] },
      files: new Map([[file.id, file]]),
      uploads: memoryObjects('files'),
    };
    const told: (string | undefined)[] = [];
    for await (const expanded of expandItems(sources)) {
      if ('item' in expanded)
        told.push(...Object.values(expanded.item.media ?? {}).map((medium) => medium.encoding));
    }
    // UTF-8 is what the model takes where nothing is said.
    expect(told).toEqual([encoding === 'utf-8' ? undefined : encoding]);
  },
);
