// The steps of the demo, in their order. Each says what it expects and what it sees.
import { comparePlan } from './comparison.mjs';
import { Fixtures } from './fixtures.mjs';
import { table } from './report.mjs';

/** Files of the catalog's lazy route: chunk, style, image. */
const routeFiles = ['route.js', 'assets/details.css', 'assets/details.png'];

/** Applications, what webpack makes of them, origins, and an empty store with three remotes. */
export async function prepare(stage) {
  const { report, daemon } = stage;
  report.begin('0 (preparation)', 'applications, origins, an empty store');
  stage.fixtures = await Fixtures.build(stage.seed);
  const { fixtures } = stage;
  const { hosts, second } = fixtures.facts;
  report.note('applications', `${fixtures.applications.join(', ')}; hosts ${
    Object.values(hosts).map(({ name }) => name).join(', ')}`);
  report.note('built by webpack', fixtures.fresh ? 'now' : 'before, for this seed');
  report.note('two versions', `of ${fixtures.catalog}: ${
    second.editions.first}, ${second.editions.second}`);
  const { origins } = stage;
  const references = [['first', 'dist'], ['second', 'dist-second']].flatMap(([key, deploy]) =>
    ['kiosk', 'site'].map(async (role) => {
      stage.references[key][role] = await fixtures.reference(role, deploy);
    }));
  await Promise.all([daemon.start(), ...references, origins.start(Object.fromEntries(
    fixtures.applications.map((name) => [name, fixtures.deployed(name)])))]);
  const { store } = await daemon.status();
  report.equal('blobs in the store', 0, store.blobs);
  await Promise.all(fixtures.applications.map((name) =>
    daemon.ask('remote', 'add', name, ...origins.urls(name))));
  const { remotes } = await daemon.ask('remote', 'list');
  report.equal('remotes registered', [...fixtures.applications].sort(),
    remotes.map(({ name }) => name).sort());
  report.equal('their releases kept so far', 0, remotes.flatMap(({ releases }) => releases).length);
  report.end();
}

export async function cold(stage) {
  const { report, daemon, origins, fixtures } = stage;
  report.begin('a (cold)', 'two hosts start at the same time on the empty store');
  const hosts = [stage.host('kiosk', 'kiosk'), stage.host('site', 'site')];
  stage.early = hosts;
  await renderAll(stage, hosts, 'first');
  await daemon.remotesReach((all) => all.every(({ state }) => state === 'complete'),
    'the rest of the releases');
  const { log } = origins;
  const full = log.filter(({ status }) => status === 200);
  const unchanged = log.filter(({ status }) => status === 304);
  // Each build is asked for its lockfile and for what else may tell of it, which these do not have.
  const absent = log.filter(({ url, status }) =>
    status === 404 && /\/(larder-lock|mf-stats|mf-manifest)\.json$/.test(url));
  const others = log.filter((one) => ![full, unchanged, absent].some((list) => list.includes(one)));
  const twice = full.filter(({ url }, index) =>
    full.findIndex((other) => other.url === url) !== index);
  report.equal('URLs that an origin sent twice', [], twice.map(({ url }) => url));
  report.equal('requests that an origin refused', [], others.map(({ url }) => url));
  const { origin } = await daemon.status();
  report.equal('requests, the daemon\'s count and the origins\'', full.length, origin.requests);
  report.equal('of those unchanged (304), listed apart', unchanged.length, origin.revalidations);
  report.equal('files that may tell of a build, and are not there',
    3 * fixtures.applications.flatMap((name) => origins.urls(name)).length, absent.length);
  const bytes = full.reduce((sum, one) => sum + one.bytes, 0);
  report.equal('bytes: description + planned + background', bytes,
    origin.descriptionBytes + origin.plannedBytes + origin.backgroundBytes);
  report.note('bytes of descriptions', origin.descriptionBytes);
  report.note('bytes planned', origin.plannedBytes);
  report.note('bytes in the background', origin.backgroundBytes);
  report.end();
}

export async function badDeploy(stage) {
  const { report, daemon, origins, fixtures } = stage;
  const { catalog } = fixtures;
  const { first, second } = fixtures.facts.second.editions;
  const origin = origins.named(catalog);
  report.begin('b (bad deploy)', `${catalog} ships '${second}' over '${first}', then breaks`);
  const before = await currentRelease(daemon, catalog);
  origin.deploy(fixtures.deployed(catalog, 'dist-second'));
  await daemon.ask('remote', 'update', catalog);
  const after = await currentRelease(daemon, catalog);
  report.holds('the update moves the current release', 'another', after, after !== before);
  const between = stage.host('kiosk', 'kiosk, deployed');
  await renderAll(stage, [between], 'second');

  origin.breakDown();
  const { exit, document } = await daemon.larder('remote', 'update', catalog);
  report.holds('an update from the broken origin fails', 'invalidBuild',
    `${document.code}, exit ${exit}`,
    exit !== 0 && ['invalidBuild', 'notJavaScript'].includes(document.code));
  report.equal('the current release stays', after, await currentRelease(daemon, catalog));
  const atBreakage = origins.log.length;

  report.line(`  hosts that were open before take their lazy routes: '${first}'`);
  await openRoutes(stage, stage.early, 'first');
  for (const host of stage.early) await compareRouteFiles(stage, host, 'dist', first);
  report.line(`  hosts that started after the deploy: '${second}'`);
  const late = stage.host('site', 'site, broken');
  await renderAll(stage, [late], 'second');
  await openRoutes(stage, [between, late], 'second');
  for (const host of [between, late]) await compareRouteFiles(stage, host, 'dist-second', second);
  report.equal('origin requests since the breakage', 0, origins.log.length - atBreakage);
  await endAll(stage, [...stage.early, between, late]);
  report.end();
}

export async function offline(stage) {
  const { report, daemon, origins } = stage;
  report.begin('c (offline)', 'origins stopped, daemon killed and started again');
  await origins.stop();
  const { signal } = await daemon.end('SIGKILL');
  report.equal('the daemon ended by', 'SIGKILL', signal);
  await daemon.start();
  const hosts = [stage.host('kiosk', 'kiosk, offline'), stage.host('site', 'site, offline')];
  await renderAll(stage, hosts, 'second');
  await openRoutes(stage, hosts, 'second');
  const { origin } = await daemon.status();
  report.equal('origin requests, with a body or without', 0,
    origin.requests + origin.revalidations);
  report.equal('origin requests that failed', 0, origin.failures);
  await endAll(stage, hosts);
  report.end();
}

export async function off(stage) {
  const { report, daemon, origins } = stage;
  report.begin('d (off)', 'daemon stopped, origins healthy again');
  const { code } = await daemon.end('SIGTERM');
  report.equal('the daemon\'s exit code', 0, code);
  origins.named(stage.fixtures.catalog).deploy(
    stage.fixtures.deployed(stage.fixtures.catalog, 'dist-second'));
  await origins.resume();
  const more = { origins: origins.locations };
  const hosts = [stage.host('kiosk', 'kiosk, no daemon', more),
    stage.host('site', 'site, no daemon', more)];
  await renderAll(stage, hosts, 'second');
  await openRoutes(stage, hosts, 'second');
  for (const host of hosts) {
    const said = host.complaints.filter((line) => line.includes('works without the daemon'));
    report.equal(`${host.label}: says so, times`, 1, said.length);
    report.equal(`${host.label}: says anything else`, [],
      host.complaints.filter((line) => !said.includes(line)));
  }
  report.note('in its words', hosts[0].complaints[0]?.replaceAll(stage.home, 'DIR'));
  await endAll(stage, hosts);
  report.end();
}

/** What each host cost, and its plan beside what it did. */
export async function summary({ report, rows }) {
  report.begin('f (summary)', 'what each host cost');
  const ratio = (number) => (number === undefined ? '-' : `${number.toFixed(2)}x`);
  for (const line of table([
    ['host', 'origin requests', 'network bytes', 'chunks', 'dedup', 'compression', 'ms'],
    ...rows.map((row) => [row.label, row.requests, row.bytes, row.chunks, ratio(row.dedup),
      ratio(row.compression), Math.round(row.milliseconds)]),
  ])) report.line(line);
  for (const line of [
    'origin requests, network bytes: for its own loads; not for descriptions and background',
    'dedup, compression: of the store when the host ended; ms: from first request to page',
  ]) report.line(`  ${line}`);
  report.line();
  report.line('  plan against execution: required / seen; lazy parts are seen when they run');
  const planned = rows.filter(({ comparison }) => comparison);
  const pair = ({ planned: one, seen }) => `${one} / ${seen}`;
  for (const line of table([
    ['host', 'entries', 'chunks', 'share choices', 'order'],
    ...planned.map(({ label, comparison: { entries, chunks, shared, order } }) =>
      [label, pair(entries), pair(chunks), pair(shared),
        `${order.planned.length} / ${order.seen.length + order.lazy.length}`]),
  ])) report.line(line);
  const all = (list) => planned.flatMap((row) => list(row).map((item) => [row.label, item]));
  for (const [kind, name] of [['entries', 'entries'], ['chunks', 'chunks'],
    ['shared', 'share choices']]) {
    report.equal(`${name} required but not seen`, [], all((row) => row.comparison[kind].missing));
    report.equal(`${name} seen but not planned`, [], all((row) => row.comparison[kind].surplus));
  }
  report.equal('order of execution, all hosts', all((row) => row.comparison.order.planned),
    all((row) => row.comparison.order.seen));
  report.equal('differences that hosts reported', [], all((row) => row.differences));
  report.end();
}

/** All of them at the same time; then each page beside webpack's. */
async function renderAll({ report, references }, hosts, version) {
  const pages = await Promise.all(hosts.map((host) => host.render()));
  for (const [index, host] of hosts.entries()) {
    const { result, order } = references[version][host.role];
    const seen = await host.report();
    report.equal(`${host.label}: page, as under webpack`, result.html, pages[index]);
    report.equal(`${host.label}: modules executed`, order.slice(0, result.executed), seen.order);
    compareReact(report, host, seen);
  }
}

/** All routes of each host, in the host's order; then all that it ever did beside webpack's. */
async function openRoutes({ report, references }, hosts, version) {
  await Promise.all(hosts.map(async (host) => {
    host.pages = {};
    for (const { remote } of host.facts.routes) host.pages[remote] = await host.route(remote);
  }));
  for (const host of hosts) {
    const reference = references[version][host.role];
    const { order, reacts, observed } = await host.report();
    report.equal(`${host.label}: lazy routes`, reference.result.routes, host.pages);
    report.equal(`${host.label}: modules executed`, reference.order, order);
    compareReact(report, host, { observed, reacts });
    report.equal(`${host.label}: entries`,
      reference.entries.map(({ container }) => container).sort(),
      observed.entries.map(({ container }) => container).sort());
    report.equal(`${host.label}: chunks`, [...reference.chunks].sort(),
      observed.files.map(({ container, path }) => `${container}/${path}`).sort());
  }
}

/** The host saw React execute once, and its modules met that one. */
function compareReact(report, host, { observed, reacts }) {
  const executed = observed.executed.filter((label) => label.includes(':react@'));
  report.equal(`${host.label}: Reacts executed, and met by modules`, [1, 1],
    [executed.length, reacts]);
}

/** The bytes of the catalog's lazy route, as the host has them, beside those of a build. */
async function compareRouteFiles({ report, fixtures }, host, deploy, edition) {
  for (const file of routeFiles) {
    report.equal(`${host.label}: ${file} of '${edition}'`,
      `SHA-256 ${await fixtures.digest(deploy, file)}`,
      `SHA-256 ${await host.asset(fixtures.catalog, file)}`);
  }
}

async function currentRelease(daemon, name) {
  const { current } = await daemon.ask('remote', 'show', name);
  return current?.release;
}

/** Ends hosts, and keeps what the table tells of them. */
async function endAll(stage, hosts) {
  // Without a daemon there is no store either.
  const { ratios } = stage.daemon.pid ? await stage.daemon.status() : { ratios: {} };
  for (const host of hosts) {
    const { statistics, observed, differences, milliseconds } = await host.report();
    const plan = await host.plan();
    if (plan) stage.report.equal(`${host.label}: complaints`, [], host.complaints);
    stage.rows.push({
      label: host.label,
      ...statistics[statistics.mode === 'daemon' ? 'daemon' : 'origin'],
      chunks: observed.files.length,
      dedup: ratios.deduplication,
      compression: ratios.compression,
      milliseconds,
      comparison: plan && comparePlan(plan, observed),
      differences,
    });
  }
  await Promise.all(hosts.map((host) => stage.close(host)));
}
