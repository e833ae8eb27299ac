// A thread that draws SVG documents as PNG: native code, which runs beside the JavaScript that makes the documents.
import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { renderPng } from '../report/png.ts';
import type { PngReply } from './png-drawer.ts';

parentPort!.on('message', (svg: string) => {
  if (svg === '') return void setTimeout(() => parentPort!.close(), workerData);
  let reply: PngReply;
  try {
    reply = { png: renderPng(svg) };
  } catch (error) {
    reply = { error: packError(error) };
  }
  parentPort!.postMessage(reply);
});
