import { describe, expect, it } from 'vitest';
import {
  choosePython,
  countJunit,
  countVitest,
  installedAsLocked,
  stepsToDo,
  sum,
} from '../../../local/bootstrap/decide.mjs';

type FileResult = Parameters<typeof countVitest>[0]['testResults'][number];

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

  it('lists the versions that it found if none is suitable', () => {
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

  it('is current if each package matches the lock file, apart from those for other systems', () => {
    expect(installedAsLocked(lock, { packages: zod })).toBe(true);
  });
  it.each([
    ['nothing was installed', undefined],
    ['a package is missing', { packages: {} }],
    ['a version differs', { packages: { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } } }],
    ['a content differs', { packages: { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } } }],
  ])('is not current if %s', (_, installed) => {
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
  const report = (numPassedTests: number, testResults: FileResult[], success = false) => ({
    numPassedTests,
    numFailedTests: testResults.flatMap((file) => file.assertionResults).length,
    success,
    testResults,
  });
  const failing = {
    status: 'failed',
    name: 'price.test.ts',
    assertionResults: [{ status: 'failed', fullName: 'the price of a task rounds up' }],
  };

  it('name the tests that failed', () => {
    expect(countVitest(report(5, [failing]))).toEqual({
      passed: 5,
      failed: 1,
      failures: ['price.test.ts: the price of a task rounds up'],
    });
  });

  it('count a test file that did not load as a failure', () => {
    const broken = { status: 'failed', name: 'broken.test.ts', assertionResults: [] };
    expect(countVitest(report(5, [failing, broken]))).toEqual({
      passed: 5,
      failed: 2,
      failures: ['broken.test.ts', 'price.test.ts: the price of a task rounds up'],
    });
  });

  it('count an error outside any test as a failure', () => {
    expect(countVitest(report(5, []))).toEqual({
      passed: 5,
      failed: 1,
      failures: ['an error outside any test: see the output'],
    });
    expect(countVitest(report(5, [], true))).toEqual({ passed: 5, failed: 0, failures: [] });
  });

  it('read the JUnit report of pytest', () => {
    const xml = `<?xml version="1.0"?><testsuites name="x">
      <testsuite name="pytest" errors="1" failures="1" skipped="3" tests="10" time="1.5">
      <testcase classname="tests.test_rows" name="test_right" time="0.1" />
      <testcase classname="tests.test_rows" name="test_skipped" time="0.1"><skipped message="no GPU" /></testcase>
      <testcase classname="tests.test_rows" name="test_wrong[a]" time="0.1"><failure message="1 &lt; 2">x</failure></testcase>
      <testcase classname="" name="tests.test_broken" time="0.0"><error message="collection failure">x</error></testcase>
      </testsuite></testsuites>`;
    expect(countJunit(xml)).toEqual({
      passed: 5,
      failed: 2,
      failures: ['tests.test_rows: test_wrong[a]', 'tests.test_broken'],
    });
    expect(countJunit('')).toEqual({ passed: 0, failed: 1, failures: ['no report that can be read'] });
  });

  it('add up', () => {
    expect(
      sum([
        { passed: 2, failed: 0, failures: [] },
        { passed: 3, failed: 1, failures: ['a.test.ts: b'] },
      ]),
    ).toEqual({ passed: 5, failed: 1, failures: ['a.test.ts: b'] });
  });
});
