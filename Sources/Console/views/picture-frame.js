// A drawing that can be moved and enlarged: by pointer, wheel, or whoever calls.

/** Pixels of the screen for one of the picture. */
const scales = [0.08, 3];

export class PictureFrame {
  #scale = 1;
  #x = 0;
  #y = 0;

  /** @param {SVGSVGElement} picture @param {{width: number, height: number}} size of what it shows */
  constructor(picture, size) {
    this.picture = picture;
    this.size = size;
    picture.addEventListener('wheel', (event) => {
      event.preventDefault();
      const box = picture.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.12 : 0.89, event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    picture.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || event.target.closest('a')) return;
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener('pointermove', (event) => {
      if (!picture.hasPointerCapture(event.pointerId)) return;
      this.move(-event.movementX, -event.movementY);
    });
    new ResizeObserver(() => this.#apply()).observe(picture);
  }

  /** All of it, no larger than it is. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.picture;
    this.#scale = Math.min(1.25, width / (this.size.width + 40), height / (this.size.height + 40))
      || 1;
    this.#x = (this.size.width - width / this.#scale) / 2;
    this.#y = (this.size.height - height / this.#scale) / 2;
    this.#apply();
  }

  /** Around a point of the screen, the middle unless told. */
  zoom(by, x = this.picture.clientWidth / 2, y = this.picture.clientHeight / 2) {
    const scale = Math.min(scales[1], Math.max(scales[0], this.#scale * by));
    this.#x += x / this.#scale - x / scale;
    this.#y += y / this.#scale - y / scale;
    this.#scale = scale;
    this.#apply();
  }

  /** By pixels of the screen. */
  move(x, y) {
    this.#x += x / this.#scale;
    this.#y += y / this.#scale;
    this.#apply();
  }

  /** Moves as little as brings a place into sight, with some room around it. */
  show({ x, y }) {
    const [width, height] = [this.picture.clientWidth / this.#scale,
      this.picture.clientHeight / this.#scale];
    const inside = (start, length, place) => Math.min(Math.max(start, place - length + 100),
      place - 100);
    this.#x = width > 200 ? inside(this.#x, width, x) : x - width / 2;
    this.#y = height > 200 ? inside(this.#y, height, y) : y - height / 2;
    this.#apply();
  }

  #apply() {
    const { clientWidth: width, clientHeight: height } = this.picture;
    if (!width || !height) return;
    this.picture.setAttribute('viewBox',
      `${this.#x} ${this.#y} ${width / this.#scale} ${height / this.#scale}`);
  }
}
