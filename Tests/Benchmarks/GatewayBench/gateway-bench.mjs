#!/usr/bin/env node
// Measures the gateway beside nginx and Varnish, and pages of a browser that load through it, and
// prints tables.
//
//   gateway-bench.mjs --programs DIR --peers DIR [--rounds N] [--seconds N] [--only load|pages]
//     [--out FILE]
//
// --peers is where Debian's packages were unpacked; --out gets all samples as JSON.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { median, spread } from '../FederationBench/statistics.mjs';
import { sizes } from './contents.mjs';
import { measureLoad } from './load.mjs';
import { measurePages } from './pages.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string' },
    out: { type: 'string' },
  },
});
const [rounds, seconds] = [options.rounds, options.seconds].map(Number);
if (!options.programs || !options.peers || !(rounds >= 1) || !(seconds >= 1)
  || ![undefined, 'load', 'pages'].includes(options.only)) {
  console.error('usage: gateway-bench.mjs --programs DIR --peers DIR [--rounds N] [--seconds N]'
    + ' [--only load|pages] [--out FILE]');
  process.exit(64);
}
const settings = { programs: options.programs, peers: options.peers, rounds, seconds,
  tell: (line) => console.error(line) };
const sum = ({ processor, client }) => processor.map((one, round) => one + client[round]);
const ratios = (ours, theirs) => ours.map((one, round) => one / theirs[round]);

/** Of nginx from 64 KiB on, of nginx below, and of Varnish. */
const goals = { '1 KiB': 0.5, '64 KiB': 0.8, '1 MiB': 0.8 };

const results = {};
if (options.only !== 'pages') {
  const load = await measureLoad(settings);
  results.load = load;
  console.log('\nRequests a second over 64 connections that stay open, the larder\'s by each other\'s,'
    + ' processor time of the server and of wrk for one, and how long 99 of 100 wait at most\n');
  console.log('| file | server | requests/s | larder by it | goal | us of processor | of wrk |'
    + ' larder by both | 99 % wait, ms |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const { label } of sizes) {
    const of = (name) => load.find(({ size, contender }) =>
      size.label === label && contender === name);
    for (const name of ['larder', 'nginx', 'varnish']) {
      const { rates, processor, client, waits } = of(name);
      const isOurs = name === 'larder';
      const ratio = isOurs ? undefined : ratios(of('larder').rates, rates);
      // Of a machine that does nothing else, since all share its processors.
      const both = isOurs ? undefined : ratios(sum(of(name)), sum(of('larder')));
      const goal = name === 'nginx' ? goals[label] : 1;
      console.log(`| ${label} | ${name} | ${spread(rates)} | ${ratio ? `${spread(ratio)}x` : ''} | ${
        ratio ? `${goal}x, ${median(ratio) >= goal ? 'met' : 'not met'}` : ''} | ${
        spread(processor)} | ${spread(client)} | ${both ? `${spread(both)}x` : ''} | ${
        spread(waits)} |`);
    }
  }
}
if (options.only !== 'load') {
  const pages = await measurePages(settings);
  results.pages = pages;
  console.log('\nUntil a page of a browser is shown, in milliseconds, and how many times as long as'
    + ' through the larder\n');
  console.log('| round trip | remotes from | empty browser cache | ratio | the same browser again | ratio |');
  console.log('|---|---|---|---|---|---|');
  for (const { distance, contender, cold, warm } of pages) {
    const ours = pages.find((one) => one.distance === distance && one.contender === 'larder');
    const [first, again] = contender === 'larder' ? ['', ''] : [[cold, ours.cold], [warm, ours.warm]]
      .map(([theirs, own]) => `${spread(ratios(theirs, own))}x`);
    console.log(`| ${distance} ms | ${contender} | ${spread(cold)} | ${first} | ${spread(warm)} | ${
      again} |`);
  }
}
if (options.out) await writeFile(options.out, JSON.stringify(results, undefined, 1));
