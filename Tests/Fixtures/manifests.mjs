#!/usr/bin/env node
// Writes the mf-stats.json and mf-manifest.json that a plugin of Module Federation 2 would have written for
// the webpack build in a folder, from its stats.json: ./manifests.mjs BUILD OUT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [build, out] = process.argv.slice(2);
const stats = JSON.parse(readFileSync(join(build, "stats.json"), "utf8"));
const kind = (files, ending) => files.filter((file) => file.replace(/\?.*/, "").endsWith(ending));
const assets = (sync, later = []) => ({
  js: { sync: kind(sync, ".js"), async: kind(later, ".js") },
  css: { sync: kind(sync, ".css"), async: kind(later, ".css") },
});

const container = stats.modules.find((module) => module.identifier.startsWith("container entry"));
const name = container.reasons.find((reason) => reason.type === "container entry").loc;
const entry = stats.chunks.find((chunk) => container.chunks.includes(chunk.id) && chunk.initial);
const exposes = JSON.parse(container.identifier.slice(container.identifier.indexOf("[[")));

function filesOf(key) {
  const own = stats.chunks.filter((chunk) =>
    chunk.origins.some((origin) => origin.moduleIdentifier === container.identifier && origin.loc === key));
  return own.flatMap((chunk) => chunk.files);
}

const shared = new Map();
for (const module of stats.modules) {
  const consumed = module.identifier.split("|");
  if (consumed[0] === "consume-shared-module" && module.chunks.some((id) => runs(id))) {
    const [, , key, range, , , singleton] = consumed;
    shared.set(key, { name: key, version: "*", requiredVersion: `^${range === "undefined" ? "*" : range}`,
      singleton: singleton === "true", assets: assets([]), ...shared.get(key) });
    if (range !== "undefined") shared.get(key).requiredVersion = range;
  }
  const provided = /^provide module \((.+?)\) (.+)@(.+?) = /.exec(module.identifier);
  if (provided && module.chunks.some((id) => runs(id))) {
    shared.set(provided[2], { name: provided[2], requiredVersion: `^${provided[3]}`, singleton: false,
      assets: assets([]), ...shared.get(provided[2]), version: provided[3] === "false" ? "*" : provided[3] });
  }
}

function runs(id) {
  const runtime = stats.chunks.find((chunk) => chunk.id === id)?.runtime ?? [];
  return runtime.includes(entry.runtime[0]);
}

const manifest = (extra) => ({
  id: name,
  name,
  metaData: {
    name, type: "app", buildInfo: { buildVersion: "1.0.0", buildName: name },
    remoteEntry: { name: entry.files[0], path: "", type: "global" },
    types: { path: "", name: "", zip: "", api: "" },
    globalName: name, pluginVersion: "0.0.0", publicPath: stats.publicPath,
  },
  shared: [...shared.values()].map((item) => ({ id: `${name}:${item.name}`, ...item, ...extra.shared })),
  remotes: [],
  exposes: exposes.map(([path]) => ({
    id: `${name}:${path.slice(2)}`, name: path.slice(2), path,
    assets: assets(filesOf(path)), ...extra.expose,
  })),
});

const statistics = { shared: { eager: false, shareScope: "default", usedIn: [] }, expose: { requires: [], file: "" } };
writeFileSync(join(out, "mf-stats.json"), JSON.stringify(manifest(statistics), null, 2));
writeFileSync(join(out, "mf-manifest.json"), JSON.stringify(manifest({}), null, 2));
