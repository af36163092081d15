// A federation of a hundred containers as one graph, of the form that graph vectors have.
//
// Containers stand in layers; a module of one layer imports two of the next and two of ten shared
// packages. Two modules of the last layer import their importers' neighbours: two circles.

const layers = 6;
const exposesEach = 10;
const packages = Array.from({ length: 10 }, (_, index) => `package-${index}`);

/**
 * @param {{containers?: number}} [size]
 * @returns {{graphVectors: object[]}} with one graph, `crowd`
 */
export function crowd({ containers: count = 100 } = {}) {
  const names = Array.from({ length: count }, (_, index) => `team-${index}`);
  const layerOf = (index) => Math.floor((index * layers) / count);
  const inLayer = (layer) => names.filter((_, index) => layerOf(index) === layer);
  const fileOf = (number) => `./src/Part${number}.js`;
  const containers = { host: host(inLayer(0)) };
  names.forEach((name, index) => {
    const next = inLayer(layerOf(index) + 1);
    const place = inLayer(layerOf(index)).indexOf(name);
    // What stands below: every container of the next layer is somebody's.
    const below = next.length > 0
      ? [next[place % next.length], next[(place + 1) % next.length]] : [];
    containers[name] = {
      uniqueName: name,
      exposes: Object.fromEntries(numbers().map((number) => [`./Part${number}`, fileOf(number)])),
      remotes: Object.fromEntries(below.map((one) => [one, one])),
      shared: Object.fromEntries(packages.map((key) => [key, {}])),
      ownPackages: Object.fromEntries(packages.map((key, at) => [key, `1.${(index + at) % 7}.0`])),
      modules: Object.fromEntries(numbers().map((number) => [fileOf(number), {
        static: [
          ...below.map((one) => `${one}/Part${number}`),
          packages[number], packages[(number + 1) % packages.length],
        ],
        dynamic: [],
      }])),
    };
  });
  const [bottom, above] = [inLayer(layers - 1), inLayer(layers - 2)];
  for (const place of [0, 1]) close(containers, bottom[place], above[place]);
  return { graphVectors: [{
    id: 'crowd', title: `${count} containers`, host: 'host', containers,
    expect: { result: [], execOrder: [], warnings: [], entries: [], chunks: [] },
  }] };
}

const numbers = () => Array.from({ length: exposesEach }, (_, index) => index);

/** Lets a module at the bottom import one above it, which imports it in turn. */
function close(containers, bottom, above) {
  containers[bottom].remotes[above] = above;
  containers[bottom].modules['./src/Part0.js'].static.unshift(`${above}/Part0`);
}

/** Asks for every module of the first layer. */
const host = (names) => ({
  uniqueName: 'host',
  exposes: {},
  remotes: Object.fromEntries(names.map((name) => [name, name])),
  shared: {},
  ownPackages: {},
  modules: {
    './src/index.js': { static: [], dynamic: ['./boot'] },
    './src/boot.js': {
      static: names.flatMap((name) => numbers().map((number) => `${name}/Part${number}`)),
      dynamic: [],
    },
  },
});

