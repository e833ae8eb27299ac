// Runs the bundle that the first argument names in this Node, and prints its outcome as JSON.
import { pathToFileURL } from 'node:url';

const { runJobs } = await import(pathToFileURL(process.argv[2]).href);
console.log(JSON.stringify({ version: process.versions.node, ...(await runJobs()) }));
