// Runs docs/quickstart.md as it is printed: a block of JavaScript is the file that the line above
// it names, a block of shell runs at the root of the project, and a block of text is what that
// printed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile }
  from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = process.env.LARDER_PROGRAMS ?? path.join(root, '.build/debug');

test('the quickstart', async (t) => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'larder-quickstart-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  t.after(() => endPrograms(home));
  const project = path.join(home, 'project');
  await mkdir(path.join(home, 'bin'), { recursive: true });
  // The project's own webpack.
  const npx = path.join(home, 'bin/npx');
  await writeFile(npx, `#!/bin/sh\nshift\nexec '${root}scripts/webpack' 5.97 -- "$@"\n`);
  await chmod(npx, 0o755);
  const env = {
    PATH: `${home}/bin:${programs}:${process.env.PATH}`,
    HOME: home,
    LARDER: root.replace(/\/$/, ''),
    LARDER_CACHE: process.env.LARDER_CACHE
      ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'larder'),
  };
  let printed;
  let steps = 0;
  const page = await readFile(path.join(root, 'docs/quickstart.md'), 'utf8');
  for (const { language, text, file } of blocks(page)) {
    if (language === 'js') {
      assert.ok(file, `no file is named above: ${text}`);
      await mkdir(path.dirname(path.join(project, file)), { recursive: true });
      await writeFile(path.join(project, file), text);
    } else if (language === 'sh') {
      ({ stdout: printed } = await run('bash', ['--norc', '-euc', text], { cwd: project, env }));
      steps += 1;
    } else {
      assert.equal(language, 'text');
      assert.equal(printed, text);
    }
  }
  assert.equal(steps, 4);
});

/** Fenced blocks, with the file that a line such as "`nav/a.js`:" before one names. */
function blocks(page) {
  return [...page.matchAll(/(?:`([\w./-]+)`:\n\n)?```(\w+)\n([^]*?)```\n/g)]
    .map(([, file, language, text]) => ({ file, language, text }));
}

/** Ends what runs with the home: the daemon that was detached. */
async function endPrograms(home) {
  for (const number of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process that is gone by now needs no ending.
    const words = await readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '');
    const program = await readlink(`/proc/${number}/exe`).catch(() => '');
    if (words.includes(home) && program.endsWith('/larderd')) {
      process.kill(Number(number), 'SIGKILL');
    }
  }
}
