// The built command line.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(process.env.LARDER_PROGRAMS ?? path.join(root, '.build/debug'), 'larder');

/** What `larder` with these arguments prints, given `input` on standard input. */
export function larder(words, input = '') {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, { maxBuffer: 1 << 30 }, (error, output) => {
      if (error) reject(error);
      else resolve(output);
    });
    // A command that reads nothing may be gone before that is written; its outcome tells the rest.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The answers of `larder share explain` or `register` to a list of questions. */
export async function share(command, rules, questions) {
  const words = ['share', command, '--file', '-', '--rules', rules, '--json'];
  return JSON.parse(await larder(words, JSON.stringify(questions)));
}
