// How long the console takes to draw 500 remotes, from the navigation's start to the frame that has
// them: the list, with its data and without a cache, then the graph.
import { Project } from '../Builds/project.mjs';
import { Daemon } from '../Graphs/daemon.mjs';
import { publishMany } from './console-shop.mjs';
import { Tab } from './devtools.mjs';

const count = 500;
const goalMilliseconds = 1000;
const loads = 7;

const ends = [];
const t = { after: (end) => ends.push(end) };
try {
  const project = await Project.create(t);
  const daemon = await Daemon.startGateway();
  t.after(() => daemon.stop());
  await daemon.gateway();
  await publishMany(project, daemon, count);
  const { url } = await daemon.larder('console', '--print');
  const tab = await Tab.open(t, { width: 1360, height: 840 });
  // When the frame after the one that has it all begins.
  const drawn = () => tab.evaluate(`new Promise((resolve) => requestAnimationFrame(() => (
    requestAnimationFrame(() => resolve(performance.now())))))`);
  const times = { list: [], graph: [] };
  for (let load = 0; load < loads; load += 1) {
    await tab.go('about:blank');
    await tab.go(url);
    await tab.until((number) => document.querySelectorAll('tbody tr').length === number, count);
    times.list.push(await drawn());
    const start = await tab.run(() => {
      location.hash = '#/graph';
      return performance.now();
    });
    await tab.until((number) => document.querySelectorAll('.node').length >= number, count);
    times.graph.push(await drawn() - start);
  }
  await tab.screenshot(new URL('../../.build/screenshots/console-graph-500.png', import.meta.url).pathname);
  const median = (list) => Math.round([...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]);
  const row = (name, list) => console.log(`${name.padEnd(28)} median ${median(list)} ms, `
    + `most ${Math.round(Math.max(...list))} ms of ${list.length}`);
  row(`${count} remotes listed`, times.list);
  row(`${count} remotes as a graph`, times.graph);
  const isMet = median(times.list) <= goalMilliseconds && median(times.graph) <= goalMilliseconds;
  console.log(`goal ${goalMilliseconds} ms each: ${isMet ? 'met' : 'MISSED'}`);
  if (!isMet) process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}
process.exit();
