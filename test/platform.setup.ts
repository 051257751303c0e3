import type { TestProject } from 'vitest/node';
import { callsFolder } from '../local/calls/settings.ts';
import { startPlatform } from '../local/platform.ts';
import { freePorts } from '../local/ports.ts';
import type { StackOutputs } from '../local/deploy.ts';
import { refusedCalls } from './infra/iam/refused-calls.ts';

export interface TestPlatform {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly sagemakerEndpoint: string;
  readonly outputs: StackOutputs;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The platform that the suite runs against: `inject('platform')`. */
    platform: TestPlatform;
  }
}

interface SharedPlatform {
  readonly starting: ReturnType<typeof startPlatform>;
  projects: number;
}

/** Vitest loads this module once per project, so what the projects of one run share is a property of the process. */
const processWide = globalThis as { dukenetTestPlatform?: SharedPlatform };

/** Starts a platform on free ports and with empty state, so that the suites can run beside `npm start`. */
async function start(): ReturnType<typeof startPlatform> {
  const [web, api, aws, sagemaker] = await freePorts(4);
  return startPlatform({
    ports: { web: web!, api: api!, aws: aws!, sagemaker: sagemaker! },
    name: 'test',
    reset: true,
    recordCalls: true,
    signal: new AbortController().signal,
    say: (line) => {
      console.log(`[platform] ${line}`);
    },
  });
}

/**
 * Provides the platform of this run to a project; the first project starts it, and the last one stops it.
 * @returns the teardown, which fails if the policies of dev do not allow what functions called
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (processWide.dukenetTestPlatform ??= { starting: start(), projects: 0 });
  shared.projects += 1;
  const platform = await shared.starting;
  const { webUrl, apiUrl, awsEndpoint, sagemakerEndpoint, outputs } = platform;
  project.provide('platform', { webUrl, apiUrl, awsEndpoint, sagemakerEndpoint, outputs });
  return async () => {
    shared.projects -= 1;
    if (shared.projects > 0) return;
    delete processWide.dukenetTestPlatform;
    await platform.stop();
    const refused = await refusedCalls(callsFolder(platform.places));
    if (refused.length > 0) throw new Error(`AWS would refuse what functions called:\n${refused.join('\n')}`);
  };
}
