// A browser that a test drives: keys, pictures, and what assistive technology sees (the Chrome
// DevTools Protocol, over a pipe).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { browser, createProfile } from './browser.mjs';

const keyCodes = { Tab: 9, Enter: 13, Escape: 27, ' ': 32, ArrowLeft: 37, ArrowUp: 38,
  ArrowRight: 39, ArrowDown: 40 };

export class Tab {
  #child;
  #profile;
  #next = 1;
  #waiting = new Map();
  #session;
  /** What the page wrote to its console as an error, and what it threw. */
  trouble = [];

  /** Opens an empty page in a browser of its own, which ends with the test. */
  static async open(t, { width = 1280, height = 800 } = {}) {
    const tab = new Tab();
    tab.#profile = await createProfile();
    tab.#child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu',
      '--remote-debugging-pipe', `--user-data-dir=${tab.#profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    const kill = () => process.kill(-tab.#child.pid, 'SIGKILL');
    process.once('exit', kill);
    const ended = once(tab.#child, 'exit');
    t.after(async () => {
      process.off('exit', kill);
      kill();
      await ended;
      await rm(tab.#profile, { recursive: true, force: true, maxRetries: 5 });
    });
    tab.#child.stdio[3].on('error', () => {});
    tab.#read(tab.#child.stdio[4]);
    const { targetInfos } = await tab.send('Target.getTargets');
    const { targetId } = targetInfos.find(({ type }) => type === 'page');
    tab.#session = (await tab.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    for (const part of ['Page', 'Runtime', 'Log', 'Accessibility', 'DOM']) {
      await tab.send(`${part}.enable`);
    }
    await tab.size(width, height);
    return tab;
  }

  #read(stream) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop();
      for (const part of parts) this.#receive(JSON.parse(part));
    });
  }

  #receive({ id, result, error, method, params }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`${error.message} ${error.data ?? ''}`));
    else waiting?.resolve(result);
    if (method === 'Runtime.exceptionThrown') {
      this.trouble.push(params.exceptionDetails.exception?.description
        ?? params.exceptionDetails.text);
    } else if (method === 'Log.entryAdded' && params.entry.level === 'error') {
      this.trouble.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }
  }

  /** One command of the protocol. */
  send(method, params = {}) {
    const id = this.#next;
    this.#next += 1;
    const sent = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params,
      sessionId: this.#session })}\0`);
    return sent;
  }

  async go(url) {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
  }

  /** What an expression of the page comes to. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Calls a function in the page. */
  run(f, ...words) {
    return this.evaluate(`(${f})(${words.map((word) => JSON.stringify(word)).join(', ')})`);
  }

  /** What a function of the page gives once that is something: it is asked whenever the page changes. */
  until(f, ...words) {
    const call = `(${f})(${words.map((word) => JSON.stringify(word)).join(', ')})`;
    return this.evaluate(`new Promise((resolve) => {
      const look = () => {
        const value = ${call};
        if (!value) return false;
        observer.disconnect();
        document.removeEventListener('focusin', look);
        resolve(value);
        return true;
      };
      const observer = new MutationObserver(look);
      if (look()) return;
      observer.observe(document, { subtree: true, childList: true, attributes: true,
        characterData: true });
      document.addEventListener('focusin', look);
    })`);
  }

  /** Presses and lets go of a key, as a keyboard does. */
  async press(key, { shift = false } = {}) {
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    const common = { key, code: key.length === 1 ? '' : key, modifiers: shift ? 8 : 0,
      windowsVirtualKeyCode: keyCodes[key] ?? key.toUpperCase().charCodeAt(0) };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text,
      ...common });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  async type(text) {
    for (const key of text) await this.press(key);
  }

  size(width, height) {
    return this.send('Emulation.setDeviceMetricsOverride',
      { width, height, deviceScaleFactor: 1, mobile: false });
  }

  /** @param {'light' | 'dark'} scheme that the system has */
  scheme(scheme) {
    return this.send('Emulation.setEmulatedMedia',
      { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  /** Role and name of whatever assistive technology is told of. */
  async accessible() {
    const { nodes } = await this.send('Accessibility.getFullAXTree');
    return nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => (
      { role: role?.value, name: name?.value ?? '' }));
  }

  /** Keeps a picture of what is seen. */
  async screenshot(file) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(data, 'base64'));
  }
}
