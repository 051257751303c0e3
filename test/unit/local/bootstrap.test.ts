import { describe, expect, it } from 'vitest';
import {
  choosePython,
  countJunit,
  countVitest,
  installedAsLocked,
  stepsToDo,
  sum,
} from '../../../local/bootstrap/decide.mjs';

type Version = [number, number];
const python = (command: string, version: Version, has = { venv: true, ensurepip: true }) => ({
  command,
  version,
  ...has,
});

describe('the choice of a Python', () => {
  it('takes the first suitable one', () => {
    expect(choosePython([python('python3', [3, 9]), python('python3.12', [3, 12])])).toMatchObject({
      python: { command: 'python3.12' },
    });
    expect(choosePython([python('python3', [3, 15]), python('python3.14', [3, 14])])).toMatchObject({
      python: { command: 'python3.14' },
    });
  });

  it('prefers one with venv over an earlier one without', () => {
    const without = python('python3', [3, 11], { venv: true, ensurepip: false });
    expect(choosePython([without, python('python3.10', [3, 10])])).toMatchObject({
      python: { command: 'python3.10' },
    });
  });

  it('names the Debian package when venv is missing', () => {
    const choice = choosePython([python('python3', [3, 11], { venv: true, ensurepip: false })]);
    expect(choice).toEqual({ problem: expect.stringContaining('apt-get install python3.11-venv') as string });
  });

  it('says which versions it saw when none is suitable', () => {
    const choice = choosePython([python('python3', [3, 8]), python('python', [2, 7])]);
    expect(choice).toEqual({ problem: expect.stringContaining('python3 is 3.8, python is 2.7') as string });
    expect(choosePython([])).toEqual({ problem: expect.stringContaining('none was found') as string });
  });
});

describe('what is installed', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
      'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-b', optional: true },
    },
  };
  const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } };

  it('is current when each package is there as locked, without those for other systems', () => {
    expect(installedAsLocked(lock, { packages: zod })).toBe(true);
  });
  it.each([
    ['nothing was installed', undefined],
    ['a package is missing', { packages: {} }],
    ['a version differs', { packages: { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } } }],
    ['a content differs', { packages: { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } } }],
  ])('is not when %s', (_, installed) => {
    expect(installedAsLocked(lock, installed)).toBe(false);
  });
});

describe('the steps of an installation', () => {
  const done = {
    npmCurrent: true,
    venvPresent: true,
    torch: 't1',
    requirements: 'r1',
    stamps: { torch: 't1', requirements: 'r1' },
  };

  it.each([
    ['nothing when nothing changed', {}, []],
    [
      'everything in a fresh clone',
      { npmCurrent: false, venvPresent: false, stamps: {} },
      ['npm', 'venv', 'torch', 'requirements'],
    ],
    ['npm alone when its lock changed', { npmCurrent: false }, ['npm']],
    ['the requirements alone when they changed', { requirements: 'r2' }, ['requirements']],
    [
      'torch and what stands on it when it changed',
      { torch: 't2', requirements: 'r2' },
      ['torch', 'requirements'],
    ],
    ['what was missing after a failure', { stamps: { torch: 't1' } }, ['requirements']],
  ])('are %s', (_, change, steps) => {
    expect(stepsToDo({ ...done, ...change })).toEqual(steps);
  });
});

describe('the counts of the suites', () => {
  const report = (
    numPassedTests: number,
    numFailedTests: number,
    testResults: { status: string; assertionResults: unknown[] }[] = [],
  ) => ({
    numPassedTests,
    numFailedTests,
    success: numFailedTests === 0 && testResults.every(({ status }) => status === 'passed'),
    testResults,
  });

  it('take a test file that did not load for a failure', () => {
    expect(countVitest(report(5, 1))).toEqual({ passed: 5, failed: 1 });
    const broken = [{ status: 'failed', assertionResults: [] }];
    expect(countVitest(report(5, 1, broken))).toEqual({ passed: 5, failed: 2 });
    expect(countVitest({ ...report(5, 0), success: false })).toEqual({ passed: 5, failed: 1 });
  });

  it('read pytest by its JUnit report', () => {
    const xml =
      '<?xml version="1.0"?><testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.5">';
    expect(countJunit(xml)).toEqual({ passed: 4, failed: 3 });
    expect(countJunit('')).toEqual({ passed: 0, failed: 1 });
  });

  it('add up', () => {
    expect(
      sum([
        { passed: 2, failed: 0 },
        { passed: 3, failed: 1 },
      ]),
    ).toEqual({ passed: 5, failed: 1 });
  });
});
