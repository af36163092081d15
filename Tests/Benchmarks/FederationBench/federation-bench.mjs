#!/usr/bin/env node
// Measures plans and first renders, prints tables, and draws the renders.
//
//   federation-bench.mjs --programs DIR --nginx PROGRAM [--rounds N] [--out FILE] [--picture FILE]
//
// --out gets all samples as JSON, --picture an SVG.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { drawRenders } from './drawing.mjs';
import { measurePlans } from './plan.mjs';
import { measureRenders } from './render.mjs';
import { median, spread } from './statistics.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    nginx: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    out: { type: 'string' },
    picture: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
if (!options.programs || !options.nginx || !Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: federation-bench.mjs --programs DIR --nginx PROGRAM [--rounds N]'
    + ' [--out FILE] [--picture FILE]');
  process.exit(64);
}
const settings = { programs: options.programs, nginx: options.nginx, rounds,
  tell: (line) => console.error(line) };

const plans = await measurePlans(settings);
const { containers, files, shared, executed, cycles, bytes } = plans.plan;
console.log(`\nA plan over ${containers} containers: ${files} files, ${shared} choices of shared`
  + ` packages, ${executed} steps of execution, ${cycles} circles, ${bytes} bytes of JSON\n`);
console.log('| | milliseconds | goal |\n|---|---|---|');
const goal = median(plans.warm) <= 2 ? 'met' : 'not met';
console.log(`| warm: a host that asked before | ${spread(plans.warm)} | 2, ${goal} |`);
console.log(`| warm, processor time of the daemon | ${spread(plans.processor)} | |`);
console.log(`| a host that asks the first time | ${spread(plans.other)} | |`);
console.log(`| cold: the first after the daemon's start | ${spread(plans.cold)} | |`);

const renders = await measureRenders(settings);
console.log('\nFirst render of three levels, in milliseconds, and how many times as long as'
  + ' through a warm Larder\n');
console.log('| round trip to the origins | contender | milliseconds | ratio |\n|---|---|---|---|');
for (const { distance, contender, milliseconds } of renders) {
  const ours = renders.find((one) =>
    one.distance === distance && one.contender === 'larder, warm').milliseconds;
  const ratios = milliseconds.map((time, round) => time / ours[round]);
  console.log(`| ${distance} ms | ${contender} | ${spread(milliseconds)} | ${spread(ratios)}x |`);
}
if (options.out) await writeFile(options.out, JSON.stringify({ plans, renders }, undefined, 1));
if (options.picture) await writeFile(options.picture, drawRenders(renders));
