// The steps of the demo, in their order.
import { Fixtures } from './fixtures.mjs';
import { Origins } from './origins.mjs';

/** Applications, what webpack makes of them, origins, and an empty store with three remotes. */
export async function prepare(stage) {
  const { report, daemon } = stage;
  report.begin('0', 'applications, origins and an empty store');
  stage.fixtures = await Fixtures.build(stage.seed);
  const { fixtures } = stage;
  report.note('applications', `${fixtures.applications.join(', ')}; hosts ${
    Object.values(fixtures.facts.hosts).map(({ name }) => name).join(', ')}`);
  report.note('built', fixtures.fresh ? 'now' : 'before, for this seed');
  stage.origins = new Origins(Object.fromEntries(
    fixtures.applications.map((name) => [name, fixtures.deployed(name)])));
  await Promise.all([
    stage.origins.start(),
    daemon.start(),
    ...[['first', 'dist'], ['second', 'dist-second']].flatMap(([key, deploy]) =>
      ['kiosk', 'site'].map(async (role) => {
        stage.references[key][role] = await fixtures.reference(role, deploy);
      })),
  ]);
  const { store } = await daemon.status();
  report.equal('blobs in the store', 0, store.blobs);
  for (const { name, urls } of stage.origins.all) await daemon.ask('remote', 'add', name, ...urls);
  const { remotes } = await daemon.ask('remote', 'list');
  report.equal('remotes registered', [...fixtures.applications].sort(),
    remotes.map(({ name }) => name).sort());
  report.end();
}

export async function cold(stage) {
  const { report, daemon, origins } = stage;
  report.begin('a', 'cold, two hosts start at the same time on the empty store');
  stage.early = { kiosk: stage.host('kiosk', 'kiosk'), site: stage.host('site', 'site') };
  const hosts = Object.values(stage.early);
  const pages = await Promise.all(hosts.map((host) => host.render()));
  for (const [index, host] of hosts.entries()) {
    const reference = stage.references.first[host.role];
    const seen = await host.report();
    report.equal(`${host.label}: the page, as webpack's runtime renders it`,
      reference.result.html, pages[index]);
    report.equal(`${host.label}: modules executed, in order`,
      reference.order.slice(0, reference.result.executed), seen.order);
    report.equal(`${host.label}: React objects met`, 1, seen.reacts);
  }
  const remotes = await daemon.remotesReach(
    (all) => all.every(({ state }) => state === 'complete'), 'the rest of the releases');
  report.end();
}
export async function badDeploy(stage) {}
export async function offline(stage) {}
export async function off(stage) {}
export async function summary(stage) {}
