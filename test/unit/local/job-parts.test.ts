import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dukeMMJob } from '../../../local/sagemaker/container.ts';
import { archive } from '../../../local/sagemaker/jobs/archive.ts';
import { searchLog } from '../../../local/sagemaker/jobs/metrics.ts';
import type { JobTask } from '../../../local/sagemaker/jobs/run.ts';
import { entriesOf } from './job-bed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'job-parts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("a model's archive", () => {
  it('has the same bytes for the same files, whatever their timestamps', async () => {
    const archives = ['one', 'two'].map((name, at) => {
      const model = join(folder, name);
      mkdirSync(join(model, 'memory'), { recursive: true });
      for (const path of at === 0 ? ['b', 'a', 'memory/c'] : ['memory/c', 'a', 'b']) {
        writeFileSync(join(model, path), path);
        utimesSync(join(model, path), 1000 + at, 1000 + at);
      }
      return { model, file: join(folder, `${name}.tar.gz`) };
    });
    for (const { model, file } of archives) expect(await archive(model, file)).toBe(true);
    const [one = Buffer.of(), two = Buffer.of()] = archives.map(({ file }) => readFileSync(file));
    expect(one.equals(two)).toBe(true);
    expect(await entriesOf(one)).toEqual({ a: 'a', b: 'b', 'memory/c': 'memory/c' });
  });

  it('is rejected without files', async () => {
    expect(await archive(folder, join(folder, 'none.tar.gz'))).toBe(false);
  });
});

describe('the search of a log for metrics', () => {
  const definitions = [
    { Name: 'loss', Regex: '"loss": ?([0-9.e-]+)' },
    { Name: 'f1', Regex: 'f1=(\\S+)' },
  ];
  it('keeps the last value of each, continues where it stopped, and reads complete lines only', async () => {
    const log = join(folder, 'log');
    writeFileSync(log, '{"loss": 0.5}\nf1=nothing\n{"loss": 4e-1}\nf1=0.');
    const first = await searchLog(log, definitions, { metrics: [], read: 0 });
    expect(first.metrics).toMatchObject([{ name: 'loss', value: 0.4 }]);
    appendFileSync(log, `9\n${'x'.repeat(3_000_000)}f1=1\n{"loss":0.3}\n`);
    const second = await searchLog(log, definitions, first);
    expect(second.metrics).toMatchObject([
      { name: 'loss', value: 0.3 },
      { name: 'f1', value: 0.9 },
    ]);
    expect(second.read).toBe(readFileSync(log).length);
    expect(await searchLog(log, definitions, second)).toEqual(second);
  });
});

describe('the Duke MM image as a job', () => {
  const container = dukeMMJob({
    root: '/repository',
    python: '/repository/.venv/bin/python',
    awsEndpoint: 'http://127.0.0.1:4566',
    region: 'eu-central-1',
  });
  const task = (changes: Partial<JobTask>): JobTask => ({
    kind: 'training',
    arn: 'arn:aws:sagemaker:eu-central-1:000000000000:training-job/x',
    entrypoint: undefined,
    arguments: ['train'],
    environment: {},
    ml: folder,
    ...changes,
  });

  it('gets flags with its folders, and none for a missing input', () => {
    mkdirSync(join(folder, 'input/data/data'), { recursive: true });
    const { file, args, env } = container(
      task({ environment: { OMP_NUM_THREADS: '3', PYTHONPATH: '/evil' } }),
    );
    expect(file).toBe('/repository/.venv/bin/python');
    expect(args).toEqual([
      ...['/repository/local/leash.py', 'dukemm', 'train'],
      ...['--data', `${folder}/input/data/data`, '--model-dir', `${folder}/model`],
      ...['--output-dir', `${folder}/output`, '--checkpoint-dir', `${folder}/checkpoints`],
    ]);
    expect(env).toMatchObject({ OMP_NUM_THREADS: '3', PYTHONPATH: '/repository/model' });
  });

  it('gets translated paths from its entrypoint and arguments, which take precedence', () => {
    const { args } = container(
      task({
        kind: 'processing',
        entrypoint: ['python3', '-m', 'dukemm', 'evaluate'],
        arguments: [
          '--data=/opt/ml/processing/input/data',
          '--output',
          '/opt/ml/processing/out',
          '/opt/mlx',
          'a/opt/ml',
        ],
      }),
    );
    expect(args.slice(1)).toEqual([
      ...['dukemm', 'evaluate', '--output', `${folder}/processing/output`],
      ...['--message', `${folder}/output/message`],
      ...[
        `--data=${folder}/processing/input/data`,
        '--output',
        `${folder}/processing/out`,
        '/opt/mlx',
        'a/opt/ml',
      ],
    ]);
  });

  it.each([[['sh', '-c', 'rm -rf /']], [['python', 'dukemm']], [['python', '-m', 'http.server']]])(
    'rejects the command %s',
    (entrypoint) => {
      expect(() => container(task({ entrypoint }))).toThrow('only "python -m dukemm" runs here');
    },
  );
});
