// One remote: its releases and channels, and the two things that can be done here.
import { confirm, notice } from '../confirm.js';
import { rollBack, switchTo } from '../daemon.js';
import { el, replaceKeepingFocus } from '../elements.js';
import { badge, release, sizeOf, stateOf, tag, time } from '../labels.js';
import { byName, bytes, count, date, duration, short } from '../words.js';

const completeness = { exact: ['good', 'Exact', 'every file is known from the build’s own list'],
  closed: ['good', 'Closed', 'reading the code found every file'],
  open: ['warn', 'Open', 'some names of files are only known when the code runs'] };

export class RemotePanel {
  #stop = new AbortController();
  #drawn = null;

  constructor(root, realm, name) {
    this.root = root;
    this.realm = realm;
    this.name = name;
    realm.addEventListener('remotes', () => this.#draw(), { signal: this.#stop.signal });
    root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || document.querySelector('dialog')) return;
      location.hash = '#/remotes';
    }, { signal: this.#stop.signal });
    this.#draw();
  }

  focus() {
    this.root.querySelector('h2')?.focus();
  }

  close() {
    this.#stop.abort();
  }

  #draw() {
    const remote = this.realm.remotes?.get(this.name);
    if (this.#drawn && remote === this.#drawn) return;
    this.#drawn = remote;
    const top = el('div', { class: 'top' },
      el('h2', { tabIndex: -1, 'data-key': 'title' }, this.name),
      el('a', { href: '#/remotes', class: 'close', 'data-key': 'close' }, 'Close'));
    if (!remote) {
      replaceKeepingFocus(this.root, top, el('p', {}, this.realm.remotes
        ? 'There is no remote of this name.' : 'Asking the daemon.'));
      return;
    }
    replaceKeepingFocus(this.root, top, this.#facts(remote), this.#exposes(remote),
      this.#releases(remote));
  }

  #facts(remote) {
    const { urls, updates, retention, message } = remote;
    const line = (term, ...content) => [el('dt', {}, term), el('dd', {}, ...content)];
    return [
      message ? el('p', { class: 'trouble' }, message) : null,
      el('dl', { class: 'facts' },
        line('State', stateOf(remote).badge()),
        line('Origin', urls.length ? el('ul', { class: 'plain' }, urls.map((url) => el('li', {},
          el('code', {}, url)))) : 'None: it is published on this machine'),
        line('Updates', ...updateWords(updates)),
        retention ? line('Keeps', `the newest ${retention.newest}${retention.seconds
          ? `, and all of the last ${duration(retention.seconds)}` : ''}`) : []),
    ];
  }

  #exposes({ name, current }) {
    const exposes = [...new Set(current?.variants.flatMap((variant) => variant.exposes) ?? [])];
    if (!exposes.length) return null;
    return el('section', { 'aria-label': 'Exposed modules' }, el('h3', {}, 'Exposed modules'),
      el('ul', { class: 'chips' }, exposes.sort(byName).map((expose) => el('li', {},
        el('a', { href: `#/sharing/${encodeURIComponent(name)}/${encodeURIComponent(expose)}`,
          'aria-label': `${expose}: why it gets which packages`, 'data-key': `expose ${expose}` },
        expose)))));
  }

  #releases(remote) {
    const { current, releases, channels } = remote;
    const canGoBack = current && releases.length > 1 && !remote.realm;
    return el('section', { 'aria-label': 'Releases' },
      el('div', { class: 'beside' }, el('h3', {}, count(releases.length, 'release')),
        canGoBack ? el('button', { type: 'button', 'data-key': 'rollback',
          onclick: () => this.#rollBack(remote) }, 'Roll back') : null),
      el('ol', { class: 'releases' }, releases.map((one) => this.#release(one, remote, channels))));
  }

  #release(one, remote, channels) {
    const [tone, word, why] = completeness[one.completeness];
    const names = Object.keys(channels).filter((channel) => channels[channel] === one.release)
      .sort(byName);
    return el('li', { class: one.current ? 'current' : '' },
      el('div', { class: 'line' }, release(one.release),
        names.map((channel) => tag(channel, channel === 'current' ? 'strong' : '')),
        el('span', { class: 'gap' }),
        one.current || remote.realm ? null : el('button', { type: 'button',
          'data-key': `switch ${one.release}`,
          'aria-label': `Make ${short(one.release)} current`,
          onclick: () => this.#switch(remote, one) }, 'Make current')),
      el('div', { class: 'line soft' }, time(one.createdAt), ` · ${bytes(sizeOf(one))} · `,
        one.variants.map(({ target }) => target).join(', '), ' · ',
        el('span', { title: why }, badge(tone, word))));
  }

  async #switch({ name, current }, one) {
    const then = await confirm({
      title: `Make ${short(one.release)} current?`,
      body: [
        el('p', { class: 'change' }, current ? release(current.release) : 'nothing',
          el('span', { 'aria-label': 'becomes' }, ' → '), release(one.release)),
        el('p', {}, `From the next load on, hosts and pages get this release of ${name}, recorded `,
          date(one.createdAt), '. What is open goes on with the release that it began with.'),
      ],
      action: 'Make current', act: () => switchTo(name, one.release) });
    this.#done(then, current);
  }

  async #rollBack({ name, current }) {
    const then = await confirm({
      title: `Roll ${name} back?`,
      body: [
        el('p', { class: 'change' }, release(current.release),
          el('span', { 'aria-label': 'becomes' }, ' → '), 'the release that was current before'),
        el('p', {}, 'From the next load on, hosts and pages get that one. '
          + 'What is open goes on with the release that it began with.'),
      ],
      action: 'Roll back', act: () => rollBack(name) });
    this.#done(then, current);
  }

  #done(remote, before) {
    if (!remote) return;
    this.realm.put(remote);
    notice(`${remote.name}: current is now `, el('code', {}, short(remote.current.release)),
      before ? `, before ${short(before.release)}` : '');
    this.focus();
  }
}

function updateWords(updates) {
  if (!updates) return ['On demand'];
  const words = [updates.everySeconds ? `Every ${duration(updates.everySeconds)}` : 'On demand'];
  if (updates.askedAt) words.push(', asked ', time(updates.askedAt));
  if (updates.nextAt && updates.nextAt > Date.now() / 1000) {
    words.push(`, next in ${duration(updates.nextAt - Date.now() / 1000)}`);
  }
  if (updates.failingSince) words.push(', failing since ', date(updates.failingSince));
  if (updates.message) words.push(el('p', { class: 'trouble' }, updates.message));
  return words;
}
