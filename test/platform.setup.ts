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

/**
 * Starts a platform of its own for a suite, on free ports and with empty state, so that the suites run beside `npm start`.
 * @returns the teardown, which fails if the policies of dev do not allow what functions called
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [web, api, aws, sagemaker] = await freePorts(4);
  const platform = await startPlatform({
    ports: { web: web!, api: api!, aws: aws!, sagemaker: sagemaker! },
    name: 'test',
    reset: true,
    recordCalls: true,
    signal: new AbortController().signal,
    say: (line) => {
      console.log(`[platform] ${line}`);
    },
  });
  const { webUrl, apiUrl, awsEndpoint, sagemakerEndpoint, outputs } = platform;
  project.provide('platform', { webUrl, apiUrl, awsEndpoint, sagemakerEndpoint, outputs });
  return async () => {
    await platform.stop();
    const refused = await refusedCalls(callsFolder(platform.places));
    if (refused.length > 0) throw new Error(`AWS would refuse what functions called:\n${refused.join('\n')}`);
  };
}
