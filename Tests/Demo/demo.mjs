#!/usr/bin/env node
// Three federated applications and two hosts, through the daemon: cold, after a bad deploy,
// offline, and without a daemon. Prints for each step what is expected and what is seen; `demo: ok`
// if all of it held.
//
//   demo.mjs [--seed N]
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Daemon } from '../Rig/daemon.mjs';
import { Origin } from '../Rig/origin.mjs';
import { HostProcess } from './host-process.mjs';
import { bytes, expect, expectThat, Failure, step, table } from './report.mjs';
import { prepare } from './story.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });

/** All that has to be ended, whatever happens. */
const world = { hosts: [], origins: {}, daemon: null };
const rows = [];
const began = performance.now();

async function main() {
  console.log(`demo: seed ${values.seed}`);
  const story = await prepare(values.seed);
  for (const name of story.remotes) world.origins[name] = await Origin.start(story.first(name));
  world.daemon = await Daemon.start();
  for (const name of story.remotes) {
    const { url } = world.origins[name];
    await world.daemon.larder('remote', 'add', name, `${url}/node/`, `${url}/web/`);
  }
  const early = await cold(story);
  await badDeploy(story, early);
  await offline(story);
  await off(story);
  await summary();
}

// MARK: - The steps

/** Two hosts start together on an empty store. Returns the one that stays open. */
async function cold(story) {
  step('a', 'Cold: two hosts start at the same time on an empty store');
  const [kiosk, site] = await Promise.all([
    openHost('kiosk, cold', 'kiosk', story), openHost('site, cold', 'site', story)]);
  const [page, seen] = await Promise.all([kiosk.page(), site.everything()]);
  const [kioskExpected, siteExpected] = ['kiosk', 'site'].map(
    (role) => story.expected('first', role));

  expect('kiosk renders what webpack renders', kioskExpected.html, page);
  expect('site renders what webpack renders', siteExpected.html, seen.html);
  expect('site takes its lazy routes', siteExpected.routes, seen.routes);
  const [kioskReport, siteReport] = [await kiosk.report(), await site.report()];
  expect('kiosk executes in the same order', kioskExpected.order.slice(0, kioskExpected.executed),
    kioskReport.order);
  expect('site executes in the same order', siteExpected.order, siteReport.order);
  expect('one React executed in each host', [1, 1], [kioskReport.reacts, siteReport.reacts]);

  await complete(story);
  const { fetched, twice, revalidated } = requests();
  expect('each URL was fetched once', [], twice);
  const { origin } = await world.daemon.statistics();
  expectThat('planned and background bytes are counted apart',
    origin.plannedBytes > 0 && origin.backgroundBytes > 0,
    `${fetched} URLs: ${bytes(origin.plannedBytes)} planned, ${bytes(origin.backgroundBytes)} in `
    + `the background, ${bytes(origin.descriptionBytes)} of descriptions; `
    + `${revalidated} revalidated`);
  await note(site);
  await site.close();
  return kiosk;
}

/** The catalog ships a second version under the same names, then serves a page for everything. */
async function badDeploy(story, early) {
  const { catalog } = story;
  const origin = world.origins[catalog];
  step('b', `Bad deploy: ${catalog} ships a second version, deletes the first, then breaks`);
  const before = (await world.daemon.larder('remote', 'show', catalog)).current.release;
  origin.deploy(story.second(catalog));
  const shipped = await world.daemon.larder('remote', 'update', catalog);
  const second = shipped.current.release;
  expectThat('the deploy becomes a second release',
    second !== before && shipped.state === 'complete', `${before} -> ${second}`);
  const between = await openHost('kiosk, second', 'kiosk', story);
  expect('a host that starts now gets the second version', whole(story, 'second', 'kiosk'),
    await between.everything());

  origin.breakDown();
  const refusal = await world.daemon.larder('remote', 'update', catalog).catch(errorOf);
  expectThat('the broken deploy is refused',
    ['invalidBuild', 'notJavaScript'].includes(refusal.code),
    `${refusal.code}: ${refusal.message}`);
  const shown = await world.daemon.larder('remote', 'show', catalog);
  expect('the second release stays current', second, shown.current.release);

  const expected = story.expected('first', 'kiosk');
  expect('the host that was open before takes its lazy route in the first version',
    expected.routes[catalog], await early.route(catalog));
  const assets = expected.routes[catalog].match(/assets\/[\w.-]+/g);
  expectThat('it names a style and an image', assets.length === 2, assets);
  for (const asset of assets) {
    const built = await readFile(path.join(story.first(catalog), 'node', asset));
    expect(`${asset} has the first version's bytes`, built.toString('base64'),
      (await early.asset(catalog, asset)).toString('base64'));
  }
  expect('its other route as well', expected.routes[story.shell], await early.route(story.shell));
  const late = await openHost('kiosk, broken origin', 'kiosk', story);
  expect('a host that starts after the breakage gets the second version',
    whole(story, 'second', 'kiosk'), await late.everything());
  for (const host of [early, between, late]) {
    await note(host);
    await host.close();
  }
}

/** No origin answers, and the daemon died. */
async function offline(story) {
  step('c', 'Offline: origins stopped, daemon killed with SIGKILL and started again');
  await Promise.all(Object.values(world.origins).map((origin) => origin.stop()));
  await world.daemon.end('SIGKILL');
  await world.daemon.restart();
  await bothRender(story, 'offline', world.daemon.socket);
  const { origin } = await world.daemon.statistics();
  expect('nothing was asked of an origin', [0, 0, 0],
    [origin.requests, origin.revalidations, origin.failures]);
}

/** No daemon, and the origins are well again. */
async function off(story) {
  step('d', 'Off: daemon stopped, origins healthy again');
  const { store } = await world.daemon.statistics();
  world.store = store;
  await world.daemon.end();
  world.origins[story.catalog].deploy(story.second(story.catalog));
  await Promise.all(Object.values(world.origins).map((origin) => origin.resume()));
  const warnings = await bothRender(story, 'no daemon', world.daemon.socket);
  expect('each says once that it works without a daemon', [['fallback'], ['fallback']],
    warnings.map((list) => list.map(({ code }) => code)));
}

async function summary() {
  table(['host', 'origin requests', 'network', 'chunks', 'dedup', 'compression', 'to page',
    'plan and execution'], rows);
  const { blobs, chunks, logicalBytes, storedBytes } = world.store;
  console.log(`\n   store: ${blobs} blobs in ${chunks} chunks, ${bytes(logicalBytes)} of content `
    + `in ${bytes(storedBytes)}`);
  console.log(`   ${((performance.now() - began) / 1000).toFixed(1)} s in all\n\ndemo: ok`);
}

// MARK: - What the steps share

async function openHost(title, role, story, socket = world.daemon.socket) {
  const urls = Object.fromEntries(
    story.remotes.map((name) => [name, `${world.origins[name].url}/node/`]));
  const host = await HostProcess.open(title, story.parts[role], { socket, urls });
  world.hosts.push(host);
  return host;
}

/** New processes of both hosts render the second version and its routes. Returns their warnings. */
async function bothRender(story, title, socket) {
  const roles = ['kiosk', 'site'];
  const hosts = await Promise.all(
    roles.map((role) => openHost(`${role}, ${title}`, role, story, socket)));
  const seen = await Promise.all(hosts.map((host) => host.everything()));
  const warnings = [];
  for (const [index, role] of roles.entries()) {
    expect(`${role} renders as before, lazy routes included`, whole(story, 'second', role),
      seen[index]);
    warnings.push((await hosts[index].report()).warnings);
    await note(hosts[index]);
    await hosts[index].close();
  }
  return warnings;
}

const whole = (story, deploy, role) => {
  const { html, routes } = story.expected(deploy, role);
  return { html, routes };
};

/** Waits until the daemon holds every remote whole. */
async function complete(story) {
  for (const name of story.remotes) {
    const look = () => world.daemon.larder('remote', 'show', name);
    while ((await look()).state === 'fetching') await pause(20);
    const { state, message } = await look();
    expect(`all of ${name} is here`, 'complete', message ? `${state}: ${message}` : state);
  }
}

/** What the origins were asked for up to now. */
function requests() {
  const counts = new Map();
  let revalidated = 0;
  for (const [name, origin] of Object.entries(world.origins)) {
    for (const { path: asked, status } of origin.requests) {
      if (status === 304) revalidated += 1;
      else counts.set(`${name}${asked}`, (counts.get(`${name}${asked}`) ?? 0) + 1);
    }
  }
  const twice = [...counts].filter(([, count]) => count > 1).map(([url]) => url);
  return { fetched: counts.size, twice, revalidated };
}

/** A row of the table; a host whose execution left its plan ends the demo. */
async function note(host) {
  const { mode, origin, daemon, files, differences } = await host.report();
  const isPlanned = mode === 'daemon';
  if (isPlanned && differences.length > 0) {
    expect(`${host.title} ran as planned: entries, chunks, share choices, order`, [], differences);
  }
  const { requests: count, bytes: size } = isPlanned ? daemon : origin;
  const { deduplication, compression } = isPlanned ? await ratios() : {};
  rows.push([host.title, count, bytes(size), files, deduplication ?? '-', compression ?? '-',
    `${Math.round(host.milliseconds)} ms`, isPlanned ? 'equal' : 'no plan']);
}

/** How often a stored byte came, and how far it is compressed, up to now. */
async function ratios() {
  const { logicalBytes, storedBytes, deduplicatedBytes } = (await world.daemon.statistics()).store;
  return {
    deduplication: ((logicalBytes + deduplicatedBytes) / logicalBytes).toFixed(2),
    compression: (logicalBytes / storedBytes).toFixed(2),
  };
}

/** The daemon's own error out of a failed `larder --json`. */
function errorOf({ stderr, code }) {
  const error = JSON.parse(stderr);
  if (!code) throw new Failure('larder failed with exit code 0');
  return error.error ?? error;
}

async function end() {
  for (const host of world.hosts) host.kill();
  await Promise.all(Object.values(world.origins).map((origin) => origin.stop()));
  await world.daemon?.stop();
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => end().finally(() => process.exit(1)));
}
try {
  await main();
} catch (error) {
  console.error(`\ndemo: failed: ${error instanceof Failure ? error.message : error.stack}`);
  process.exitCode = 1;
} finally {
  await end();
}
