import { describe, expect, it, vi } from 'vitest';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { upload, type UploadPorts, type UploadStep } from './upload.ts';

const stored = (status: StoredFile['status'], rejected_reason?: string): StoredFile => ({
  id: '018f0000-0000-7000-8000-000000000001',
  filename: 'a.csv',
  content_type: 'text/csv',
  file_type: 'csv',
  size_bytes: 3,
  status,
  ...(rejected_reason && { rejected_reason }),
  metadata: null,
  used_by_tasks: [],
  created_at: '2026-01-01T00:00:00.000Z',
});
const announced = { file: stored('pending'), send: { url: 'http://s3/files', fields: { key: 'k' } } };
const ports = (...looks: StoredFile[]): UploadPorts => ({
  announce: vi.fn(async () => announced),
  send: vi.fn(async (_announced, _file, onProgress: (share: number) => void) => onProgress(0.5)),
  look: vi.fn(async () => looks.shift() ?? stored('pending')),
  wait: vi.fn(async () => undefined),
});
const run = async (given: UploadPorts, controller = new AbortController()) => {
  const steps: UploadStep[] = [];
  const last = await upload(new Blob(['a,b']), given, (step) => steps.push(step), controller.signal);
  return { last, at: steps.map((step) => (step.at === 'sending' ? step.progress : step.at)) };
};

describe('an upload', () => {
  it('is announced, sent and polled until it is ready', async () => {
    const given = ports(stored('pending'), stored('pending'), stored('ready'));
    const { last, at } = await run(given);
    expect(at).toEqual(['announcing', 0, 0.5, 'inspecting', 'ready']);
    expect(last).toEqual({ at: 'ready', file: stored('ready') });
    expect(given.look).toHaveBeenCalledTimes(3);
    expect(vi.mocked(given.send).mock.calls[0]?.[0]).toBe(announced);
  });

  it('reports why a file was rejected', async () => {
    const { last } = await run(ports(stored('rejected', 'This is a PNG image.')));
    expect(last).toEqual({ at: 'rejected', reason: 'This is a PNG image.' });
  });

  it('reports errors of the transfer', async () => {
    const given = { ...ports(), send: () => Promise.reject(new Error('The connection broke.')) };
    expect((await run(given)).last).toEqual({ at: 'failed', reason: 'The connection broke.' });
  });

  it('stops polling after five minutes', async () => {
    const given = ports();
    const { last } = await run(given);
    expect(last.at).toBe('failed');
    const waited = vi.mocked(given.wait).mock.calls.reduce((sum, [ms]) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(300_000);
    expect(waited).toBeLessThan(304_000);
  });

  it('reports nothing once it was removed', async () => {
    const controller = new AbortController();
    const given = ports(stored('ready'));
    given.wait = async () => controller.abort(new Error('removed'));
    const { at } = await run(given, controller);
    expect(at).toEqual(['announcing', 0, 0.5, 'inspecting']);
    expect(given.look).not.toHaveBeenCalled();
  });
});
