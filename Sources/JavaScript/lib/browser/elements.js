// Scripts as a page loads them: by their URL. Nothing is evaluated from text, so a strict content
// security policy holds, and `document.currentScript` is what `publicPath: "auto"` looks at.

/**
 * @param {string} url
 * @param {{timeoutMs: number, nonce?: string, crossOrigin?: string, signal: AbortSignal}} options
 * @returns {Promise<void>} when it has run. Rejects with what to say: `cannot be loaded`
 */
export function loadScript(url, { timeoutMs, nonce, crossOrigin, signal }) {
  const script = document.createElement('script');
  script.src = url;
  script.async = true;
  if (nonce) script.nonce = nonce;
  if (crossOrigin) script.crossOrigin = crossOrigin;
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      script.onload = null;
      script.onerror = null;
      script.remove();
      settle(value);
    };
    const aborted = () => end(reject, signal.reason);
    const timer = setTimeout(() => end(reject, Object.assign(
      new Error(`did not load within ${timeoutMs} ms`), { name: 'TimeoutError' })), timeoutMs);
    signal.addEventListener('abort', aborted);
    script.onload = () => end(resolve);
    script.onerror = () => end(reject, new Error('cannot be loaded'));
    document.head.append(script);
  });
}

/** Lets the browser fetch a file that a container will ask for; each URL once in a page. */
export function preload(url, kind, { nonce, crossOrigin }) {
  const as = { chunk: 'script', style: 'style' }[kind];
  const here = [...document.head.querySelectorAll('link[rel=preload]')];
  if (!as || here.some(({ href }) => href === url)) return;
  const link = document.createElement('link');
  link.rel = 'preload';
  link.as = as;
  link.href = url;
  if (nonce) link.nonce = nonce;
  if (crossOrigin) link.crossOrigin = crossOrigin;
  document.head.append(link);
}
