import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { birthOf } from '../../../local/sagemaker/jobs/process-group.ts';
import { JobBed } from './job-bed.ts';

const bed = new JobBed();

describe('a restart of the platform', () => {
  it('interrupts a job, which resumes from its checkpoint, once', async () => {
    await bed.train('interrupted', { steps: '150', ms: '20' });
    await bed.train('queued');
    await bed.underWay('interrupted');
    const [{ pid = 0 } = {}] = bed.starts('interrupted');
    await bed.stop();
    expect(birthOf(pid)).toBeUndefined();
    const reached = Number(bed.text('checkpoints/interrupted/step'));

    await bed.start();
    const job = await bed.trained('interrupted', { TrainingJobStatus: 'Completed' });
    await bed.trained('queued', { TrainingJobStatus: 'Completed' });
    expect(bed.starts('interrupted').map(({ step }) => step)).toEqual([0, reached]);
    const phases = job.SecondaryStatusTransitions?.map(({ Status }) => Status);
    expect(phases).toEqual(
      'Pending Downloading Training Interrupted Restarting Training Uploading Completed'.split(' '),
    );
    await bed.stop();
    await bed.start();
    expect(await bed.training('interrupted')).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bed.starts('interrupted')).toHaveLength(2);
    expect(bed.s3.puts.filter((key) => key.endsWith('interrupted/output/model.tar.gz'))).toHaveLength(1);
  });

  it('during the upload of the artifact repeats the upload, not the training', async () => {
    const artifact = 'work/runs/1/out/late/output/model.tar.gz';
    bed.s3.held.add(artifact);
    await bed.train('late', { steps: '3' });
    await vi.waitFor(() => {
      expect(bed.s3.puts).toContain(artifact);
    }, 120_000);
    expect(await bed.training('late')).toMatchObject({ SecondaryStatus: 'Uploading' });
    await bed.stop();
    bed.s3.held.clear();
    await bed.start();
    await bed.trained('late', { TrainingJobStatus: 'Completed' });
    expect(bed.s3.objects.has(artifact)).toBe(true);
    expect(bed.starts('late')).toHaveLength(1);
  });

  /** Another platform on the same folder, which can be killed. */
  const host = async (maxRestarts = 3): Promise<() => Promise<void>> => {
    await bed.stop();
    const program = join(import.meta.dirname, 'job-host.ts');
    const child = spawn(process.execPath, [program, bed.folder, bed.s3.url, String(maxRestarts)]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const [address] = (await once(child.stdout, 'data')) as [Buffer];
    bed.connect(address.toString().trim());
    return async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    };
  };

  it.each([
    ['a process that dies with it', {}],
    ['a process that outlives it, which is ended first', { deaf: 'yes' }],
  ])('after a kill resumes the job with %s', async (_, fault) => {
    const kill = await host();
    await bed.train('killed', { steps: '100', ms: '20', ...fault });
    await bed.underWay('killed');
    const [{ pid = 0 } = {}] = bed.starts('killed');
    await kill();
    if ('deaf' in fault) expect(birthOf(pid)).toBeDefined();

    await bed.start();
    await vi.waitFor(() => expect(bed.starts('killed')).toHaveLength(2), 120_000);
    expect(birthOf(pid)).toBeUndefined();
    await bed.trained('killed', { TrainingJobStatus: 'Completed' });
    expect(bed.starts('killed')[1]?.step).toBeGreaterThan(2);
    expect(bed.starts('killed')).toHaveLength(2);
  });

  it('gives up a job during which the platform dies repeatedly', async () => {
    for (let times = 1; times <= 2; times++) {
      const kill = await host(1);
      if (times === 1) await bed.train('deadly', { steps: '1000', ms: '20' });
      await vi.waitFor(() => expect(bed.starts('deadly')).toHaveLength(times), 120_000);
      await kill();
    }
    await bed.start({ maxRestarts: 1 });
    await bed.trained('deadly', {
      TrainingJobStatus: 'Failed',
      FailureReason: 'InternalServerError: the platform died 2 times while the job was running.',
    });
    expect(bed.starts('deadly')).toHaveLength(2);
  });
});
