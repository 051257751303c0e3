/** Decisions of the bootstrap as pure functions, without files or processes. */

/** The newest Python that the pinned packages have wheels for. */
const NEWEST_PYTHON = 14;
const OLDEST_PYTHON = 10;

/** Searched in this order: the usual name, then versioned names, newest first. */
export const pythonNames = [
  'python3',
  ...Array.from({ length: NEWEST_PYTHON - OLDEST_PYTHON + 1 }, (_, i) => `python3.${NEWEST_PYTHON - i}`),
  'python',
];

/**
 * @typedef {{ command: string, version: [number, number], venv: boolean, ensurepip: boolean }} Python
 *   A Python interpreter that was found, with its capabilities.
 * @typedef {{ python: Python } | { problem: string }} PythonChoice
 */

/**
 * The first suitable Python, or the problem to report. A suitable version without `venv` is not used, but the problem names
 * the package that adds it.
 * @param {Python[]} found in order of preference
 * @returns {PythonChoice}
 */
export function choosePython(found) {
  const suitable = found.filter(
    ({ version: [major, minor] }) => major === 3 && minor >= OLDEST_PYTHON && minor <= NEWEST_PYTHON,
  );
  const complete = suitable.find((python) => python.venv && python.ensurepip);
  if (complete) return { python: complete };
  const [partial] = suitable;
  if (partial) {
    const name = `python${partial.version.join('.')}`;
    return {
      problem:
        `${partial.command} is Python ${partial.version.join('.')}, but its \`venv\` or \`ensurepip\` module is missing.\n` +
        `On Debian and Ubuntu: sudo apt-get install ${name}-venv`,
    };
  }
  const seen = found.map(({ command, version }) => `${command} is ${version.join('.')}`).join(', ');
  return {
    problem:
      `Python 3.${OLDEST_PYTHON} to 3.${NEWEST_PYTHON} is needed and none was found${seen ? ` (${seen})` : ''}.\n` +
      'On Debian and Ubuntu: sudo apt-get install python3 python3-venv. On macOS: brew install python@3.13',
  };
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Whether the installed packages (npm's record, `node_modules/.package-lock.json`) match the lock file. Optional packages are
 * often for another system and may be missing.
 * @param {Lock} lock
 * @param {Lock | undefined} installed
 */
export function installedAsLocked(lock, installed) {
  if (!installed?.packages) return false;
  const have = installed.packages;
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const got = have[path];
    if (!got) return wanted.optional === true || wanted.devOptional === true;
    return got.version === wanted.version && got.integrity === wanted.integrity;
  });
}

/**
 * @typedef {'npm' | 'venv' | 'torch' | 'requirements'} Step
 * @typedef {{ npmCurrent: boolean, venvPresent: boolean, torch: string, requirements: string, stamps: { torch?: string, requirements?: string } }} Present
 *   `torch` and `requirements` are hashes of the files that name the packages, `stamps` those of the last success.
 */

/**
 * The remaining installation steps, in order. A new venv needs all Python steps; a new torch needs the requirements again,
 * since they were resolved against it.
 * @param {Present} present
 * @returns {Step[]}
 */
export function stepsToDo({ npmCurrent, venvPresent, torch, requirements, stamps }) {
  /** @type {Step[]} */
  const steps = npmCurrent ? [] : ['npm'];
  if (!venvPresent) return [...steps, 'venv', 'torch', 'requirements'];
  if (stamps.torch !== torch) return [...steps, 'torch', 'requirements'];
  return stamps.requirements === requirements ? steps : [...steps, 'requirements'];
}

/**
 * @typedef {{ passed: number, failed: number, failures: string[] }} Count `failures` names the tests and files that failed
 * @typedef {{ status: string, name: string, assertionResults: { status: string, fullName: string }[] }} FileResult
 */

/**
 * Counts of vitest's JSON report. A file that could not be loaded, and an error outside any test, is one failure each.
 * @param {{ numPassedTests: number, numFailedTests: number, success: boolean, testResults: FileResult[] }} report
 * @returns {Count}
 */
export function countVitest(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const failures = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${file.name}: ${test.fullName}`),
  );
  const passed = report.numPassedTests;
  if (failed === 0 && !report.success)
    return { passed, failed: 1, failures: ['an error outside any test: see the output'] };
  return { passed, failed, failures: [...brokenFiles.map((file) => file.name), ...failures] };
}

/**
 * Counts of pytest's JUnit report; skipped tests count as neither.
 * @param {string} xml
 * @returns {Count}
 */
export function countJunit(xml) {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? '';
  /** @param {string} name */
  const number = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? NaN);
  const failed = number('failures') + number('errors');
  const passed = number('tests') - failed - number('skipped');
  if (Number.isNaN(passed)) return { passed: 0, failed: 1, failures: ['no report that can be read'] };
  const cases = [...xml.matchAll(/<testcase\b([^>]*[^/>])>\s*<(?:failure|error)\b/g)];
  const failures = cases.map(([, attributes = '']) => {
    /** @param {string} name */
    const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    return [attribute('classname'), attribute('name')].filter((part) => part !== '').join(': ');
  });
  return { passed, failed, failures };
}

/**
 * @param {Count[]} counts
 * @returns {Count}
 */
export function sum(counts) {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}
