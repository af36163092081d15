// What is looked for in a page, as functions that run in it.

/** Texts whose contrast to their ground is less than WCAG AA asks (2.1, 1.4.3). */
export function contrasts() {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, alpha = 1], under) => [r, g, b].map((part, place) => (
    part * alpha + under[place] * (1 - alpha)));
  const light = (color) => color.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const box = at.matches('a.node') ? getComputedStyle(at.querySelector('rect')).fill
        : getComputedStyle(at).backgroundColor;
      layers.push(numbers(box));
      if ((layers.at(-1)[3] ?? 1) === 1) break;
    }
    return layers.reduceRight((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const found = [];
  let checked = 0;
  const look = (element, color, text) => {
    const style = getComputedStyle(element);
    const under = ground(element);
    const [a, b] = [light(over(numbers(color), under)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    checked += 1;
    if (ratio < (isLarge ? 3 : 4.5)) found.push(`${text}: ${ratio.toFixed(2)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility() || element.closest('title, option, :disabled')) continue;
    const style = getComputedStyle(element);
    look(element, element.namespaceURI.endsWith('svg') ? style.fill : style.color, text);
  }
  for (const field of document.querySelectorAll('input[placeholder]')) {
    if (!field.checkVisibility()) continue;
    look(field, getComputedStyle(field, '::placeholder').color, field.placeholder);
  }
  return { found, checked };
}

/** What has the focus: its name, whether it is seen, and whether it follows the last one asked of. */
export function tabStop() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const last = globalThis.lastStop;
  globalThis.lastStop = element;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const labelled = element.getAttribute('aria-label') ?? element.labels?.[0]?.firstChild.textContent
    ?? element.textContent;
  return { name: labelled.trim().replace(/\s+/g, ' '),
    isFollowing: !last || !last.isConnected || last === element
      || Boolean(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
    isSeen: box.width > 0 && box.height > 0 && element.checkVisibility(),
    hasRing: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 };
}

/** How much of the page moved without anybody's doing, as browsers sum it up (Layout Instability). */
export function shifts() {
  return new Promise((resolve) => {
    let sum = 0;
    const add = (entries) => {
      for (const { hadRecentInput, value } of entries) if (!hadRecentInput) sum += value;
    };
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => {
      add(observer.takeRecords());
      resolve(sum);
    }));
  });
}
