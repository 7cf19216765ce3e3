/// <reference lib="dom" />
/** A game in a page. It has one resource, whose name is in the page's address. */
import { MemorySource, ResourceManager } from "../../mod.ts";
import { postInspector } from "../../src/inspect.ts";

const name = `${location.hash.slice(1)}.txt`;
const mgr = new ResourceManager({ source: new MemorySource({ [name]: "@" }), idle: "keep" });
const hero = mgr.load(name);
Object.assign(globalThis, { hero, panel: postInspector(mgr, { control: true }) });
